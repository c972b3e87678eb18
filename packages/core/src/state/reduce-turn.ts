import type { EventOf } from "../model/events.js";
import { stageOfTurn, turnId } from "../model/ids.js";
import { lookUp } from "../model/look-up.js";
import type { TurnFailed, TurnResult, TurnSucceeded, Usage } from "../model/turn.js";
import type { TurnView } from "../model/view.js";
import { misfit, recordOf } from "./misfit.js";
import { checksPassed, namedTime } from "./next-step.js";
import { requeue } from "./queues.js";
import { startAnew } from "./reduce-stage.js";
import type { RunState, StageRecord } from "./run-state.js";
import { toStatus } from "./stage-status.js";

/** Sessions belong to a stage and a role: reviewers do not go on with the workers' session. */
export function sessionKey(kind: TurnView["kind"], agent: string): string {
  return `${kind === "review" ? "review" : "work"}:${agent}`;
}

export function startTurn(state: RunState, event: EventOf<"turn.started">, at: number): void {
  const record = recordOf(state, event, event.stage);
  const expected = turnId(event.stage, record.turns + 1);
  if (event.turn !== expected) throw misfit(event, `turn ${event.turn} is not ${expected}`);
  if (record.status !== "running") toStatus(state, record, "running", event);
  if (record.inFlight.length > 0) throw misfit(event, `a turn of ${event.stage} is in flight`);
  const { turn, kind, round, attempt, agent } = event;
  if (attempt === 1) forgetAttempts(record);
  record.starts = attempt;
  record.turns += 1;
  record.round = round;
  record.startedAt ??= at;
  record.inFlight = [{ turn, kind, round, attempt, agent, epoch: state.epoch, startedAt: at }];
  countInFlight(state, record, 1);
  requeue(state, record);
}

/** Counters belong to one turn: they start anew with its first attempt. */
function forgetAttempts(record: StageRecord): void {
  record.failures = 0;
  record.crashes = 0;
  record.waitingSince = null;
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
  record.inFlight = record.inFlight.filter((flight) => flight !== turn);
  countInFlight(state, record, -1);
  state.inherited.delete(turn.turn);
  addUsage(state, turn, result.usage);
  if (result.session !== null && turn.agent !== null)
    record.sessions.set(sessionKey(turn.kind, turn.agent), result.session);
  record.last = { turn, result, at, verdict: null };
  noteEnd(state, record, turn, result, at);
  if (record.pendingReset !== null && record.inFlight.length === 0) startAnew(state, record, event);
  else requeue(state, record);
}

/** The last of a stage that the new definition does not have: it is over, and it counts. */
function settleLeaving(state: RunState, record: StageRecord, event: EventOf<"turn.settled">): void {
  const turn = record.inFlight.find((flight) => flight.turn === event.turn);
  if (turn === undefined) throw misfit(event, `${event.turn} is not in flight`);
  record.inFlight = record.inFlight.filter((flight) => flight !== turn);
  state.turnsInFlight -= 1;
  state.inherited.delete(turn.turn);
  addUsage(state, turn, event.result.usage);
  if (record.inFlight.length === 0) state.leaving.delete(record.definition.id);
}

function noteEnd(state: RunState, record: StageRecord, turn: TurnView, result: TurnResult, at: number): void {
  if (result.status === "succeeded") noteSuccess(state, record, turn, result);
  else if (result.status === "failed") noteFailure(record, turn, result, at);
  else noteInterruption(record, turn, result.reason === "crashed");
}

function noteInterruption(record: StageRecord, turn: TurnView, isCrash: boolean): void {
  record.crashes = isCrash ? record.crashes + 1 : 0;
  record.unfinished = { turn: turn.turn, how: isCrash ? "crashed" : "interrupted" };
}

function noteFailure(record: StageRecord, turn: TurnView, result: TurnFailed, at: number): void {
  record.crashes = 0;
  record.unfinished = { turn: turn.turn, how: "failed" };
  const isNamed = namedTime(result, at) !== null;
  record.waitingSince = isNamed ? (record.waitingSince ?? at) : null;
  if (!isNamed) record.failures += 1;
}

function noteSuccess(state: RunState, record: StageRecord, turn: TurnView, result: TurnSucceeded): void {
  record.crashes = 0;
  record.unfinished = null;
  record.failureReport = result.failureReport ?? record.failureReport;
  keepArtifacts(state, record, turn, result);
  if (turn.kind === "check") {
    record.lastChecks = result.checks ?? [];
    if (!checksPassed(result)) record.feedback.push({ source: "check", round: turn.round, text: result.output });
    return;
  }
  record.output = result.output;
  record.outputTurn = turn.turn;
  if (turn.kind === "review") return;
  record.work = { turn: turn.turn, output: result.output };
  if (turn.kind === "fix") record.fixes += 1;
}

/** A file belongs to one stage; only the review stage mapped to it writes another's. */
function keepArtifacts(state: RunState, record: StageRecord, turn: TurnView, result: TurnSucceeded): void {
  const { reviews, artifacts } = record.definition;
  const reviewed = reviews === null ? undefined : state.stages.get(reviews);
  for (const artifact of result.artifacts) {
    const own = artifacts.includes(artifact.name);
    const owner = !own && reviewed?.definition.artifacts.includes(artifact.name) === true ? reviewed : record;
    owner.artifacts.set(artifact.name, { ...artifact, turn: turn.turn });
  }
}

function countInFlight(state: RunState, record: StageRecord, change: 1 | -1): void {
  state.turnsInFlight += change;
  const { group } = record.definition;
  if (group !== null) state.inFlightByGroup.set(group, lookUp(state.inFlightByGroup, group) + change);
}

function addUsage(state: RunState, turn: TurnView, usage: Usage | null): void {
  if (turn.agent === null) return;
  const { usage: sum } = state;
  const tellsTokens = usage !== null && usage.inputTokens !== null && usage.outputTokens !== null;
  state.usage = {
    inputTokens: sum.inputTokens + (usage?.inputTokens ?? 0),
    outputTokens: sum.outputTokens + (usage?.outputTokens ?? 0),
    costUsd: sum.costUsd + (usage?.costUsd ?? 0),
    unknownTokens: sum.unknownTokens + (tellsTokens ? 0 : 1),
    unknownCost: sum.unknownCost + ((usage?.costUsd ?? null) === null ? 1 : 0),
  };
}
