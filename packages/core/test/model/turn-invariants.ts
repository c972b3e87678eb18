import type { EventOf } from "../../src/model/events.js";
import type { InputDigest } from "../../src/model/refs.js";
import { checksPassed } from "../../src/state/next-step.js";
import type { RunState, StageRecord } from "../../src/state/run-state.js";
import { type ClaimFacts, hold } from "./claim-facts.js";
import { isTrue } from "./outcome-invariants.js";
import { checkFurtherPart, checkPart, checkPartsDone } from "./part-invariants.js";
import { isNamed, isUnnamedLimit, type Lane, laneOf, type TalliedTurn, type Tallies, type Tally } from "./tally.js";

type Started = EventOf<"turn.started">;

/** What must hold before a turn starts; `state` is the state before the event. */
export function checkStart(state: RunState, event: Started, at: number, tallies: Tallies, claim: ClaimFacts): void {
  const { turn, stage: id } = event;
  const record = state.stages.get(id);
  hold(record !== undefined, `${turn} belongs to a stage`);
  hold(!tallies.isKnown(turn), `turn id ${turn} is used once`);
  hold(state.status === "running" && state.inherited.size === 0, `${turn} starts when the run may go on`);
  hold(!state.cancelRequested && !state.stopRequested, `${turn} starts while nobody wants to end the run`);
  const isPart = event.kind === "work" && record.definition.parallelAgents !== undefined;
  if (isPart) checkPart(state, record, event);
  else hold(record.inFlight.length === 0, `one turn of ${id} at a time`);
  hold(record.status === "pending" || record.status === "running", `${turn} starts though ${id} is ${record.status}`);
  checkPlan(event, claim);
  const tally = tallies.of(id);
  const lane = laneOf(tally, event);
  const last = isPart ? lane.turns.at(-1) : tally.lastSettled;
  if (tally.turns.length === 0) checkFirst(state, record, event);
  else if (isPart && last === undefined) checkFurtherPart(event, tally);
  else {
    hold(last !== undefined, `${turn} follows a turn`);
    if (!isPart) checkPartsDone(record, tally, turn);
    if (event.attempt === 1) checkFollowing(record, event, last);
    else checkAgain(record, event, lane, last, at);
  }
  checkRounds(record, event, tally);
  checkInputs(state, record, event, tallies);
}

function checkPlan({ stage, turn }: Started, { plan, denied }: ClaimFacts): void {
  const action = plan.stages.find((one) => one.stage === stage)?.action;
  hold(action !== undefined, `${turn} of a stage that the plan names`);
  hold(action === "run" || (action === "wait" && denied.has(stage)), `${turn} of a stage to ${action}`);
}

function checkFirst(state: RunState, record: StageRecord, event: Started): void {
  const { definition } = record;
  hold(record.status === "pending" && event.round === 1 && event.attempt === 1, `${event.turn} begins its stage`);
  const judges = definition.kind === "review" && definition.reviews !== null;
  hold(judges ? event.kind !== "work" && event.kind !== "fix" : event.kind === "work", `${event.turn} begins right`);
  for (const need of [...definition.needs, ...definition.requiresAcceptance]) {
    const status = state.stages.get(need)?.status;
    hold(status === "completed" || status === "skipped", `${event.turn} starts after ${need}, which is ${status}`);
  }
  const { when, id: own } = definition;
  hold(when === undefined || isTrue(state, when), `${event.turn} starts though the condition of ${own} does not hold`);
  for (const id of state.failed) {
    const group = state.stages.get(id)?.definition.group ?? null;
    hold(group !== null && group === definition.group, `${event.turn} starts anew though ${id} has failed`);
    hold(state.graph.groups.get(group)?.onFailure === "continue", `${event.turn} starts though its group fails fast`);
  }
}

/** The turn after one that brought its result. */
function checkFollowing(record: StageRecord, { kind, round, turn }: Started, last: TalliedTurn): void {
  const { result, verdict, start } = last;
  hold(result?.status === "succeeded", `${turn} follows a success`);
  const isRejected =
    verdict?.decision === "rejected" || (start.kind === "check" && !checksPassed(result) && verdict === null);
  if (kind === "fix") {
    hold(isRejected && verdict?.source !== "none" && round === start.round + 1, `${turn} mends what was rejected`);
  } else if (kind === "check") {
    hold(
      (start.kind === "work" || start.kind === "fix") && !isRejected && round === start.round,
      `${turn} checks work`,
    );
  } else {
    hold(kind === "review" && record.definition.kind === "review", `${turn} reviews`);
    const isRepeated = start.kind === "review" && verdict?.source === "none" && round === start.round + 1;
    hold(isRepeated || (start.kind !== "review" && !isRejected && round === start.round), `${turn} reviews once`);
  }
}

/** The same turn again. */
function checkAgain(record: StageRecord, event: Started, lane: Lane, last: TalliedTurn, at: number): void {
  const { turn, kind, round, attempt, agent } = event;
  const { result, start, settledAt } = last;
  hold(result !== null && result.status !== "succeeded", `${turn} repeats what did not succeed`);
  const isSame = kind === start.kind && round === start.round && agent === start.agent && attempt === start.attempt + 1;
  hold(isSame, `${turn} is the next attempt in the same round`);
  hold(lane.crashesInARow < 3, `${turn} starts after three crashes in a row`);
  if (result.status !== "failed") return;
  hold(result.retry !== "never", `${turn} repeats a final failure`);
  if (isNamed(result, settledAt)) {
    hold(at >= (result.retry.notBefore ?? 0), `${turn} waits for the time that was named`);
    return;
  }
  const { attempts, delayMs, backoff, maxDelayMs } = record.definition.retry;
  if (isUnnamedLimit(result, settledAt)) {
    const wait = Math.max(Math.min(delayMs * backoff ** (lane.limits - 1), maxDelayMs), 30_000);
    hold(at >= settledAt + wait, `${turn} waits ${wait} ms for a limit without a time`);
    return;
  }
  hold(lane.failures < attempts, `${turn} has an attempt left`);
  const wait = Math.min(delayMs * backoff ** (lane.failures - 1), maxDelayMs);
  hold(at >= settledAt + wait, `${turn} waits ${wait} ms`);
}

function checkRounds({ definition }: StageRecord, { kind, round, turn, attempt }: Started, { first }: Tally): void {
  const { maxRounds } = definition;
  hold(round <= maxRounds, `${turn} is in round ${round} of ${maxRounds}`);
  if (attempt > 1) return;
  const most = {
    work: definition.parallelAgents?.length ?? 1,
    review: maxRounds,
    check: maxRounds,
    fix: maxRounds - 1,
  }[kind];
  hold(first[kind] < most, `${turn} is one of at most ${most} ${kind} turns`);
}

function checkInputs(state: RunState, record: StageRecord, event: Started, { newest }: Tallies): void {
  const names = event.inputs.map(keyOf);
  hold(new Set(names).size === names.length, `${event.turn} gets each input once`);
  for (const input of event.inputs) {
    const key = keyOf(input);
    hold(newest.get(key) === input.sha256, `${event.turn} gets the newest version of ${key}`);
    hold(input.stage !== record.definition.id, `${event.turn} does not consume its own stage`);
  }
  for (const need of record.definition.needs) {
    const source = state.stages.get(need);
    if (source?.status !== "completed") continue;
    for (const name of source.definition.artifacts) hold(names.includes(name), `${event.turn} gets ${name}`);
    if (record.definition.kind === "command" || source.definition.artifacts.length > 0) continue;
    const agents = event.inputs.flatMap(({ stage, agent }) => (stage === need ? (agent ?? []) : []));
    const all = [...source.parts.keys()]; // by a definition that may have changed since
    hold(agents.join() === all.join(), `${event.turn} gets what each agent of ${need} answered, in order`);
  }
}

function keyOf({ stage, name, agent }: InputDigest): string {
  return name ?? (agent === undefined ? `output:${stage}` : `output:${stage}:${agent}`);
}

/** Limits on what runs at once; `state` is the state after the event. */
export function checkLimits(state: RunState): void {
  const most = Math.min(state.capacity ?? Infinity, state.definition.limits.concurrency ?? Infinity);
  let sum = 0;
  const byGroup = new Map<string, number>();
  for (const { inFlight, definition } of state.stages.values()) {
    sum += inFlight.length;
    if (definition.group !== null)
      byGroup.set(definition.group, (byGroup.get(definition.group) ?? 0) + inFlight.length);
  }
  hold(sum <= most, `${sum} turns in flight, ${most} allowed`);
  for (const [group, count] of byGroup) {
    const limit = state.graph.groups.get(group)?.maxConcurrent ?? Infinity;
    hold(count <= limit, `${count} turns of ${group} in flight, ${limit} allowed`);
  }
}
