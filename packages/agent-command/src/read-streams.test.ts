import { describe, expect, test } from "vitest";
import {
  CLAUDE,
  CLAUDE_NOT_LOGGED_IN,
  CLAUDE_RESULT,
  CODEX,
  COPILOT,
  GEMINI,
  OPENCODE,
  QWEN,
  QWEN_FAILED,
  QWEN_FAILED_WELL,
  toLines,
} from "../test/streams.js";
import { createJsonLines } from "./json-lines.js";
import { PRESETS } from "./presets.js";
import { NOTHING_READ, type StreamState } from "./stream-state.js";

type Streaming = "claude" | "codex" | "copilot" | "gemini" | "opencode" | "qwen";
const STREAMS = {
  claude: CLAUDE,
  codex: CODEX,
  copilot: COPILOT,
  gemini: GEMINI,
  opencode: OPENCODE,
  qwen: QWEN,
} as const;
const NAMES = Object.keys(STREAMS) as readonly Streaming[];

/** Every state on the way, the last one last; the text may come in pieces of any size. */
function readAll(name: Streaming, text: string, bytes: number = text.length): readonly StreamState[] {
  const states = [NOTHING_READ];
  const lines = createJsonLines((object) => {
    const before = states.at(-1) ?? NOTHING_READ;
    states.push(PRESETS[name].dialect?.read(before, object) ?? before);
  });
  const all = Buffer.from(text);
  for (let at = 0; at < all.length; at += bytes) lines.write(all.subarray(at, at + bytes));
  lines.end();
  return states;
}

function readTo(name: Streaming, events: readonly object[]): StreamState {
  return readAll(name, toLines(events)).at(-1) ?? NOTHING_READ;
}

const usage = (inputTokens: number | null, outputTokens: number | null, costUsd: number | null) => ({
  inputTokens,
  outputTokens,
  costUsd,
});

describe("a whole stream", () => {
  test.each<[Streaming, Partial<StreamState>]>([
    [
      "claude",
      {
        text: "It says hi.",
        session: "99b345f1-0a2b-41dd-99f7-2bb7b7910837",
        usage: usage(150, 7, 0.25),
        total: usage(null, null, 0.75),
      },
    ],
    ["codex", { text: "Two files.", session: "01a204f8-642b-7d12-8ffe-eae54068d54a", total: usage(200, 14, null) }],
    ["copilot", { text: "Done.", session: "0cb916db-26aa-40f2-86b5-1ba81b225fd2", usage: usage(null, 8, null) }],
    ["gemini", { text: "Two files.", session: "5f1c8a5e-7c1b-4b1e-9a53-111111111111", usage: usage(120, 10, null) }],
    ["opencode", { text: "First.\nSecond.", session: "ses_494719016ffe85dkDMj0FPRbHK", usage: usage(205, 20, 0.75) }],
    ["qwen", { text: "Two files.", session: "e9690019-ac2d-4113-b407-4d88f8edc7b1", total: usage(200, 14, null) }],
  ])("of %s gives text, session and usage", (name, expected) => {
    expect(readTo(name, STREAMS[name])).toEqual({
      ...NOTHING_READ,
      ...expected,
      isDone: true,
      calls: expect.any(Array),
      isMessageOver: name !== "gemini" && name !== "opencode",
    });
  });

  test.each(NAMES)(
    "of %s survives being cut anywhere, noise between its lines, and a last line without newline",
    (name) => {
      const clean = readTo(name, STREAMS[name]);
      const noise =
        'Warning: old Node\n{"type": "resu\n[1, 2]\n"text"\nnull\n{"no": "type"}\n{"type":"assistant"}\n{"type":"item.completed"}\n';
      const text = `\uFEFF${noise}${toLines(STREAMS[name]).replaceAll("\n", "\r\n").trimEnd()}`;
      for (const bytes of [1, 7, text.length]) expect(readAll(name, text, bytes).at(-1)).toEqual(clean);
    },
  );

  test.each(NAMES)("of %s is not done at any place before its end", (name) => {
    const events = STREAMS[name];
    for (let count = 0; count < events.length; count += 1)
      expect(readTo(name, events.slice(0, count)).isDone).toBe(false);
  });

  test.each(NAMES.filter((name) => name !== "opencode"))("of %s tells while its tool runs", (name) => {
    const running = readAll(name, toLines(STREAMS[name])).map(({ tools }) => tools.length);
    expect(new Set(running)).toEqual(new Set([0, 1]));
    expect(running.at(-1)).toBe(0);
  });
});

describe("lines", () => {
  test("over a megabyte, with characters split over chunks, stay whole", () => {
    const long = "€😀".repeat(400_000);
    const stream = toLines([...CLAUDE.slice(0, -1), { ...CLAUDE_RESULT, result: long }]);
    expect(readAll("claude", stream, 65_537).at(-1)?.text).toBe(long);
  });

  test("beyond the limit are passed over, and the next ones are read", () => {
    const found: object[] = [];
    const lines = createJsonLines((object) => found.push(object), 20);
    lines.write(Buffer.from(`{"a":"${"x".repeat(30)}`));
    lines.write(Buffer.from(`xxx"}\n{"b":1}\n{"c":2}`));
    lines.end();
    expect(found).toEqual([{ b: 1 }, { c: 2 }]);
  });
});

describe("claude", () => {
  test("fails by is_error, whatever its subtype says", () => {
    expect(readTo("claude", [CLAUDE_NOT_LOGGED_IN])).toMatchObject({
      isDone: true,
      text: null,
      error: "Not logged in · Please run /login",
    });
    expect(readTo("claude", [{ type: "result", subtype: "error_max_turns", is_error: true }]).error).toBe(
      "error_max_turns without a reason",
    );
    expect(readTo("claude", [{ type: "result", is_error: true }]).error).toBe("error without a reason");
    const errors = ["No conversation found with session ID: x", 1];
    expect(readTo("claude", [{ type: "result", is_error: true, errors }]).error).toBe(errors[0]);
  });

  test("with two results means the last, and the usage of both", () => {
    const second = { ...CLAUDE_RESULT, result: "Later." };
    expect(readTo("claude", [...CLAUDE, second])).toMatchObject({ text: "Later.", usage: usage(300, 14, 0.5) });
    expect(readTo("claude", [...CLAUDE, CLAUDE_NOT_LOGGED_IN])).toMatchObject({
      text: null,
      usage: usage(150, 7, 0.25),
    });
  });

  test("of an older version tells the tokens of the turn and the cost of the session", () => {
    const { model_usage_since_last_result: _, ...older } = CLAUDE_RESULT;
    expect(readTo("claude", [older])).toMatchObject({ usage: usage(150, 7, null), total: usage(null, null, 0.75) });
    expect(readTo("claude", [{ type: "result", result: "x" }])).toMatchObject({ usage: null, total: null });
  });

  test("tells the result by schema, and when a limit resets", () => {
    const structured = { verdict: "approved", reasons: [] };
    expect(readTo("claude", [{ ...CLAUDE_RESULT, structured_output: structured }]).structured).toEqual(structured);
    const limit = (status: string) => ({
      type: "rate_limit_event",
      rate_limit_info: { status, resetsAt: 1_795_356_000 },
    });
    expect(readTo("claude", [limit("rejected"), limit("allowed")]).resetsAt).toBe(1_795_356_000_000);
    expect(readTo("claude", [limit("allowed_warning")]).resetsAt).toBeNull();
    const paidFor = { status: "rejected", resetsAt: 1_795_356_000, isUsingOverage: true };
    expect(readTo("claude", [{ type: "rate_limit_event", rate_limit_info: paidFor }]).resetsAt).toBeNull();
  });
});

describe("a failure of", () => {
  test.each<[Streaming, readonly object[], string]>([
    [
      "codex",
      [
        { type: "error", message: "a" },
        { type: "turn.failed", error: { message: "b" } },
      ],
      "b",
    ],
    ["codex", [{ type: "error", message: "a" }, { type: "turn.failed" }], "a"],
    ["codex", [{ type: "turn.failed" }], "the turn failed"],
    [
      "copilot",
      [
        { type: "session.error", data: { message: "a" } },
        { type: "result", exitCode: 1 },
      ],
      "a",
    ],
    ["copilot", [{ type: "session.error" }, { type: "result", exitCode: 1 }], "the session failed"],
    ["copilot", [{ type: "result", exitCode: 2 }], "the session ended with exit code 2"],
    ["gemini", [{ type: "result", status: "error", error: { type: "ApiError", message: "a" } }], "ApiError: a"],
    ["gemini", [{ type: "result", status: "error" }], "the turn failed"],
    [
      "opencode",
      [{ type: "error", error: { name: "APIError", data: { message: "a", statusCode: 429 } } }],
      "APIError: status 429: a",
    ],
    ["opencode", [{ type: "error", error: { name: "X", message: "a" } }], "X: a"],
    ["opencode", [{ type: "error", message: "a" }], "a"],
    ["opencode", [{ type: "error" }], "error"],
    ["qwen", [QWEN_FAILED], "[API Error: 401 Incorrect API key provided]"],
    ["qwen", [QWEN_FAILED_WELL], "[API Error: 401 Incorrect API key provided]"],
    ["qwen", [{ type: "result", subtype: "error_max_turns", is_error: true }], "error_max_turns without a reason"],
  ])("%s is told with its reason (%#)", (name, events, error) => {
    expect(readTo(name, events)).toMatchObject({ isDone: true, error });
  });

  test("codex and opencode that they overcame is none", () => {
    const overcome = [{ type: "error", sessionID: "ses_1", message: "a" }];
    expect(readTo("codex", [...overcome, ...CODEX]).error).toBeNull();
    expect(readTo("opencode", [...overcome, ...OPENCODE]).error).toBeNull();
  });

  test("nothing is made of usage that is none", () => {
    expect(readTo("codex", [{ type: "turn.completed" }]).total).toBeNull();
    expect(readTo("opencode", [{ type: "step_finish", part: { reason: "stop", cost: -1 } }]).usage).toBeNull();
    expect(readTo("gemini", [{ type: "result", status: "success", stats: { input_tokens: "x" } }]).usage).toBeNull();
  });
});
