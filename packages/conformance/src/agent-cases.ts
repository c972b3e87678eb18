import assert from "node:assert/strict";
import {
  type AgentContext,
  type AgentRequest,
  type AgentResult,
  type AgentRunner,
  hasCode,
  isTroupeError,
} from "@troupe/core";
import type { ConformanceCase } from "./conformance-case.js";
import { pause, until, within } from "./within.js";

/** What an agent's author hands in: a runner and two requests that it can serve here. */
export interface AgentSubject {
  readonly agent: AgentRunner;
  /** Ends by itself within a minute, with a text, and prints something on the way. */
  readonly request: AgentRequest;
  /** Would go on for a minute or more if nobody ended it. */
  readonly longRequest: AgentRequest;
}

/** Longest time of a whole turn, in milliseconds. */
const TURN_MS = 60_000;
/** Longest time from an abort to the end of the turn: the grace period and the end of its processes, in milliseconds. */
const GRACE_MS = 15_000;
/** Longest time from the end of patience to the end of the turn, in milliseconds. */
const KILL_MS = 5000;

/** Environment variable that says to which turn a process belongs. */
const MARKER = "TROUPE_TURN";

/** The contract of `AgentRunner`. */
export const agentCases: readonly ConformanceCase<AgentSubject>[] = [
  {
    name: "starts a new session when it cannot go on with the one it is given",
    rule: "AgentRequest.session: A session to go on with; an agent that cannot, starts a new one.",
    run: startsNewSession,
  },
  {
    name: "answers a prompt with a text, and tells only the usage that it knows",
    rule: "AgentResult: The final text, never a partial one of a killed agent.",
    run: answers,
  },
  {
    name: "streams its output before it settles, and nothing after",
    rule: "AgentContext.output: Raw bytes for the log.",
    run: streams,
  },
  {
    name: "takes two turns at once and answers both",
    rule: "AgentRunner: Performs the turns of one or more agent ids.",
    run: takesTwo,
  },
  {
    name: "rejects after an abort, with nothing of the turn left alive",
    rule: "AgentRunner: after an abort it rejects only once its process tree is gone",
    run: endsOnAbort,
  },
  {
    name: "rejects without starting anything when it is aborted already",
    rule: "AgentRunner: after an abort it rejects only once its process tree is gone",
    run: startsNothingWhenAborted,
  },
  {
    name: "ends at once when there is no more patience",
    rule: "AgentContext.kill: Aborts when grace periods are over: kill at once.",
    run: endsOnKill,
  },
  {
    name: "rejects TURN_TIMEOUT when the turn takes longer than its timeout, with nothing left alive",
    rule: "AgentRunner: `run` rejects with `AGENT_*` or `TURN_TIMEOUT`",
    run: timesOut,
  },
  {
    name: "tells its health without a turn",
    rule: "AgentRunner.check: No model call; ten seconds at most.",
    run: tellsHealth,
  },
];

interface Watched extends AgentContext {
  readonly chunks: readonly Uint8Array[];
  readonly pids: readonly number[];
  readonly isStarted: boolean;
}

function watch(signal: AbortSignal, kill: AbortSignal = new AbortController().signal): Watched {
  const chunks: Uint8Array[] = [];
  const pids: number[] = [];
  let isStarted = false;
  return {
    signal,
    kill,
    logger: { debug: () => {}, info: () => {}, warn: () => {} },
    output(chunk) {
      isStarted = true;
      chunks.push(chunk);
    },
    activity() {
      isStarted = true;
    },
    processStarted(pid) {
      isStarted = true;
      pids.push(pid);
    },
    known() {},
    chunks,
    pids,
    get isStarted() {
      return isStarted;
    },
  };
}

function unaborted(): AbortSignal {
  return new AbortController().signal;
}

async function answers({ agent, request }: AgentSubject): Promise<void> {
  const context = watch(unaborted());
  const result = await within(TURN_MS, "the turn", agent.run(request, context));
  assertResult(result);
  assertGone(context);
}

async function startsNewSession({ agent, request }: AgentSubject): Promise<void> {
  const unknown = "00000000-0000-4000-8000-000000000000";
  const turn = agent.run({ ...request, session: unknown }, watch(unaborted()));
  const result = await within(TURN_MS, "a turn with an unknown session", turn);
  assertResult(result);
}

async function streams({ agent, request }: AgentSubject): Promise<void> {
  const context = watch(unaborted());
  await within(TURN_MS, "the turn", agent.run(request, context));
  const streamed = context.chunks.length;
  assert.ok(Buffer.concat(context.chunks).length > 0, "no output was streamed");
  await pause(100);
  assert.equal(context.chunks.length, streamed, "output came after the turn had settled");
}

async function takesTwo({ agent, request }: AgentSubject): Promise<void> {
  // as in a run: whoever ends a turn looks for its marker, and must not find the other's processes
  const turns = [request, nextTurn(request)].map((each) => agent.run(each, watch(unaborted())));
  for (const result of await within(TURN_MS, "two turns", Promise.all(turns))) assertResult(result);
}

function nextTurn(request: AgentRequest): AgentRequest {
  const { runId, turn, env } = request;
  const next = turn.replace(/\d+$/, (n) => String(Number(n) + 1));
  const own = env[MARKER] ?? "";
  const marker = own.includes(`/${turn}`) ? own.replace(`/${turn}`, `/${next}`) : `${runId}/0/${next}`;
  return { ...request, turn: next, env: { ...env, [MARKER]: marker } };
}

async function endsOnAbort({ agent, longRequest }: AgentSubject): Promise<void> {
  const abort = new AbortController();
  const context = watch(abort.signal);
  const ended = outcome(agent.run(longRequest, context));
  await started(context, ended);
  abort.abort("cancelled");
  const end = await within(GRACE_MS, "the end of an aborted turn", ended);
  assert.equal(kindOf(end), "rejected", "an aborted turn");
  const code = isTroupeError(end.error) ? end.error.code : String(end.error);
  assert.match(
    code,
    /^AGENT_|^TURN_TIMEOUT$/,
    `an aborted turn rejected with ${code}, not with AGENT_* or TURN_TIMEOUT`,
  );
  assertGone(context);
}

async function startsNothingWhenAborted({ agent, longRequest }: AgentSubject): Promise<void> {
  const context = watch(AbortSignal.abort("cancelled"));
  const ended = outcome(agent.run(longRequest, context));
  assert.equal(await within(KILL_MS, "the end of a turn aborted before it began", ended.then(kindOf)), "rejected");
  assertGone(context);
}

async function endsOnKill({ agent, longRequest }: AgentSubject): Promise<void> {
  const abort = new AbortController();
  const kill = new AbortController();
  const context = watch(abort.signal, kill.signal);
  const ended = outcome(agent.run(longRequest, context));
  await started(context, ended);
  abort.abort("stopped");
  kill.abort();
  assert.equal(await within(KILL_MS, "the end of a killed turn", ended.then(kindOf)), "rejected");
  assertGone(context);
}

async function timesOut({ agent, longRequest }: AgentSubject): Promise<void> {
  const context = watch(unaborted());
  const ended = outcome(agent.run({ ...longRequest, timeoutMs: 200 }, context));
  const { error } = await within(GRACE_MS, "the end of a turn over its timeout", ended);
  assert.ok(hasCode(error, "TURN_TIMEOUT"), `expected TURN_TIMEOUT, got ${String(error)}`);
  assertGone(context);
}

async function tellsHealth({ agent }: AgentSubject): Promise<void> {
  if (agent.check === undefined) return; // optional
  const health = await within(15_000, "the check", agent.check());
  assert.equal(typeof health.ok, "boolean");
  assert.ok(["in", "out", "unknown"].includes(health.login), `login is ${health.login}`);
  if (!health.ok) assert.ok(health.message !== null, "not well, and no message says why");
}

function assertResult(result: AgentResult): void {
  assert.equal(typeof result.output, "string");
  assert.notEqual(result.output.trim(), "", "the answer is empty: that is AGENT_NO_OUTPUT, not a result");
  assert.ok(result.session === null || result.session !== "", "an empty session is none: null");
  if (result.usage === null) return;
  for (const [name, value] of Object.entries(result.usage)) {
    assert.ok(value === null || (Number.isFinite(value) && value >= 0), `usage.${name} is ${value}`);
  }
}

/** What became of a turn; a turn that only settles later has an owner this way. */
function outcome(turn: Promise<AgentResult>): Promise<{ readonly result?: AgentResult; readonly error?: unknown }> {
  return turn.then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
}

function kindOf(end: { readonly result?: AgentResult }): "resolved" | "rejected" {
  return end.result === undefined ? "rejected" : "resolved";
}

/** Until the turn shows a sign of life; an agent without any gets a moment. */
async function started(context: Watched, ended: Promise<unknown>): Promise<void> {
  const sign = until(1000, "a sign of life", () => context.isStarted).catch(() => undefined);
  await Promise.race([sign, ended]);
}

function assertGone(context: Watched): void {
  const alive = context.pids.filter((pid) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false; // no such process: what we want
    }
  });
  assert.deepEqual(alive, [], "processes of the turn are still alive");
}
