import { describe, expect, test } from "vitest";
import { recogniseRateLimit } from "./rate-limit.js";

/** A Sunday, noon in UTC, 13:00 in Berlin. */
const NOW = Date.UTC(2026, 10, 22, 12, 0, 0);
const inMs = (ms: number): string => new Date(NOW + ms).toISOString();
const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000];

/** The text, read in Berlin; an ISO time, or null = a limit without a time. */
const LIMITS: readonly (readonly [string, string | null])[] = [
  // HTTP and headers
  ["HTTP 429", null],
  ["HTTP/1.1 429 Too Many Requests", null],
  ["Request failed with status code 429", null],
  ["exceeded retry limit, last status: 429 Too Many Requests, request id: abc", null],
  ['{"error":{"code":429,"message":"Too many requests"}}', null],
  ["429 Too Many Requests\nRetry-After: 30", inMs(30 * SECOND)],
  ["status: 429, retry-after-ms: 1500", inMs(1500)],
  ["Retry-After: Sun, 22 Nov 2026 15:30:07 GMT", "2026-11-22T15:30:07.000Z"],
  ['{"type":"error","error":{"type":"rate_limit_error","message":"x"},"retry_after":12.5}', inMs(12_500)],
  ["429 rate limited; x-ratelimit-reset: 1795356000", "2026-11-22T14:00:00.000Z"],
  ["429 Too Many Requests; x-ratelimit-reset-tokens: 6m0s", inMs(6 * MINUTE)],
  ["Too many requests, anthropic-ratelimit-requests-reset: 2026-11-22T12:00:41Z", inMs(41 * SECOND)],
  ["quota exceeded, available again after 2026-11-22T16:00:00+02:00", "2026-11-22T14:00:00.000Z"],
  ["Usage limit reached. Resets at 2026-11-22 15:00", "2026-11-22T14:00:00.000Z"],
  // Claude Code
  ["Claude AI usage limit reached|1795356000", "2026-11-22T14:00:00.000Z"],
  ["Claude AI usage limit reached|1795356000000", "2026-11-22T14:00:00.000Z"],
  ["You've hit your limit · resets 3pm (Europe/Berlin)", "2026-11-22T14:00:00.000Z"],
  ["You've hit your session limit · resets 3:45pm (America/New_York)", "2026-11-22T20:45:00.000Z"],
  ["5-hour limit reached ∙ resets 3 pm", "2026-11-22T14:00:00.000Z"],
  ["Weekly limit reached ∙ resets Nov 25, 9am (UTC)", "2026-11-25T09:00:00.000Z"],
  ["Opus weekly limit reached ∙ resets Jan 2, 10pm", "2027-01-02T21:00:00.000Z"],
  ["usage limit reached, resets at 11am (Europe/Berlin)", "2026-11-23T10:00:00.000Z"],
  ["You're out of extra usage · resets 12am (Asia/Tokyo)", "2026-11-22T15:00:00.000Z"],
  ['API Error: 529 {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}', null],
  ["API Error: Overloaded", null],
  [
    'API Error: 429 {"type":"error","error":{"type":"rate_limit_error","message":"Number of requests has exceeded"}}',
    null,
  ],
  // Codex
  [
    "You've hit your usage limit. Upgrade to Pro (https://example.org) or try again at 3:05 PM.",
    "2026-11-22T14:05:00.000Z",
  ],
  ["You've hit your usage limit. Try again in 3 days 4 hours 12 minutes.", inMs(3 * DAY + 4 * HOUR + 12 * MINUTE)],
  ["You've hit your usage limit. Visit settings or try again at Nov 25th, 2026 3:05 PM.", "2026-11-25T14:05:00.000Z"],
  [
    "Rate limit reached for gpt-5 on tokens per min (TPM): Limit 30000, Used 29000. Please try again in 6.5s.",
    inMs(6500),
  ],
  ["Rate limit reached for gpt-5. Please try again in 350ms.", inMs(350)],
  ["limit reached, resets at 15:00 UTC", "2026-11-22T15:00:00.000Z"],
  ["Request rejected (429)", null],
  [
    '{"error":{"type":"usage_limit_reached","message":"The usage limit has been reached","resets_in_seconds":120}}',
    inMs(2 * MINUTE),
  ],
  ["Selected model is at capacity. Please try a different model.", null],
  ["You exceeded your current quota, please check your plan. (insufficient_quota)", null],
  // Copilot
  [
    "Sorry, you've hit a rate limit that restricts the number of requests. Please try again in 2 hours.",
    inMs(2 * HOUR),
  ],
  ["Sorry, you have been rate-limited. Please wait a moment before trying again.", null],
  ["You have exceeded your premium request allowance. It resets on December 1.", "2026-11-30T23:00:00.000Z"],
  ["402 You have no quota", null],
  // Gemini
  ["You exceeded your current quota, please check your plan.\nPlease retry in 34.074824224s.", inMs(34_075)],
  [
    '{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"@type":"x/RetryInfo","retryDelay":"34s"}]}',
    inMs(34 * SECOND),
  ],
  [
    "TerminalQuotaError: You have exhausted your capacity on this model. Your quota will reset after 14h22m10s.",
    inMs(51_730 * SECOND),
  ],
  ["The model is overloaded. Please try again later.", null],
  // OpenCode and others
  ["AI_APICallError: Rate limit exceeded. Please wait 5 minutes", inMs(5 * MINUTE)],
  ["Too Many Requests: quota exceeded, try again in 1h30m", inMs(90 * MINUTE)],
  ["rate limit exceeded, try again in an hour", inMs(HOUR)],
  ["Daily limit exceeded, available again on Monday at 9:00 UTC", "2026-11-23T09:00:00.000Z"],
  ["Daily limit reached, resets Sunday 9am UTC", "2026-11-29T09:00:00.000Z"],
  ["Monthly limit reached, resets 1 Dec 2026", "2026-11-30T23:00:00.000Z"],
  ["rate limited until 15:00 UTC+2", "2026-11-22T13:00:00.000Z"],
  ["rate limited until 15:00 PST", "2026-11-22T23:00:00.000Z"],
  ["Rate limited, please try again as soon as possible", null],
  ["rate limited until 15:00:30 UTC-2", "2026-11-22T17:00:30.000Z"],
  ["Daily limit exceeded, available again after 2026-11-22t16:00:00z", "2026-11-22T16:00:00.000Z"],
  ["Weekly limit reached, resets Nov 25 at 15:30 (UTC)", "2026-11-25T15:30:00.000Z"],
  ["Weekly limit reached, resets 25 Nov", "2026-11-24T23:00:00.000Z"],
  ["You've hit your limit, resets 3pm. Or upgrade your plan", "2026-11-22T14:00:00.000Z"],
  ["You've hit your limit, resets 3pm I think", "2026-11-22T14:00:00.000Z"],
  ["You've hit your limit, available again after 2026-02-30 or so", null],
  ["Session limit reached, try again in 2 hours", inMs(2 * HOUR)],
  ["API limit exceeded: 50 messages per hour", null],
  ["You have reached the Opus limit. It resets at 15:00 UTC", "2026-11-22T15:00:00.000Z"],
  // a time that nobody can read is none
  ["usage limit reached, resets at 0am", null],
  ["usage limit reached, resets at 15:75", null],
  ["usage limit reached, resets at 3pm (Mars/Olympus)", null],
  ["usage limit reached, resets at 25:00", null],
  ["usage limit reached, resets at 13pm", null],
  ["429 Too Many Requests\nRetry-After: 99999999999", null],
];

const OTHERS: readonly string[] = [
  "",
  "Error: Cannot find module 'x'",
  "the request took 429 ms",
  "src/limits.ts:429: unexpected token",
  "error TS2769: No overload matches this call; the overloaded function has 3 signatures",
  "prompt is too long: 210000 tokens > 200000 maximum",
  "maximum context length exceeded",
  "Reached maximum number of turns (20)",
  "file size limit exceeded",
  "Session token limit exceeded: 130000 tokens > 128000 limit. Please start a new session or increase the sessionTokenLimit",
  "message exceeds the API limit of 10 MB",
  "the prompt exceeds the model's token limit",
  "Message limit exceeded",
  "Maximum call stack size exceeded",
  "The model could not answer, try again as an hour has passed",
  "memory limit reached, resets at 3pm",
  "I added rate limiting to the API: it answers with a header and resets at 3pm.",
  "I implemented a middleware that says when the rate limit is exceeded.",
  "If the rate limit is exceeded, the client has to wait 5 minutes.",
  "The README documents what happens when the usage limit is reached.",
  "Tests cover `HTTP 429` and the other codes.",
  "Login required. Try again in 5 minutes",
];

describe("a limit", () => {
  test.each(LIMITS)("%s", (text, expected) => {
    const limit = recogniseRateLimit(text, NOW, "Europe/Berlin");
    expect(limit === null ? "none" : limit.notBefore).toBe(expected === null ? null : Date.parse(expected));
  });
});

test.each(OTHERS)("is not seen in: %s", (text) => {
  expect(recogniseRateLimit(text, NOW, "Europe/Berlin")).toBeNull();
});

test("a time of day of this very minute is now, not tomorrow", () => {
  const text = "usage limit reached, resets at 12:00 UTC";
  expect(recogniseRateLimit(text, NOW + 30 * SECOND)).toEqual({ notBefore: NOW });
  expect(recogniseRateLimit(text, NOW + 61 * SECOND)).toEqual({ notBefore: NOW + DAY });
});

test("a day on which the clocks change has the hours that it has", () => {
  const evening = Date.UTC(2026, 9, 24, 20, 0); // Berlin goes back an hour in this night
  expect(recogniseRateLimit("usage limit reached, resets 9am (Europe/Berlin)", evening)).toEqual({
    notBefore: Date.UTC(2026, 9, 25, 8, 0),
  });
});

test("a text without a zone is read in the zone of this machine", () => {
  const wanted = new Date(NOW);
  wanted.setHours(23, 59, 0, 0);
  expect(recogniseRateLimit("usage limit reached, resets 11:59pm", NOW)).toEqual({ notBefore: wanted.getTime() });
});

test("a date without an offset in an unknown zone is no time", () => {
  const text = "usage limit reached, resets at 2026-11-22 15:00";
  expect(recogniseRateLimit(text, NOW, "Mars/Olympus")).toEqual({ notBefore: null });
});

test("only the end of a long text counts, and hostile ones cost nothing", () => {
  expect(recogniseRateLimit(`HTTP 429 ${"x".repeat(20_000)}`, NOW)).toBeNull();
  for (const part of [
    "try again in ",
    "1 m, and ",
    "hit your ",
    "resets at ",
    "retry-after: ",
    "429 {",
    "rate limit ",
  ]) {
    recogniseRateLimit(part.repeat(5000), NOW);
  }
});
