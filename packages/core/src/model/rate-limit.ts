import { DURATION, durationMs, isoMoment, namedMoment } from "./rate-limit-time.js";

/** A rate or usage limit, as an agent or a service reports it. */
export interface RateLimit {
  /** Wall time in ms from which another attempt makes sense; null = the text names none. */
  readonly notBefore: number | null;
}

/** Of a text, its end counts: that is where errors stand. */
const READ_CHARACTERS = 16_384;
/** What lies further ahead is misread or of no use. */
const FAR_MS: number = 366 * 86_400_000;

const PERIOD = "(?:\\d{1,2}[- ]?hours?|hourly|daily|weekly|monthly)";
/** Of these, a limit is one of use. */
const USE = `(?:${PERIOD}|usage|rate|requests?|quota|tokens?[ -]per[ -](?:minute|min|day)|spend(?:ing)?|premium requests?)`;
/** Of these, it may as well be one of size, which no waiting mends. */
const MAYBE = "(?:messages?|session|tokens?|api|opus|sonnet|fable)";
const OVER = "(?:reached|exceeded|hit|exhausted|used up|depleted)";
const AGAIN = "(?:resets?\\b|try again in\\b|available again\\b|per (?:minute|hour|day)\\b)";

/** What names a limit beyond doubt; context and turn limits, sizes and timeouts are none. */
const MARKS: readonly RegExp[] = [
  /\b(?:http|status|code|error|statuscode|status_code|failed)\b["']?[^\n\w]{0,12}(?:code |status |\w{2,8}\/[\d.]{1,4} )?["']?(?:429|529)\b/i,
  /\b(?:429|529)\b[\s:()"'{,-]{1,6}(?:too many|rate|overloaded|resource|quota|you |\{?"?type"?:|status)/i,
  /\b(?:toomanyrequests|too[ _-]many[ _-]requests)\b/i,
  /\brate_limit(?:_error|_exceeded|ed)\b|\bratelimit(?:error|exceeded)/i,
  new RegExp(`\\b${USE}[ _-]{1,2}limits?\\b[^\\n.]{0,40}?\\b${OVER}\\b`, "i"),
  new RegExp(`\\b(?:${OVER}|reaching|exceeding|exceeds?|over)\\b[^\\n.]{0,40}?\\b${USE}[ _-]{1,2}limits?\\b`, "i"),
  new RegExp(`\\b${MAYBE}[ _-]{1,2}limits?\\b[^\\n.]{0,40}?\\b${OVER}\\b[^\\n]{0,80}?\\b${AGAIN}`, "i"),
  new RegExp(`\\b${OVER}\\b[^\\n.]{0,40}?\\b${MAYBE}[ _-]{1,2}limits?\\b[^\\n]{0,80}?\\b${AGAIN}`, "i"),
  /\b(?:rate|usage)[ -]limit(?:ed\b|s? error\b|:)/i,
  /\brate[ -]?limited\b|\bbeing throttled\b|\bthrottling(?:error|exception)/i,
  /\b(?:hit|reached|exceeded) your (?:[\w-]{1,20} ){0,3}limits?\b/i,
  /\blimit reached\s{0,2}(?:[|·∙•-]|\(?resets)/i,
  /^\s{0,4}limit reached[,:;.]\s{0,2}resets/im,
  /\b(?:rejected|refused)\s{1,2}\((?:429|529)\)/i,
  /\bquota\b[^\n.]{0,30}?\b(?:exceeded|exhausted|used up|will reset|resets)\b|\bexceeded (?:your|the) [^\n.]{0,30}?\bquota\b/i,
  /\bexceeded your [^\n.]{0,30}?\ballowance\b|\byou have no quota\b|\binsufficient_quota\b|\bout of (?:extra )?usage\b/i,
  /\bexhausted your (?:[\w-]{1,20} ){0,3}(?:capacity|quota)\b/i,
  /\bRESOURCE_EXHAUSTED\b/,
  /\boverloaded_error\b|\b(?:is|are|currently|temporarily|servers?|model)\s(?:currently |temporarily )?overloaded\b/i,
  /(?:^|[:"'(]\s{0,2})overloaded(?:["').,!]|$)/im,
  /\b(?:model|server|service)s? (?:is|are) (?:currently )?at capacity\b/i,
  /\bretry[-_]?(?:after(?:[-_]?(?:ms|seconds))?|delay)["']{0,2}\s{0,2}[:=]\s{0,2}["']?\d/i,
  /\bretry-after["']{0,2}\s{0,2}[:=]\s{0,2}["']?(?:mon|tue|wed|thu|fri|sat|sun),/i,
];

/** Before a mark in its sentence: then the sentence is about limits in general, not about this one. */
const ABOUT =
  /\b(?:if|whether|unless|should|would|could|add(?:s|ed|ing)?|implement\w*|wrote|writes?|writing|handl(?:es?|ed|ing)|test(?:s|ed|ing)?|document(?:s|ed)|describ\w+|simulat\w+|mock\w*|feature|middleware|README)\b/i;

/**
 * Tells whether an error text of an agent or a service means a rate limit, a usage limit or an overload, and until
 * when it lasts; null = it means none of them. Meant for error texts, not for an agent's answer: ordinary sentences
 * about limits are passed over, but a quoted error is not told from an error.
 *
 * `now` is wall time in ms. Times of day are read in the zone that the text names, else in `zone` (an IANA name; that
 * of this machine unless given); one that has passed is tomorrow's.
 */
export function recogniseRateLimit(text: string, now: number, zone?: string): RateLimit | null {
  const end = text.slice(-READ_CHARACTERS);
  if (!MARKS.some((mark) => isMeant(end, mark.exec(end)))) return null;
  const notBefore = findTime(end, now, zone);
  return { notBefore: notBefore === null || notBefore - now > FAR_MS ? null : Math.ceil(notBefore) };
}

function isMeant(text: string, found: RegExpExecArray | null): boolean {
  if (found === null) return false;
  const sentences = text.slice(0, found.index).split(/[\n.!?]/);
  const sentence = String(sentences.at(-1));
  return !ABOUT.test(sentence) && (sentence.split("`").length - 1) % 2 === 0;
}

function findTime(text: string, now: number, zone: string | undefined): number | null {
  return (
    headerTime(text, now) ?? epochTime(text) ?? isoTime(text, zone) ?? waitTime(text, now) ?? clockTime(text, now, zone)
  );
}

/** `Retry-After: 30`, `retry-after-ms: 1500`, `"retryDelay": "34.07s"`, `Retry-After: Wed, 25 Nov 2026 15:00:00 GMT`. */
function headerTime(text: string, now: number): number | null {
  const header =
    /\b(?:retry[-_]?after|retry[-_]?delay|resets?[-_]in|ratelimit-reset-after)([-_]?ms|[-_]?seconds)?["']{0,2}\s{0,2}[:=]\s{0,2}["']?(\d{1,12}(?:\.\d{1,12})?)\s?(ms\b|s\b)?(?![\d-]*[a-z:])/i.exec(
      text,
    );
  if (header !== null) {
    const [, name = "", count = "", unit] = header;
    return now + Number(count) * (/ms/i.test(name) || unit?.toLowerCase() === "ms" ? 1 : 1000);
  }
  const date = /\bretry-after["']{0,2}\s{0,2}[:=]\s{0,2}["']?(?:mon|tue|wed|thu|fri|sat|sun),\s/i.exec(text);
  return date === null ? null : namedMoment(text.slice(date.index + date[0].length), now, "UTC");
}

/** `limit reached|1763827200`, `"resets_at": 1763827200`, `x-ratelimit-reset: 1763827200`. */
function epochTime(text: string): number | null {
  const [, digits] =
    /(?:limit reached\s?\||\breset(?:s?[-_ ]?at|s|[-_ ]?time(?:stamp)?)?["']{0,2}\s{0,2}[:=]?\s{0,2}["']?)(1\d{9}(?:\d{3})?)(?!\d)/i.exec(
      text,
    ) ?? [];
  if (digits === undefined) return null;
  return digits.length > 10 ? Number(digits) : Number(digits) * 1000;
}

function isoTime(text: string, zone: string | undefined): number | null {
  for (const found of text.matchAll(
    /\b(?:resets?|again|until|available|retry|after)\b[^\n]{0,40}?(?=\b\d{4}-\d\d-\d\d)/gi,
  )) {
    const at = isoMoment(text.slice(found.index + found[0].length), zone);
    if (at !== null) return at;
  }
  return null;
}

const WAIT = new RegExp(
  `\\b(?:try(?:ing)? again|retry(?:ing)?|retry[- ]after|resets?|wait(?:ing)?|available(?: again)?)\\b(?:\\s(?:your request|the request|it|at least))?\\s{0,2}(?:in|after|for|another)?\\s{0,2}:?\\s{0,2}(?:about |approximately |~)?(${DURATION})`,
  "i",
);
const RESET_HEADER = new RegExp(`\\bratelimit-reset[-\\w]{0,20}["']{0,2}\\s{0,2}[:=]\\s{0,2}["']?(${DURATION})`, "i");

/** "try again in 1h30m", "Please retry in 34.07s", "resets in 3 days 4 hours", "wait 5 minutes". */
function waitTime(text: string, now: number): number | null {
  const [, duration] = WAIT.exec(text) ?? RESET_HEADER.exec(text) ?? [];
  return duration === undefined ? null : now + durationMs(duration);
}

/** "resets at 3pm (Europe/Berlin)", "try again at Nov 25th, 2026 3:05 PM", "available again on Monday at 9:00 UTC". */
function clockTime(text: string, now: number, zone: string | undefined): number | null {
  const leads = /\b(?:resets?|again|until|available|retry)(?:\s(?:again|at|on|after|by)|:){0,2}\s{1,2}/gi;
  for (const lead of text.matchAll(leads)) {
    const at = namedMoment(text.slice(lead.index + lead[0].length), now, zone);
    if (at !== null) return at;
  }
  return null;
}
