import type { EventOf } from "../model/events.js";
import { type GroupName, type StageId, turnId } from "../model/ids.js";
import { lookUp } from "../model/look-up.js";
import { failedFast, isWithin } from "./halt.js";
import { digestOf, inputsOf } from "./inputs.js";
import { dueTurn, nextTurn } from "./next-step.js";
import { partOf } from "./parts.js";
import { sessionKey } from "./reduce-turn.js";
import { NOTHING, type RunState, type StageRecord } from "./run-state.js";
import type { TurnStep } from "./step.js";

/** Pending stages that need no turn and may go. */
export function* effortlessOutcomes(state: RunState): Iterable<StageId> {
  for (const [group, ready] of state.ready) {
    if (!mayStart(state, group)) continue;
    for (const id of ready.effortless) if (isWithin(state, id)) yield id;
  }
}

/**
 * Turns to start now: retries whose time has come, then stages between turns, then new stages, each in the order in
 * which they became ready; never more than the executor's capacity, the run's limit and each group's limit allow.
 */
export function turnStarts(state: RunState, now: number): readonly EventOf<"turn.started">[] {
  if (state.delayed.size === 0 && state.ready.size === 0) return NOTHING;
  const slots = freeSlots(state);
  const starts: EventOf<"turn.started">[] = [];
  const start = (id: StageId, stepOf: (record: StageRecord) => TurnStep): boolean => {
    if (!isWithin(state, id)) return true; // nothing of it is started, and others may be
    const record = lookUp(state.stages, id);
    if (!slots.has(record.definition.group)) return false;
    slots.take(record.definition.group);
    starts.push(startOf(state, record, stepOf(record)));
    return true;
  };
  const due = (record: StageRecord) => dueTurn(state, record, now);
  for (const id of state.delayed) if (isDue(state, id, now)) start(id, due);
  const next = (record: StageRecord) => nextTurn(state, record);
  for (const [group, ready] of state.ready) {
    if (failedFast(state, group)) continue; // what is in flight of it is being ended
    for (const id of ready.resuming) if (!start(id, next)) break;
  }
  for (const [group, ready] of state.ready) {
    if (mayStart(state, group)) for (const id of ready.fresh) if (!start(id, next)) break;
  }
  return starts;
}

/** After a failure nothing new starts outside the group of what failed. */
function mayStart(state: RunState, group: GroupName | null): boolean {
  if (state.failed.size === 0) return true;
  return group !== null && state.failedByGroup.get(group) === state.failed.size;
}

function isDue(state: RunState, id: StageId, now: number): boolean {
  const { retryAt, definition } = lookUp(state.stages, id);
  return retryAt !== null && retryAt <= now && !failedFast(state, definition.group);
}

interface Slots {
  has(group: GroupName | null): boolean;
  take(group: GroupName | null): void;
}

function freeSlots(state: RunState): Slots {
  const most = Math.min(
    state.capacity ?? Number.POSITIVE_INFINITY,
    state.definition.limits.concurrency ?? Number.POSITIVE_INFINITY,
  );
  let free = most - state.turnsInFlight;
  const taken = new Map<GroupName, number>();
  const freeIn = (group: GroupName): number => {
    const limit = lookUp(state.graph.groups, group).maxConcurrent ?? Number.POSITIVE_INFINITY;
    return limit - lookUp(state.inFlightByGroup, group) - (taken.get(group) ?? 0);
  };
  return {
    has: (group) => free > 0 && (group === null || freeIn(group) > 0),
    take: (group) => {
      free -= 1;
      if (group !== null) taken.set(group, (taken.get(group) ?? 0) + 1);
    },
  };
}

function startOf(state: RunState, record: StageRecord, { kind, round, agent }: TurnStep): EventOf<"turn.started"> {
  const { id } = record.definition;
  const { last, starts } = (kind === "work" ? partOf(record, agent) : null) ?? record;
  const isAgain = last !== null && last.result.status !== "succeeded";
  return {
    type: "turn.started",
    turn: turnId(id, record.turns + 1),
    stage: id,
    kind,
    round,
    attempt: isAgain ? starts + 1 : 1,
    agent,
    fingerprint: state.definition.fingerprints[id] ?? "",
    inputs: inputsOf(state, record).map(digestOf),
    session: agent === null ? null : (record.sessions.get(sessionKey(kind, agent)) ?? null),
  };
}
