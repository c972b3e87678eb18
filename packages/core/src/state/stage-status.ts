import { eachBehind } from "../model/edges.js";
import type { RunEvent } from "../model/events.js";
import { STAGE_TRANSITIONS, type StageStatus, satisfiesNeed } from "../model/status.js";
import { misfit } from "./misfit.js";
import { requeue } from "./queues.js";
import { type RunState, recordAt, type StageRecord } from "./run-state.js";

/** Moves a stage to another status and keeps every counter and set that depends on it. Throws `EVENT_INVALID`. */
export function toStatus(state: RunState, record: StageRecord, to: StageStatus, event: RunEvent): void {
  const { definition, status: from } = record;
  if (!STAGE_TRANSITIONS[from].includes(to)) throw misfit(event, `stage ${definition.id} is ${from}, not to be ${to}`);
  if (record.inFlight.length > 0) throw misfit(event, `a turn of ${definition.id} is in flight`);
  record.status = to;
  state.counts[from] -= 1;
  state.counts[to] += 1;
  countFailure(state, record, from, -1);
  countFailure(state, record, to, 1);
  if (to === "running" || to === "waiting") state.active.add(definition.id);
  else state.active.delete(definition.id);
  if (to === "skipped") state.skipped.add(definition.id);
  else state.skipped.delete(definition.id);
  if (satisfiesNeed(from) !== satisfiesNeed(to)) shiftDependents(state, record, satisfiesNeed(to) ? -1 : 1);
  requeue(state, record);
}

function countFailure(state: RunState, record: StageRecord, status: StageStatus, change: 1 | -1): void {
  if (status !== "failed") return;
  const { id, group } = record.definition;
  if (change === 1) state.failed.add(id);
  else state.failed.delete(id);
  state.failedByGroup.set(group, (state.failedByGroup.get(group) ?? 0) + change);
}

function shiftDependents(state: RunState, record: StageRecord, change: 1 | -1): void {
  eachBehind(state.graph.dependents, record.position, (position) => {
    const dependent = recordAt(state, position);
    dependent.needsLeft += change;
    if (dependent.status === "pending") requeue(state, dependent);
  });
}
