import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AgentContext, type AgentRequest, type AgentResult, type AgentRunner, TroupeError } from "@troupe/core";
import { describe, expect, test } from "vitest";
import { type AgentSubject, agentCases } from "./agent-cases.js";

type Bug =
  | "none"
  | "silent"
  | "empty answer"
  | "ignores the abort"
  | "settles before its process"
  | "resolves with a partial text"
  | "starts though aborted"
  | "no timeout"
  | "impossible usage"
  | "unwell without a reason"
  | "output after the end"
  | "refuses an unknown session"
  | "rejects with any error";

const script = `
  process.stdout.write("working\\n");
  process.stdin.on("data", (prompt) => {
    if (String(prompt) === "long") setTimeout(() => {}, 120000);
    else process.exit(0);
  });
`;

/** An agent of a few lines, with a real process, that keeps the contract, and a place for each bug. */
function createAgent(bug: Bug, children: ChildProcess[]): AgentRunner {
  return {
    async run(request, context) {
      if (context.signal.aborted && bug !== "starts though aborted") throw failure("aborted");
      if (bug === "refuses an unknown session" && request.session !== undefined) throw failure("no such session");
      const child = spawn(process.execPath, ["-e", script], { stdio: ["pipe", "pipe", "ignore"] });
      children.push(child);
      context.processStarted(child.pid ?? 0);
      child.stdout.on("data", (chunk: Buffer) => {
        if (bug !== "silent") context.output(chunk);
      });
      child.stdin.on("error", () => {});
      child.stdin.write(request.prompt);
      return settle(child, request, context, bug);
    },
    async check() {
      const isUnwell = bug === "unwell without a reason";
      return { ok: !isUnwell, version: null, login: "unknown", message: null, hint: null };
    },
  };
}

async function settle(
  child: ChildProcess,
  request: AgentRequest,
  context: AgentContext,
  bug: Bug,
): Promise<AgentResult> {
  const { promise: ended, resolve } = Promise.withResolvers<"exit" | "abort" | "timeout">();
  const closed = once(child, "close");
  const stop = (why: "abort" | "timeout"): void => {
    if (bug === "settles before its process") resolve(why);
    else void closed.then(() => resolve(why));
    if (bug !== "settles before its process") child.kill("SIGKILL");
  };
  if (bug !== "ignores the abort") context.signal.addEventListener("abort", () => stop("abort"));
  const timer =
    request.timeoutMs === null || bug === "no timeout" ? null : setTimeout(stop, request.timeoutMs, "timeout");
  void closed.then(() => setImmediate(resolve, "exit"));
  const end = await ended;
  if (timer !== null) clearTimeout(timer);
  if (bug === "output after the end") setTimeout(() => context.output(Buffer.from("late")), 10);
  if (end === "timeout") throw new TroupeError("TURN_TIMEOUT", "too slow");
  if (end === "abort" && bug === "rejects with any error") throw new Error("aborted");
  if (end === "abort" && bug !== "resolves with a partial text") throw failure("aborted");
  const usage = { inputTokens: bug === "impossible usage" ? -1 : 1, outputTokens: null, costUsd: null };
  return { output: bug === "empty answer" ? " " : "done", session: null, usage };
}

function failure(message: string): TroupeError {
  return new TroupeError("AGENT_FAILED", message);
}

async function withAgent(bug: Bug, use: (subject: AgentSubject) => Promise<void>): Promise<void> {
  const children: ChildProcess[] = [];
  const request: AgentRequest = {
    runId: "conformance",
    turn: "A.1",
    stage: "A",
    kind: "work",
    round: 1,
    agent: "a",
    prompt: "short",
    cwd: process.cwd(),
    artifactsFolder: process.cwd(),
    env: {},
    access: "readOnly",
    timeoutMs: null,
    idleTimeoutMs: null,
  };
  try {
    await use({ agent: createAgent(bug, children), request, longRequest: { ...request, prompt: "long" } });
  } finally {
    for (const child of children) child.kill("SIGKILL");
  }
}

describe("an agent that keeps the contract", () => {
  test.each(agentCases)("$name", ({ run }) => withAgent("none", run));

  test("may be unwell, may not know its usage, and may go on in a session", async () => {
    await withAgent("none", async (subject) => {
      const { run } = subject.agent;
      const agent: AgentRunner = {
        run: async (...given) => ({ ...(await run(...given)), usage: null, session: "s-1" }),
        check: async () => ({ ok: false, version: null, login: "out", message: "not logged in", hint: "agent login" }),
      };
      for (const { name, run: runCase } of agentCases) {
        if (/answers a prompt|health/.test(name)) await runCase({ ...subject, agent });
      }
    });
  });

  test("may end whatever carries its marker: two turns at once have one each", async () => {
    const turns: object[] = [];
    await withAgent("none", async (subject) => {
      const agent: AgentRunner = {
        run: async (request, context) => {
          turns.push({ turn: request.turn, marker: request.env.TROUPE_TURN });
          return await subject.agent.run(request, context);
        },
      };
      const takesTwo = agentCases.find(({ name }) => name.includes("two turns"));
      await takesTwo?.run({ ...subject, agent });
      const env = { TROUPE_TURN: "r/3/A.1/0123456789ab" };
      await takesTwo?.run({ ...subject, agent, request: { ...subject.request, env } });
    });
    expect(turns).toEqual([
      { turn: "A.1" },
      { turn: "A.2", marker: "conformance/0/A.2" },
      { turn: "A.1", marker: "r/3/A.1/0123456789ab" },
      { turn: "A.2", marker: "r/3/A.2/0123456789ab" },
    ]);
  });

  test("may have no check", async () => {
    const health = agentCases.find(({ name }) => name.includes("health"));
    await withAgent("none", async (subject) => {
      await health?.run({ ...subject, agent: { run: subject.agent.run } });
    });
  });
});

describe.concurrent("a planted bug is caught", () => {
  test.each<[Bug, string]>([
    ["silent", "streams its output"],
    ["output after the end", "and nothing after"],
    ["empty answer", "answers a prompt"],
    ["impossible usage", "answers a prompt"],
    ["ignores the abort", "no more patience"],
    ["settles before its process", "nothing of the turn left alive"],
    ["resolves with a partial text", "rejects after an abort"],
    ["refuses an unknown session", "starts a new session"],
    ["rejects with any error", "rejects after an abort"],
    ["starts though aborted", "aborted already"],
    ["no timeout", "TURN_TIMEOUT"],
    ["unwell without a reason", "health"],
  ])("%s", async (bug, part) => {
    const found = agentCases.find(({ name }) => name.includes(part));
    await expect(withAgent(bug, (subject) => found?.run(subject) ?? Promise.resolve())).rejects.toThrow();
  });
});
