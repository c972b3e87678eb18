import { describe, expect, test } from "vitest";
import { createTurn } from "../test/agent-turn.js";
import { fakeProgram } from "../test/fake-program.js";
import { CLAUDE, CODEX, COPILOT, GEMINI, OPENCODE, QWEN } from "../test/streams.js";
import { agentFailure } from "./failures.js";
import { PRESETS } from "./presets.js";

const STREAMS: Readonly<Record<string, readonly object[]>> = {
  claude: CLAUDE,
  codex: CODEX,
  copilot: COPILOT,
  gemini: GEMINI,
  opencode: OPENCODE,
  qwen: QWEN,
  aider: [{ plain: "text" }],
};
/** More than a pipe takes, so that most of it is still to be written when nobody reads any more. */
const PROMPT = "Read all of this. ".repeat(60_000);
const CLOSED = "exec 0<&-";

describe.each(Object.keys(PRESETS))("%s, which does not read its prompt,", (preset) => {
  test("but does its work has done it", async () => {
    const turn = await createTurn();
    const fake = await fakeProgram(turn, preset, STREAMS[preset] ?? [], undefined, CLOSED);
    const { output } = await turn.run({ preset, env: fake.env }, { prompt: PROMPT });
    expect(output).not.toBe("");
  });

  test.each([
    ["ends with a reason", 'echo "Error: no config" >&2; exit 3', /(?:exit code 3|failed): Error: no config$/],
    ["is killed", "kill -9 $$", /was ended by SIGKILL$/],
  ])("and %s has failed for that reason", async (_how, script, message) => {
    const turn = await createTurn();
    const fake = await fakeProgram(turn, preset, [], script, CLOSED);
    const error = await turn.fail({ preset, env: fake.env }, { prompt: PROMPT });
    expect(error).toMatchObject({ code: "AGENT_FAILED", message: expect.stringMatching(message) });
  });

  test("and goes on in silence is ended when its time is over", async () => {
    const turn = await createTurn();
    const fake = await fakeProgram(turn, preset, [], "exec sleep 1000", CLOSED);
    const error = await turn.fail({ preset, env: fake.env }, { prompt: PROMPT, idleTimeoutMs: 200 });
    expect(error).toMatchObject({ code: "TURN_TIMEOUT", details: { timeout: "idle_timeout" } });
  });
});

describe("a program that closes its input before it has read its prompt", () => {
  test("goes on, and the log says so", async () => {
    const turn = await createTurn();
    const running = turn.fail({ command: ["sh", "-c", "exec 0<&-; exec sleep 1000"] }, { prompt: PROMPT });
    await turn.said("[troupe] it closed its input before it had read all of its prompt\n");
    turn.stop.abort();
    expect(await running).toMatchObject({ code: "AGENT_FAILED", details: { signal: "SIGTERM" } });
  });

  test("is told of when its time is over", async () => {
    const { request } = await createTurn();
    const outcome = { exitCode: null, signal: "SIGTERM", ended: "timeout", durationMs: 60_000 } as const;
    const failed = { outcome, isPromptUnread: true, errorText: "", outputText: "", stream: null, now: 0 };
    expect(
      agentFailure({ ...failed, request: { ...request, timeoutMs: 60_000 }, program: "x", preset: null }),
    ).toMatchObject({
      code: "TURN_TIMEOUT",
      message:
        'agent "writer" was not done after 60 s and was ended; it closed its input before it had read all of its prompt',
      hint: "See what it did: troupe logs run-1 PLAN",
    });
  });
});
