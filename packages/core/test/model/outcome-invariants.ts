import type { EventOf, RunEvent } from "../../src/model/events.js";
import type { Condition, StageDefinition } from "../../src/model/workflow.js";
import { waitsFor } from "../../src/model/workflow-graph.js";
import { haltAt } from "../../src/state/halt.js";
import { checksPassed } from "../../src/state/next-step.js";
import type { RunState, StageRecord } from "../../src/state/run-state.js";
import { type ClaimFacts, hold } from "./claim-facts.js";
import { checkPartsDone, isUnderWay } from "./part-invariants.js";
import { openQuestions } from "./random-requests.js";
import { isNamed, isUnnamedLimit, type Lane, laneOf, type TalliedTurn, type Tallies, type Tally } from "./tally.js";

/** What must hold before a stage or the run gets an outcome; `state` is the state before the event. */
export function checkOutcome(state: RunState, event: RunEvent, at: number, tallies: Tallies, claim: ClaimFacts): void {
  if (event.type === "stage.completed") checkCompletion(state, event, tallies);
  else if (event.type === "stage.failed") checkFailure(state, event, tallies);
  else if (event.type === "stage.cancelled") checkCancellation(state, event);
  else if (event.type === "stage.skipped") checkSkip(state, event);
  else if (event.type === "run.finished") {
    checkEnd(state, event, at);
    if (event.limit === "wait") checkLongWait(state, at, tallies, claim);
  }
}

function recordOf(state: RunState, id: string): StageRecord {
  const record = state.stages.get(id);
  hold(record !== undefined, `stage ${id} exists`);
  hold(record.inFlight.length === 0, `nothing of ${id} is in flight when it ends`);
  return record;
}

function checkCompletion(state: RunState, { stage, turn }: EventOf<"stage.completed">, tallies: Tallies): void {
  const { definition, artifacts } = recordOf(state, stage);
  hold(
    definition.needs.every((need) => isSatisfied(state, need) || turn !== null),
    `${stage} completes after its needs`,
  );
  if (definition.kind === "terminal") {
    hold(turn === null, `${stage} completes without a turn`);
    return;
  }
  const tally = tallies.of(stage);
  const last = tally.lastSettled;
  hold(last !== undefined && last.start.turn === turn, `${stage} completes with its newest turn`);
  checkPartsDone(recordOf(state, stage), tally, `the end of ${stage}`);
  hold(last.result?.status === "succeeded", `${stage} completes with a success`);
  hold(
    definition.artifacts.every((name) => artifacts.has(name)),
    `${stage} completes with its artifacts`,
  );
  if (definition.kind === "review") {
    const isApproved = last.verdict?.decision === "approved" && last.result.verdict?.decision === "approved";
    hold(isApproved, `${stage} completes when approved`);
    checkCheckedAgain(state, definition, tally);
  }
  if (definition.kind !== "review") hold(last.verdict === null, `${stage} completes without a rejection`);
  // a result that waited for a person counts as finished: an edit may have added checks to it that were kept out
  if (definition.checks.length > 0 && !definition.approval) {
    const checked = tally.turns.findLast(({ start }) => start.kind === "check")?.result;
    hold(checked?.status === "succeeded" && checksPassed(checked), `${stage} completes with passed checks`);
  }
  if (definition.approval) hold(tally.approved === turn, `${stage} completes when a person has approved ${turn}`);
  for (const id of definition.requiresAcceptance)
    hold(state.stages.get(id)?.status === "completed" || tally.turns.length > 0, `${stage} completes after ${id}`);
}

/** After a fix, the checks of the reviewed stage must hold again. */
function checkCheckedAgain(state: RunState, { id, reviews }: StageDefinition, { turns }: Tally): void {
  const fix = turns.findLastIndex(({ start, result }) => start.kind === "fix" && result?.status === "succeeded");
  if (reviews === null || fix < 0 || state.stages.get(reviews)?.definition.checks.length === 0) return;
  hold(
    turns.slice(fix).some(({ start }) => start.kind === "check"),
    `${id} is checked after its fix`,
  );
}

function isSatisfied(state: RunState, id: string): boolean {
  const status = state.stages.get(id)?.status;
  return status === "completed" || status === "skipped";
}

function checkFailure(state: RunState, { stage, turn, error }: EventOf<"stage.failed">, tallies: Tallies): void {
  const record = recordOf(state, stage);
  const tally = tallies.of(stage);
  const last = tally.lastSettled;
  if (isUnderWay(record, tally)) {
    checkFailedParts(record, tally, turn, error.message);
    return;
  }
  hold((last?.start.turn ?? null) === turn, `${stage} fails with its newest turn`);
  if (last !== undefined) checkUsedUp(record, laneOf(tally, last.start), last);
  if (error.code !== "CHECKS_FAILED" || last === undefined) return;
  const isFailedCheck = last.start.kind === "check" && last.verdict === null;
  hold(isFailedCheck, `${stage} fails with CHECKS_FAILED because of a check`);
}

/** Nobody of several agents has anything left to do, and who failed is said. */
function checkFailedParts(record: StageRecord, tally: Tally, turn: string | null, message: string): void {
  const { id, parallelAgents = [] } = record.definition;
  const failed: string[] = [];
  for (const agent of parallelAgents) {
    const lane = laneOf(tally, { kind: "work", agent });
    const last = lane.turns.at(-1);
    hold(last !== undefined && last.result !== null, `${agent} has had its turn when ${id} fails`);
    if (last.result.status === "succeeded") continue;
    checkUsedUp(record, lane, last);
    failed.push(last.start.turn);
    hold(message.includes(agent), `the failure of ${id} names ${agent}`);
  }
  hold(failed[0] === turn, `${id} fails with the turn of the first agent that failed`);
}

/** A stage does not fail while it has an attempt or a round left. */
function checkUsedUp({ definition }: StageRecord, { failures, crashesInARow }: Lane, last: TalliedTurn): void {
  const { result, settledAt, start } = last;
  const { id, retry, maxRounds, workAgent, artifacts } = definition;
  if (result?.status === "interrupted") hold(crashesInARow === 3, `${id} fails after its third crash in a row`);
  else if (result?.status === "failed") {
    const isUsedUp = failures >= retry.attempts && !isNamed(result, settledAt) && !isUnnamedLimit(result, settledAt);
    hold(result.retry === "never" || isUsedUp, `${id} fails after its last attempt`);
  } else {
    const isLastRound = start.round === maxRounds || workAgent === null;
    hold(isLastRound || artifacts.length > 0, `${id} fails after its last round`);
  }
}

function checkCancellation(state: RunState, { stage, cause }: EventOf<"stage.cancelled">): void {
  const { definition } = recordOf(state, stage);
  if (cause.by === "request") {
    hold(state.cancelRequested, `${stage} is cancelled on request`);
    return;
  }
  const other = state.stages.get(cause.stage);
  const group = definition.group;
  hold(
    group !== null && other?.definition.group === group && other.status === "failed",
    `${stage} has a failed sibling`,
  );
  hold(state.graph.groups.get(group)?.onFailure === "fail_fast", `${stage} is in a group that fails fast`);
}

function checkSkip(state: RunState, { stage, by }: EventOf<"stage.skipped">): void {
  const { definition, status } = recordOf(state, stage);
  const isFlagged = definition.optional && state.definition.skip.includes(stage);
  hold(status === "pending" && isFlagged === (by === "flag"), `${stage} may be skipped`);
  hold(
    waitsFor(definition).every((id) => isSatisfied(state, id)),
    `${stage} is skipped after what it waits for`,
  );
  if (by === "condition") hold(definition.when !== undefined && !isTrue(state, definition.when), `${stage} has to run`);
}

/** A condition, evaluated in other words than the engine does. */
export function isTrue(state: RunState, condition: Condition): boolean {
  const parts = Object.entries(condition);
  const [[word, value] = ["", null]] = parts;
  if (word === "not") return !isTrue(state, value);
  if (word === "all") return !value.some((part: Condition) => !isTrue(state, part));
  if (word === "any") return !value.every((part: Condition) => !isTrue(state, part));
  if ("input" in condition) return state.definition.inputs[condition.input] === condition.equals;
  return "stage" in condition && state.stages.get(condition.stage)?.status === condition.is;
}

function checkEnd(state: RunState, { outcome, limit }: EventOf<"run.finished">, at: number): void {
  const statuses = [...state.stages.values()].map(({ status }) => status);
  const isDone = statuses.every((status) => status === "completed" || status === "skipped");
  hold(statuses.length === state.stages.size && state.turnsInFlight === 0, "nothing is in flight at the end");
  hold(
    [...state.stages.values()].every(({ inFlight }) => inFlight.length === 0),
    "nothing is in flight at the end",
  );
  hold((outcome === "succeeded") === isDone, `a run that ends as ${outcome} with ${statuses.join()}`);
  const halt = haltAt(state, at);
  const isLimited = outcome === "limited" || (outcome === "failed" && (halt !== null || limit === "wait"));
  hold(isLimited === (limit !== null), "the limit is named");
  if (outcome === "limited") {
    hold(state.failed.size === 0, "a limit hides no failure");
    hold(isAnythingLeft(state), "a limit keeps something from going on");
  }
  if (halt?.by === "limit") hold(limit === halt.limit || limit === null, "the limit that is reached is named");
  if (outcome === "cancelled") hold(state.cancelRequested, "somebody cancelled the run");
  const isUnderWay = statuses.some((status) => status === "running" || status === "waiting");
  if (outcome === "cancelled") hold(!isUnderWay, "nothing is under way in a cancelled run");
  if (outcome === "interrupted") hold(state.stopRequested, "somebody stopped the run");
  if (outcome === "failed") hold(state.failed.size > 0 && (halt?.by ?? "limit") === "limit", "the run has a failure");
  if (outcome === "waiting") hold(statuses.includes("waiting") && state.failed.size === 0, "somebody is asked");
  const isLeft = state.attended && outcome !== "interrupted" && outcome !== "cancelled";
  if (isLeft) hold(openQuestions(state).length === 0, "the person at the terminal has said something of each result");
  if ((outcome === "failed" && halt === null) || outcome === "waiting") checkNothingLeft(state);
  if (outcome !== "cancelled") checkFailedFast(state);
}

/** A run gives up waiting for a time that is still to come, and farther off than this claim may wait. */
function checkLongWait(state: RunState, at: number, tallies: Tallies, claim: ClaimFacts): void {
  const { waitMs } = state.definition.limits;
  hold(waitMs !== null, "the wait is limited");
  const isOver = (retryAt: number | null, { waitsSince }: Lane) =>
    retryAt !== null && retryAt > at && waitsSince !== null && retryAt - Math.max(waitsSince, claim.at) > waitMs;
  const isLong = [...state.stages].some(([id, { retryAt, parts, last }]) => {
    const tally = tallies.of(id);
    if (retryAt === null) return false;
    if (last !== null) return isOver(retryAt, laneOf(tally, last.turn));
    const waiting = [...parts.values()].filter((part) => part.retryAt !== null);
    return waiting.every((part) => isOver(part.retryAt, laneOf(tally, { kind: "work", agent: part.agent })));
  });
  hold(isLong, "a wait is too long");
}

/** Something could go on if no limit were. */
function isAnythingLeft(state: RunState): boolean {
  return [...state.stages.values()].some(({ definition, status }) => {
    if (state.within !== null && !state.within.has(definition.id)) return false;
    const isReady = waitsFor(definition).every((need) => isSatisfied(state, need));
    return status === "running" || (status === "pending" && isReady);
  });
}

/** Whatever could have gone on has gone on. */
function checkNothingLeft(state: RunState): void {
  const groups = new Set([...state.failed].map((id) => state.stages.get(id)?.definition.group ?? null));
  for (const record of state.stages.values()) {
    const { definition, status } = record;
    const waits = [record, ...record.parts.values()];
    const isOverdue = record.retryAt !== null && waits.some(({ waitingSince }) => waitingSince !== null);
    hold(status !== "running" || isOverdue, `${definition.id} goes on to its end`);
    const isFree =
      groups.size === 0 || (groups.size === 1 && definition.group !== null && groups.has(definition.group));
    const isReady = waitsFor(definition).every((need) => isSatisfied(state, need));
    hold(!(status === "pending" && isFree && isReady), `${definition.id} is started`);
  }
}

/** Each member of a group that fails fast has ended. */
function checkFailedFast(state: RunState): void {
  for (const group of state.graph.groups.values()) {
    const statuses = group.stages.map((id) => state.stages.get(id)?.status ?? "completed");
    if (group.onFailure !== "fail_fast" || !statuses.includes("failed")) continue;
    const ends = ["completed", "skipped", "failed", "cancelled"];
    hold(
      statuses.every((status) => ends.includes(status)),
      `${group.name} has ended: ${statuses.join()}`,
    );
  }
}
