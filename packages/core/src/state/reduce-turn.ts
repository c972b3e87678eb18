import type { EventOf } from "../model/events.js";
import { stageOfTurn, turnId } from "../model/ids.js";
import { lookUp } from "../model/look-up.js";
import type { TurnFailed, TurnSucceeded } from "../model/turn.js";
import type { TurnView } from "../model/view.js";
import { forgetAttempts, isLimited, namedTime } from "./attempts.js";
import { misfit, recordOf } from "./misfit.js";
import { checksPassed } from "./next-step.js";
import { isDone, isShared, openParts, partOf } from "./parts.js";
import { requeue } from "./queues.js";
import { beginSpending, endSpending } from "./reduce-spending.js";
import { startAnew } from "./reduce-stage.js";
import {
  type Attempts,
  NO_ENTRIES,
  NOTHING,
  type RunState,
  type SettledTurn,
  type StageRecord,
  type WorkPart,
} from "./run-state.js";
import { toStatus } from "./stage-status.js";

/** Sessions belong to a stage and a role: reviewers do not go on with the workers' session. */
export function sessionKey(kind: TurnView["kind"], agent: string): string {
  return `${kind === "review" ? "review" : "work"}:${agent}`;
}

export function startTurn(state: RunState, event: EventOf<"turn.started">, at: number): void {
  const record = recordOf(state, event, event.stage);
  const expected = turnId(event.stage, record.turns + 1);
  if (event.turn !== expected) throw misfit(event, `turn ${event.turn} is not ${expected}`);
  if (record.status !== "running") begin(state, record, event);
  const { turn, kind, round, attempt, agent } = event;
  const part = kind === "work" ? partOf(record, agent) : null;
  refuseSecond(record, part, event);
  const attempts = part ?? record;
  if (attempt === 1) forgetAttempts(attempts);
  attempts.starts = attempt;
  record.turns += 1;
  record.round = round;
  record.startedAt ??= at;
  const view: TurnView = { turn, kind, round, attempt, agent, epoch: state.epoch, startedAt: at };
  if (part !== null) part.turn = view;
  record.inFlight = [...record.inFlight, view];
  countInFlight(state, record, 1);
  beginSpending(state, record);
  requeue(state, record);
}

function begin(state: RunState, record: StageRecord, event: EventOf<"turn.started">): void {
  const isAnew = record.status === "pending";
  toStatus(state, record, "running", event);
  if (!isAnew) return;
  if (event.kind === "work") openParts(record);
  else record.parts = NO_ENTRIES;
}

/** A stage has one turn in flight; each of several agents has one while they do the work. */
function refuseSecond(record: StageRecord, part: WorkPart | null, event: EventOf<"turn.started">): void {
  if (part === null && record.inFlight.length > 0) throw misfit(event, `a turn of ${event.stage} is in flight`);
  if (part === null && isShared(record)) throw misfit(event, `the agents of ${event.stage} have not done their work`);
  if (part?.turn) throw misfit(event, `a turn of ${part.agent} in ${event.stage} is in flight`);
  if (part?.last?.result.status === "succeeded") throw misfit(event, `${part.agent} has done its part`);
}

export function settleTurn(state: RunState, event: EventOf<"turn.settled">, at: number): void {
  const leaving = state.leaving.get(stageOfTurn(event.turn));
  if (leaving !== undefined) {
    settleLeaving(state, leaving, event);
    return;
  }
  const record = recordOf(state, event, stageOfTurn(event.turn));
  const turn = record.inFlight.find((flight) => flight.turn === event.turn);
  if (turn === undefined) throw misfit(event, `${event.turn} is not in flight`);
  const { result } = event;
  record.inFlight = without(record.inFlight, turn);
  countInFlight(state, record, -1);
  state.inherited.delete(turn.turn);
  endSpending(state, record, turn, result.usage);
  if (result.session !== null && turn.agent !== null)
    record.sessions = new Map(record.sessions).set(sessionKey(turn.kind, turn.agent), result.session);
  const part = turn.kind === "work" ? partOf(record, turn.agent) : null;
  const settled: SettledTurn = { turn, result, at, verdict: null };
  noteEnd(part ?? record, settled);
  if (part === null) record.last = settled;
  else settlePart(record, part, settled);
  if (result.status === "succeeded") noteSuccess(state, record, turn, result);
  if (record.pendingReset !== null && record.inFlight.length === 0) startAnew(state, record, event);
  else requeue(state, record);
}

function without(inFlight: readonly TurnView[], turn: TurnView): readonly TurnView[] {
  return inFlight.length === 1 ? NOTHING : inFlight.filter((flight) => flight !== turn);
}

/** The last of a stage that the new definition does not have: it is over, and it counts. */
function settleLeaving(state: RunState, record: StageRecord, event: EventOf<"turn.settled">): void {
  const turn = record.inFlight.find((flight) => flight.turn === event.turn);
  if (turn === undefined) throw misfit(event, `${event.turn} is not in flight`);
  record.inFlight = without(record.inFlight, turn);
  state.turnsInFlight -= 1;
  state.inherited.delete(turn.turn);
  endSpending(state, record, turn, event.result.usage);
  const { turns, usage, activeMs } = record;
  state.vanished.set(record.definition.id, { turns, usage, activeMs });
  if (record.inFlight.length === 0) state.leaving.delete(record.definition.id);
}

/** The last of several agents to succeed brings the stage on. */
function settlePart(record: StageRecord, part: WorkPart, settled: SettledTurn): void {
  part.turn = null;
  part.last = settled;
  if (!isDone(record)) return;
  record.last = settled;
  record.work = null; // what was mended before all this is mended no more
}

function noteEnd(attempts: Attempts, settled: SettledTurn): void {
  const { turn, result, at } = settled;
  if (result.status === "failed") noteFailure(attempts, turn, result, at);
  else if (result.status === "interrupted") noteInterruption(attempts, turn, result.reason === "crashed");
  else {
    attempts.crashes = 0;
    attempts.unfinished = null;
  }
}

function noteInterruption(attempts: Attempts, { turn }: TurnView, isCrash: boolean): void {
  attempts.crashes = isCrash ? attempts.crashes + 1 : 0;
  attempts.unfinished = { turn, how: isCrash ? "crashed" : "interrupted" };
}

function noteFailure(attempts: Attempts, { turn }: TurnView, result: TurnFailed, at: number): void {
  attempts.crashes = 0;
  attempts.unfinished = { turn, how: "failed" };
  const isNamed = namedTime(result, at) !== null;
  const isUnnamed = !isNamed && isLimited(result);
  attempts.limits = isUnnamed ? attempts.limits + 1 : 0;
  attempts.waitingSince = isNamed || isUnnamed ? (attempts.waitingSince ?? at) : null;
  if (!isNamed && !isUnnamed) attempts.failures += 1;
}

function noteSuccess(state: RunState, record: StageRecord, turn: TurnView, result: TurnSucceeded): void {
  record.failureReport = result.failureReport ?? record.failureReport;
  keepArtifacts(state, record, turn, result);
  if (turn.kind === "check") {
    record.lastChecks = result.checks ?? NOTHING;
    if (!checksPassed(result))
      record.feedback = [...record.feedback, { source: "check", round: turn.round, text: result.output }];
    return;
  }
  record.output = result.output;
  record.outputTurn = turn.turn;
  if (turn.kind === "review" || isOfPart(record, turn)) return;
  record.work = { turn: turn.turn, output: result.output };
  if (turn.kind === "fix") record.fixes += 1;
}

function isOfPart({ parts }: StageRecord, { kind, turn, agent }: TurnView): boolean {
  return kind === "work" && agent !== null && parts.get(agent)?.last?.turn.turn === turn;
}

/** A file belongs to one stage; only the review stage mapped to it writes another's. */
function keepArtifacts(state: RunState, record: StageRecord, turn: TurnView, result: TurnSucceeded): void {
  const { reviews, artifacts } = record.definition;
  const reviewed = reviews === null ? undefined : state.stages.get(reviews);
  for (const artifact of result.artifacts) {
    const own = artifacts.includes(artifact.name);
    const owner = !own && reviewed?.definition.artifacts.includes(artifact.name) === true ? reviewed : record;
    // of several agents each finds what the others have left: unchanged, it stays the version of who left it
    if (isOfPart(record, turn) && owner.artifacts.get(artifact.name)?.sha256 === artifact.sha256) continue;
    owner.artifacts = new Map(owner.artifacts).set(artifact.name, { ...artifact, turn: turn.turn });
  }
}

function countInFlight(state: RunState, record: StageRecord, change: 1 | -1): void {
  state.turnsInFlight += change;
  const { group } = record.definition;
  if (group !== null) state.inFlightByGroup.set(group, lookUp(state.inFlightByGroup, group) + change);
}
