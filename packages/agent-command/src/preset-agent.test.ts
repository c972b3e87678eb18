import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createTurn } from "../test/agent-turn.js";
import { fakeProgram } from "../test/fake-program.js";
import { CLAUDE, CLAUDE_NOT_LOGGED_IN, CLAUDE_RESULT, CODEX, GEMINI, OPENCODE, QWEN } from "../test/streams.js";

const CODEX_ID = "01a204f8-642b-7d12-8ffe-eae54068d54a";
const replayUnlessResumed = (message: string): string =>
  `case "$*" in *resume*|*session*) echo '${message}' >&2; exit 1;; esac; cat "$HERE/stream.jsonl"`;

describe("a turn", () => {
  test("gives the answer, the session and the usage, tells of tools, and logs the stream as it is", async () => {
    const turn = await createTurn();
    const fake = await fakeProgram(turn, "claude", CLAUDE);
    expect(await turn.run({ preset: "claude", env: fake.env })).toEqual({
      output: "It says hi.",
      session: "99b345f1-0a2b-41dd-99f7-2bb7b7910837?usd=0.75",
      usage: { inputTokens: 150, outputTokens: 7, costUsd: 0.25 },
    });
    expect(turn.activities.filter((kind) => kind !== "output")).toEqual(["tool-start", "tool-end"]);
    expect(turn.logged()).toContain('"type":"tool_result"');
    expect(turn.known.at(-1)).toMatchObject({ usage: { inputTokens: 150 } });
  });

  test("in a thread that counts on tells what this turn has used", async () => {
    const turn = await createTurn();
    const fake = await fakeProgram(turn, "codex", CODEX);
    const session = `${CODEX_ID}?in=200&out=14`;
    const agent = { preset: "codex", env: fake.env };
    expect(await turn.run(agent)).toMatchObject({ session, usage: { inputTokens: 200, outputTokens: 14 } });
    expect(await turn.run(agent, { session: `${CODEX_ID}?in=150&out=4` })).toEqual({
      output: "Two files.",
      session,
      usage: { inputTokens: 50, outputTokens: 10, costUsd: null },
    });
    expect(turn.known.map((known) => known.session)).toContain(`${CODEX_ID}?in=150&out=4`);
    expect(await turn.run(agent, { session: CODEX_ID })).toMatchObject({ session, usage: null });
  });

  test.each<[string, readonly object[], string]>([
    ["claude", CLAUDE, "No conversation found with session ID: gone"],
    ["codex", CODEX, "Error: thread/resume: thread/resume failed: no rollout found for thread id gone (code -32600)"],
    ["gemini", GEMINI, "Error resuming session: No previous sessions found for this project."],
    ["opencode", OPENCODE, "\u001b[91m\u001b[1mError: \u001b[0mSession not found"],
    [
      "qwen",
      QWEN,
      "No saved session found with ID gone. Run `qwen --resume` without an ID to choose from existing sessions.",
    ],
  ])("of %s begins a new session, with a notice, where the old one is gone", async (preset, events, message) => {
    const turn = await createTurn();
    const fake = await fakeProgram(turn, preset, events, replayUnlessResumed(message));
    const result = await turn.run({ preset, env: fake.env }, { session: "gone?in=1&out=1", timeoutMs: 60_000 });
    expect(result.session).not.toContain("gone");
    expect(turn.logged()).toContain(`[troupe] agent "writer": ${preset} does not know the session gone?in=1&out=1`);
    expect(await fake.calls()).toBe(2);
  });

  test("never gives a program a session that looks like an option", async () => {
    const turn = await createTurn();
    const fake = await fakeProgram(turn, "opencode", OPENCODE);
    await turn.run({ preset: "opencode", env: fake.env }, { session: "--help" });
    expect(await fake.argv()).not.toContain("--help");
    expect(await fake.calls()).toBe(1);
  });

  test("that answers by schema has its object as the text, and its verdict", async () => {
    const schema = { resultSchema: { type: "object" }, kind: "review" } as const;
    const object = { verdict: "rejected", reasons: ["no test", "x".repeat(2000)] };
    const turn = await createTurn();
    const claude = await fakeProgram(turn, "claude", [{ ...CLAUDE_RESULT, structured_output: object }]);
    const expected = {
      output: JSON.stringify(object),
      verdict: { decision: "rejected", reasons: ["no test", "x".repeat(1000)], source: "schema" },
    };
    expect(await turn.run({ preset: "claude", env: claude.env }, schema)).toMatchObject(expected);
    const message = { type: "item.completed", item: { type: "agent_message", text: JSON.stringify(object, null, 2) } };
    const codex = await fakeProgram(turn, "codex", [message, { type: "turn.completed" }]);
    expect(await turn.run({ preset: "codex", env: codex.env }, schema)).toMatchObject(expected);
    expect(await turn.run({ preset: "codex", env: codex.env })).not.toHaveProperty("verdict");
  });

  test.each([
    ['{"verdict":"maybe","reasons":[]}', 'its "verdict" is neither "approved" nor "rejected"'],
    ['{"verdict":"approved","reasons":[1]}', 'its "reasons" are no list of texts'],
    ["APPROVED: no object", "it is no JSON object"],
  ])("has no verdict by schema in %s, and says why", async (text, verdictProblem) => {
    const turn = await createTurn();
    const events = [{ type: "item.completed", item: { type: "agent_message", text } }, { type: "turn.completed" }];
    const fake = await fakeProgram(turn, "codex", events);
    const run = (kind: "review" | "work") => turn.run({ preset: "codex", env: fake.env }, { resultSchema: {}, kind });
    expect(await run("review")).toEqual({ output: text, session: null, usage: null, verdictProblem });
    expect(await run("work")).toEqual({ output: text, session: null, usage: null });
  });

  test("is not idle while a tool runs, and is afterwards", async () => {
    const turn = await createTurn();
    const script = 'head -n 2 "$HERE/stream.jsonl"; sleep 1.2; tail -n +3 "$HERE/stream.jsonl"';
    const fake = await fakeProgram(turn, "claude", CLAUDE, script);
    const agent = { preset: "claude", env: fake.env };
    expect(await turn.run(agent, { idleTimeoutMs: 500 })).toMatchObject({ output: "It says hi." });
    const silent = await fakeProgram(turn, "claude", CLAUDE, 'head -n 3 "$HERE/stream.jsonl"; exec sleep 1000');
    expect(await turn.fail({ ...agent, env: silent.env }, { idleTimeoutMs: 300 })).toMatchObject({
      code: "TURN_TIMEOUT",
      details: { timeout: "idle_timeout" },
    });
  });
});

describe("no result", () => {
  test("is a stream that breaks off, though the program says that all is well", async () => {
    const turn = await createTurn();
    const fake = await fakeProgram(turn, "claude", CLAUDE.slice(0, -1));
    expect(await turn.fail({ preset: "claude", env: fake.env })).toMatchObject({
      code: "AGENT_NO_OUTPUT",
      message: 'agent "writer" ended without a result in its stream',
    });
    const empty = await fakeProgram(turn, "claude", [{ ...CLAUDE_RESULT, result: "" }]);
    expect(await turn.fail({ preset: "claude", env: empty.env })).toMatchObject({ code: "AGENT_NO_OUTPUT" });
  });

  test("is a whole stream of a program that was killed, or failed", async () => {
    const turn = await createTurn();
    const killed = await fakeProgram(turn, "claude", CLAUDE, 'cat "$HERE/stream.jsonl"; kill -9 $$');
    expect(await turn.fail({ preset: "claude", env: killed.env })).toMatchObject({
      code: "AGENT_FAILED",
      message: 'agent "writer" was ended by SIGKILL',
    });
    const failed = await fakeProgram(turn, "claude", CLAUDE, 'cat "$HERE/stream.jsonl"; exit 3');
    expect(await turn.fail({ preset: "claude", env: failed.env })).toMatchObject({ code: "AGENT_FAILED" });
  });

  test("is left of a turn that is aborted in the middle, but for its session", async () => {
    const turn = await createTurn();
    const fake = await fakeProgram(turn, "codex", CODEX, 'head -n 4 "$HERE/stream.jsonl"; exec sleep 1000');
    const failing = turn.fail({ preset: "codex", env: fake.env });
    await turn.said("item.started");
    turn.stop.abort("stopped");
    turn.kill.abort();
    expect(await failing).toMatchObject({
      code: "AGENT_FAILED",
      message: 'agent "writer" was stopped before it ended',
    });
    expect(turn.known).toEqual([{ session: `${CODEX_ID}?in=0&out=0` }]);
    expect(turn.pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
  });
});

const fails = (events: readonly object[], script = "", code = 1) => ({ events, script: `${script}\nexit ${code}` });

describe("a failure", () => {
  test.each<[string, string, ReturnType<typeof fails>, string]>([
    ["claude", "its result", fails([CLAUDE_NOT_LOGGED_IN]), "Not logged in · Please run /login"],
    ["claude", "its result, exit 0", fails([CLAUDE_NOT_LOGGED_IN], "", 0), "Not logged in · Please run /login"],
    [
      "codex",
      "its stream",
      fails([{ type: "turn.failed", error: { message: "unexpected status 401 Unauthorized: no key" } }]),
      "unexpected status 401 Unauthorized: no key",
    ],
    [
      "copilot",
      "standard error",
      fails([], 'printf "Error: No authentication information found.\\n\\nTo authenticate, do this\\n" >&2'),
      "Error: No authentication information found.",
    ],
    [
      "gemini",
      "exit code 41",
      fails([], 'echo "Please choose one" >&2', 41),
      "ended with exit code 41: Please choose one",
    ],
    [
      "gemini",
      "exit code 145 and JSON over many lines",
      fails(
        [],
        'printf "YOLO\\n{\\n \\"error\\": {\\n  \\"type\\": \\"Error\\", \\"message\\": \\"nope\\"\\n }\\n}\\n" >&2',
        145,
      ),
      "Error: nope",
    ],
  ])("of %s to log in is told by %s", async (preset, _how, { events, script }, text) => {
    const turn = await createTurn();
    const fake = await fakeProgram(turn, preset, events, `cat "$HERE/stream.jsonl"\n${script}`);
    expect(await turn.fail({ preset, env: fake.env })).toMatchObject({
      code: "AGENT_NOT_LOGGED_IN",
      message: `agent "writer" is not logged in: ${text}`,
      hint: expect.stringContaining(preset),
      details: { retry: "never" },
    });
  });

  test.each<[string, ReturnType<typeof fails>, number | null]>([
    [
      "claude",
      fails([{ type: "result", is_error: true, result: "Claude AI usage limit reached|1795356000" }]),
      1_795_356_000_000,
    ],
    [
      "claude",
      fails([
        { type: "rate_limit_event", rate_limit_info: { status: "rejected", resetsAt: 1_795_356_000 } },
        { type: "result", is_error: true, result: "You've hit your limit · resets 3pm" },
      ]),
      1_795_356_000_000,
    ],
    [
      "claude",
      fails([
        { type: "rate_limit_event", rate_limit_info: { status: "rejected", resetsAt: 1_795_356_000 } },
        { type: "result", is_error: true, result: "Nothing more today" },
      ]),
      1_795_356_000_000,
    ],
    [
      "codex",
      fails([{ type: "turn.failed", error: { message: "You've hit your usage limit. resets_at: 1795356000" } }]),
      1_795_356_000_000,
    ],
    [
      "opencode",
      fails([{ type: "error", error: { name: "APIError", data: { message: "x", statusCode: 429 } } }]),
      null,
    ],
    ["gemini", fails([], 'echo "{\\"error\\":{\\"message\\":\\"RESOURCE_EXHAUSTED\\"}}" >&2', 173), null],
  ])("of %s at a limit says until when (%#)", async (preset, { events, script }, notBefore) => {
    const turn = await createTurn();
    const fake = await fakeProgram(turn, preset, events, `cat "$HERE/stream.jsonl"\n${script}`);
    const error = await turn.fail({ preset, env: fake.env });
    expect(error).toMatchObject({ code: "AGENT_FAILED" });
    const { details } = error as { details: Record<string, unknown> };
    expect(details).not.toHaveProperty("retry");
    expect({ limited: details.limited, notBefore: details.notBefore ?? null }).toEqual({ limited: true, notBefore });
  });

  test("of any command at a limit says until when, and one that it overcame is none", async () => {
    const { fail, run } = await createTurn();
    const limit = "echo 'usage limit reached, resets at 2026-12-24T12:00:00Z' >&2";
    const details = { limited: true, notBefore: Date.UTC(2026, 11, 24, 12) };
    expect(await fail({ command: ["sh", "-c", `${limit}; exit 1`] })).toMatchObject({ code: "AGENT_FAILED", details });
    expect(await run({ command: ["sh", "-c", `${limit}; echo done`] })).toMatchObject({ output: "done" });
    for (const to of ["", " >&2"]) {
      const script = `(echo '429 Too Many Requests, retrying in 2s'; echo recovered; echo 'out of memory')${to}; exit 1`;
      const failed = await fail({ command: ["sh", "-c", script] });
      expect(failed).toHaveProperty("details.exitCode", 1);
      expect(failed).not.toHaveProperty("details.limited");
    }
  });

  test("shows the words of an error that is JSON", async () => {
    const turn = await createTurn();
    const message = '{"type":"error","error":{"type":"invalid_request_error","message":"no such model"}}';
    const fake = await fakeProgram(
      turn,
      "codex",
      [{ type: "turn.failed", error: { message } }],
      'cat "$HERE/stream.jsonl"; exit 1',
    );
    expect(await turn.fail({ preset: "codex", env: fake.env })).toMatchObject({
      code: "AGENT_FAILED",
      message: 'agent "writer" failed: no such model',
    });
  });

  test("to find the program names the command that installs it", async () => {
    const turn = await createTurn();
    expect(await turn.fail({ preset: "codex", command: ["no-such-codex"] })).toMatchObject({
      code: "AGENT_NOT_INSTALLED",
      hint: "Install it: npm install -g @openai/codex@0.169.0",
    });
  });
});
