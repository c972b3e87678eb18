import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type AcpTurn, createAcpTurn, hastyClock } from "../test/acp-turn.js";

/** Everything that runs with the marker of this turn. */
function runningOf({ request }: AcpTurn): readonly string[] {
  return readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/environ`, "utf8")
        .split("\0")
        .includes(`TROUPE_TURN=${request.env.TROUPE_TURN}`);
    } catch {
      return false; // gone, or not ours to read
    }
  });
}

describe("an end", () => {
  test.each([
    ["max_tokens", "stopped at the limit of its tokens", { stopReason: "max_tokens", retry: "never" }],
    [
      "max_turn_requests",
      "stopped at the limit of its requests to the model",
      { stopReason: "max_turn_requests", retry: "never" },
    ],
    ["refusal", "refused to go on", { stopReason: "refusal", retry: "never" }],
    ["cancelled", 'ended its turn with "cancelled"', { stopReason: "cancelled" }],
    ["tired", 'ended its turn with "tired"', { stopReason: "tired" }],
  ])("with %s is a failure, also behind an answer", async (stop, what, details) => {
    const turn = await createAcpTurn();
    const error = await turn.fail({ prompts: [{ steps: [{ say: "VERDICT: approved" }, { stop }] }] });
    expect(error).toMatchObject({ code: "AGENT_FAILED", message: `agent "writer" ${what}` });
    expect(error).toHaveProperty("details", details);
  });

  test("with an error names it, and what it answered", async () => {
    const turn = await createAcpTurn();
    const error = { code: -32603, message: "Internal error", data: { details: "no model" } };
    const failed = await turn.fail({ prompts: [{ steps: [{ say: "half" }, { stderr: "trace\n" }, { error }] }] });
    expect(failed).toMatchObject({
      code: "AGENT_FAILED",
      message: 'agent "writer" answered session/prompt with an error: Internal error: {"details":"no model"}',
      hint: "See what it did: troupe logs run-1 PLAN",
      details: { code: -32603, stderr: "trace\n" },
    });
    expect(failed).not.toHaveProperty("details.retry");
    const wrong = { errors: { initialize: { code: -32602, message: "bad", data: "version" } } };
    expect(await turn.fail(wrong)).toMatchObject({
      message: 'agent "writer" answered initialize with an error: bad: version',
      details: { retry: "never" },
    });
  });

  test.each(["initialize", "session/new"])(
    "that gets stuck at %s is told as such, in a turn without limits",
    async (step) => {
      const turn = await createAcpTurn();
      const clock = hastyClock(turn, step);
      const agent = await turn.create(await turn.script({ stuckAt: step }), { clock });
      expect(await turn.fail({}, { agent })).toMatchObject({
        code: "AGENT_FAILED",
        message: `agent "writer" did not answer ${step} within 300 s and was ended`,
        hint: "See what it did: troupe logs run-1 PLAN",
      });
      expect(runningOf(turn)).toEqual([]);
    },
  );

  test("by a limit names when it resets, told as an error, as an answer or as last words", async () => {
    const turn = await createAcpTurn();
    const text = "You have hit your usage limit. Try again in 2 hours.";
    const before = Date.now();
    const error = { code: -32603, message: text };
    const scripts = [
      { prompts: [{ steps: [{ error }] }] },
      { prompts: [{ steps: [{ say: text }] }] },
      { prompts: [{ steps: [{ stderr: `${text}\n` }, { die: 1 }] }] },
    ];
    for (const script of scripts) {
      const failed = await turn.fail(script);
      expect(failed).toMatchObject({ code: "AGENT_FAILED", details: { limited: true } });
      const notBefore = Number(Object(failed).details.notBefore);
      expect(notBefore - before).toBeGreaterThanOrEqual(7_200_000);
      expect(notBefore - before).toBeLessThan(7_300_000);
    }
    const words = "429 Too Many Requests, retrying in 2s\nrecovered\nFATAL ERROR: heap out of memory\n";
    const died = await turn.fail({ prompts: [{ steps: [{ stderr: words }, { die: 1 }] }] });
    expect(died).toHaveProperty("details.exitCode", 1);
    expect(died).not.toHaveProperty("details.limited");
    const answers = [
      `I added tests.\n${text}`,
      "REJECTED: HTTP 429 Too Many Requests is not retried by the client.",
      "Done. The client now answers HTTP 429 Too Many Requests with a wait.",
    ];
    for (const answer of answers)
      expect((await turn.run({ prompts: [{ steps: [{ say: answer }] }] })).output).toBe(answer);
    expect(
      await turn.fail({ prompts: [{ steps: [{ error: { code: -32603, message: "rate_limit_error" } }] }] }),
    ).toMatchObject({
      details: { limited: true },
    });
  });

  test.each(["initialize", "session/new", "session/prompt", "session/set_mode"])(
    "for want of a login at %s says how to log in, and does not",
    async (method) => {
      const turn = await createAcpTurn();
      const script = {
        authMethods: [{ id: "oauth", name: "Log in with Acme", description: "Run `acme login`" }, { id: "key" }],
        errors: { [method]: { code: -32000, message: "Authentication required" } },
      };
      const error = await turn.fail(script, { options: { modes: { full: "m" } } });
      const ways = method === "initialize" ? "" : "; it offers: Log in with Acme, key";
      expect(error).toMatchObject({
        code: "AGENT_NOT_LOGGED_IN",
        message: `agent "writer" is not logged in${ways}`,
        hint: method === "initialize" ? "Log in with the agent's own program." : "Run `acme login`",
        details: { retry: "never" },
      });
      expect(turn.askedFor("authenticate")).toEqual([]);
      const preset = { preset: "claude", ...(await turn.script(script)) };
      const agent = await turn.create(preset);
      expect(await turn.fail({}, { agent })).toMatchObject({ hint: "Log in once by hand: claude /login" });
    },
  );
});

describe("a death", () => {
  test("in the middle of a prompt is told at once, with its last words", async () => {
    const turn = await createAcpTurn();
    const steps = [{ say: "half an ans" }, { stderr: "first\npanic: \u001b[31mout of memory\n" }, { die: 3 }];
    expect(await turn.fail({ prompts: [{ steps }] })).toMatchObject({
      code: "AGENT_FAILED",
      message: 'agent "writer" ended with exit code 3 instead of answering session/prompt: panic: out of memory',
      details: { exitCode: 3, stderr: expect.stringContaining("first\n") },
    });
    expect(await turn.fail({ prompts: [{ steps: [{ die: "SIGKILL" }] }] })).toMatchObject({
      message: 'agent "writer" was ended by SIGKILL instead of answering session/prompt',
    });
    expect(runningOf(turn)).toEqual([]);
  });

  test("at the start is told as well", async () => {
    const turn = await createAcpTurn();
    expect(await turn.fail({ dieAtStart: 1, lastWords: "needs Node 22\n" })).toMatchObject({
      code: "AGENT_FAILED",
      message: 'agent "writer" ended with exit code 1 instead of answering initialize: needs Node 22',
    });
    expect(await turn.fail({ dieAtStart: 127, lastWords: "env: node: not found\n" })).toMatchObject({
      code: "AGENT_NOT_INSTALLED",
      details: { retry: "never" },
    });
  });

  test("of a program that is not there names what to install", async () => {
    const turn = await createAcpTurn();
    const env = { PATH: turn.folder };
    const fail = async (options: object): Promise<unknown> =>
      turn.fail({}, { agent: await turn.create(options), request: { env } });
    expect(await fail({ command: ["no-such-agent"] })).toMatchObject({
      code: "AGENT_NOT_INSTALLED",
      message: 'the program no-such-agent of agent "writer" was not found',
      hint: expect.stringContaining("command -v no-such-agent"),
      details: { retry: "never" },
    });
    expect(await fail({ preset: "claude" })).toMatchObject({
      hint: expect.stringMatching(/^Install it: npm install -g @agentclientprotocol\/claude-agent-acp@\d/),
    });
    // npx is not there either: but it would have been started
    expect(await fail({ preset: "gemini", fallback: true })).toMatchObject({
      message: 'the program npx of agent "writer" was not found',
    });
    await expect(turn.run({}, { request: { cwd: join(turn.folder, "gone") } })).rejects.toMatchObject({
      code: "PROCESS_NOT_STARTED",
    });
  });
});

describe("an abort", () => {
  const hang = { prompts: [{ steps: [{ say: "working" }, { hang: true }] }] };

  test("asks the agent to cancel, and what it says then is no result", async () => {
    const turn = await createAcpTurn();
    const ending = turn.fail({
      prompts: [{ steps: [{ say: "VERDICT: approved" }, { hang: true }, { stop: "end_turn" }] }],
    });
    await turn.said("VERDICT");
    turn.stop.abort();
    expect(await ending).toMatchObject({ code: "AGENT_FAILED", message: 'agent "writer" was stopped before it ended' });
    expect(turn.askedFor("session/cancel")).toEqual([{ sessionId: expect.stringMatching(/^session-/) }]);
    expect(turn.asked()).toContainEqual({ ended: true });
    expect(runningOf(turn)).toEqual([]);
  });

  test("ends an agent that ignores it, with what it started in a session of its own", async () => {
    const turn = await createAcpTurn();
    const rude = { ignoreCancel: true, closeMs: 60_000, ignoreTerm: true };
    const ending = turn.fail({ ...rude, prompts: [{ steps: [{ orphan: true }, { say: "working" }, { hang: true }] }] });
    await turn.said("working");
    const startedAt = performance.now();
    turn.stop.abort();
    expect(await ending).toMatchObject({ code: "AGENT_FAILED", details: { signal: "SIGKILL" } });
    expect(performance.now() - startedAt).toBeGreaterThan(9_900); // 2 s, 3 s and 5 s
    expect(runningOf(turn)).toEqual([]);
  }, 30_000);

  test("without patience ends it at once", async () => {
    const turn = await createAcpTurn();
    const ending = turn.fail({ ...hang, ignoreCancel: true, closeMs: 60_000, ignoreTerm: true });
    await turn.said("working");
    turn.stop.abort();
    turn.kill.abort();
    expect(await ending).toMatchObject({ code: "AGENT_FAILED" });
    expect(runningOf(turn)).toEqual([]);
  });

  test("before the start starts nothing, and during the start waits for nothing", async () => {
    const turn = await createAcpTurn();
    const ending = turn.fail({ onNew: [{ raw: "opening\n" }, { hang: true }] });
    await turn.said("opening");
    turn.stop.abort();
    expect(await ending).toMatchObject({ message: 'agent "writer" was stopped before it ended' });
    const asked = turn.asked().length;
    expect(await turn.fail(hang)).toMatchObject({ message: 'agent "writer" was stopped before it ended' });
    expect(turn.asked()).toHaveLength(asked);
  });
});

describe("a time limit", () => {
  test("ends a turn that never answers", async () => {
    const turn = await createAcpTurn();
    const script = { prompts: [{ steps: [{ hang: true }] }] };
    expect(await turn.fail(script, { request: { timeoutMs: 300 } })).toMatchObject({
      code: "TURN_TIMEOUT",
      message: 'agent "writer" was not done after 0.3 s and was ended',
      hint: "Raise timeout of stage PLAN if it needs more time.",
      details: { timeout: "timeout", afterMs: 300 },
    });
  });

  test("for silence counts only where no tool is at work", async () => {
    const turn = await createAcpTurn();
    const tool = { toolCallId: "t", title: "Build", kind: "execute" };
    const over = { toolUpdate: { toolCallId: "t", status: "completed" } };
    const steps = [{ tool }, { waitFor: "go" }, over, { say: "built" }, { hang: true }];
    const ending = turn.fail({ prompts: [{ steps }] }, { request: { idleTimeoutMs: 700 } });
    await turn.said("Build");
    await new Promise((resolve) => setTimeout(resolve, 1500)); // the silence itself is under test
    await writeFile(join(turn.cwd, "go"), "");
    expect(await ending).toMatchObject({
      code: "TURN_TIMEOUT",
      message: 'agent "writer" gave no output for 0.7 s and was ended',
      details: { timeout: "idle_timeout" },
    });
    expect(turn.logged()).toContain("built");
  });
});

describe("the end of a turn that succeeded", () => {
  test("waits for an agent that is slow to close, and ends one that stays with its stray processes", async () => {
    const turn = await createAcpTurn();
    const prompts = [{ steps: [{ orphan: true }, { say: "ok" }] }];
    expect((await turn.run({ closeMs: 500, prompts })).output).toBe("ok");
    expect((await turn.run({ closeMs: 60_000, prompts })).output).toBe("ok");
    expect(runningOf(turn)).toEqual([]);
  }, 30_000);
});
