import { unreachable } from "../errors/troupe-error.js";
import type { AgentId } from "../model/ids.js";
import type { WorkOutput } from "../model/turn.js";
import { afterEnd } from "./attempts.js";
import { type Attempts, NO_ENTRIES, NOTHING, type RunState, type StageRecord, type WorkPart } from "./run-state.js";
import { type DelayStep, type FailStep, fail, type Step, type TurnStep } from "./step.js";

/** What one agent's part of the work wants; null = it is done, or its turn is in flight. */
type PartStep = TurnStep | DelayStep | FailStep | null;

/** The work of several agents has begun and is not done: until then the stage has no newest turn of its own. */
export function isShared({ status, parts, last }: StageRecord): boolean {
  return status === "running" && parts.size > 0 && last === null;
}

/** The part that a work turn of the agent belongs to; null = the turn is one of the stage as a whole. */
export function partOf(record: StageRecord, agent: AgentId | null): WorkPart | null {
  return (isShared(record) && agent !== null && record.parts.get(agent)) || null;
}

/**
 * The parts of a stage that begins with a work turn: one for each agent in declared order, nothing of it done. What lies
 * about unfinished of an agent, or of the stage, stays known.
 */
export function openParts(record: StageRecord): void {
  const { parts: old, unfinished } = record;
  const { parallelAgents = NOTHING } = record.definition;
  if (parallelAgents.length === 0) {
    record.parts = NO_ENTRIES;
    return;
  }
  record.parts = new Map(
    parallelAgents.map((agent) => [agent, newPart(agent, old.get(agent)?.unfinished ?? unfinished)]),
  );
  record.unfinished = null;
}

function newPart(agent: AgentId, unfinished: WorkPart["unfinished"]): WorkPart {
  return {
    agent,
    turn: null,
    last: null,
    unfinished,
    starts: 0,
    failures: 0,
    limits: 0,
    crashes: 0,
    waitingSince: null,
    retryAt: null,
  };
}

/** All of them forget what they did; what lies about unfinished stays. */
export function resetParts(record: StageRecord): void {
  if (record.parts.size === 0) return;
  record.parts = new Map([...record.parts].map(([agent, { unfinished }]) => [agent, newPart(agent, unfinished)]));
}

/** What one part wants, whatever the others do. */
export function partStep(state: RunState, { definition }: StageRecord, part: WorkPart): PartStep {
  if (part.turn !== null) return null;
  const { last } = part;
  if (last === null) return { do: "turn", kind: "work", round: 1, agent: part.agent };
  const { result } = last;
  switch (result.status) {
    case "succeeded":
      return null;
    case "failed":
    case "interrupted":
      return afterEnd(part, { ...last, result }, definition.retry, state.runId);
    default:
      return unreachable(result);
  }
}

/**
 * The next step of a stage whose work several agents do: a turn that one of them wants, in declared order, else the wait
 * for the first retry, and the failure only when nobody has anything left to do. Null while only turns in flight move it
 * on. Work grows with the agents of this one stage.
 */
export function stepOfParts(state: RunState, record: StageRecord): Step | null {
  if (record.pendingReset !== null) return null; // it starts anew when its turns in flight have settled
  const wanted = [...record.parts.values()].map((part) => ({ agent: part.agent, step: partStep(state, record, part) }));
  const steps = wanted.map(({ step }) => step);
  if (mayStartPart(record)) {
    const turn = steps.find((step) => step?.do === "turn");
    if (turn !== undefined) return turn;
    const times = steps.flatMap((step) => (step?.do === "delay" ? [step.at] : []));
    if (times.length > 0) return { do: "delay", at: Math.min(...times) };
  }
  if (record.inFlight.length > 0) return null;
  return failureOf(state, record, wanted);
}

function mayStartPart({ inFlight, definition }: StageRecord): boolean {
  return inFlight.length < (definition.agentsAtOnce ?? Number.POSITIVE_INFINITY);
}

/** Every failure is listed, with the agent whose it is; null = nobody failed. */
function failureOf(
  { runId }: RunState,
  { parts, definition }: StageRecord,
  wanted: readonly { readonly agent: AgentId; readonly step: PartStep }[],
): FailStep | null {
  const failed = wanted.flatMap(({ agent, step }) => (step?.do === "fail" ? [{ ...step, agent }] : []));
  const [first, ...others] = failed;
  if (first === undefined) return null;
  const { turn, error, agent } = first;
  if (others.length === 0) return { do: "fail", turn, error: { ...error, message: `${agent}: ${error.message}` } };
  const list = failed.map((one) => `${one.agent}: ${one.error.message} [${one.error.code}]`).join("; ");
  const message = `${failed.length} of ${parts.size} agents of ${definition.id} failed: ${list}`;
  return fail(turn, "AGENTS_FAILED", message, `See what they did: troupe logs ${runId} ${definition.id}`, {
    failures: failed.map((one) => ({ agent: one.agent, turn: one.turn, code: one.error.code, hint: one.error.hint })),
  });
}

/** Whatever waits for a time to try again: parts of the work, or the stage itself. */
export function delaysOf(record: StageRecord): readonly Pick<Attempts, "waitingSince" | "retryAt">[] {
  if (!isShared(record)) return record.retryAt === null ? [] : [record];
  return [...record.parts.values()].filter(({ retryAt }) => retryAt !== null);
}

/** The turn of a delayed stage whose time has come at `now`; null = of none. */
export function duePart(state: RunState, record: StageRecord, now: number): TurnStep | null {
  const due = [...record.parts.values()].find(({ retryAt }) => retryAt !== null && retryAt <= now);
  if (due === undefined || !mayStartPart(record)) return null;
  const step = partStep(state, record, due);
  return step?.do === "delay" ? { do: "turn", kind: "work", round: 1, agent: due.agent } : null;
}

/** All have succeeded: the stage goes on as one. */
export function isDone({ parts }: StageRecord): boolean {
  return [...parts.values()].every(({ last }) => last?.result.status === "succeeded");
}

/** What the agents have answered that are done, in declared order. */
export function answersOf({ parts }: Pick<StageRecord, "parts">): readonly WorkOutput[] {
  return [...parts.values()].flatMap(({ agent, last }) =>
    last?.result.status === "succeeded" ? [{ turn: last.turn.turn, agent, output: last.result.output }] : [],
  );
}
