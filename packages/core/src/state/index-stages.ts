import { longestFirst } from "../model/longest-first.js";
import { satisfiesNeed } from "../model/status.js";
import { waitsFor } from "../model/workflow-graph.js";
import { requeue } from "./queues.js";
import { noCounts, type RunState, type StageRecord } from "./run-state.js";

/** Every counter, set and queue anew from the stage records: what only a new definition may cost. */
export function indexStages(state: RunState): void {
  state.counts = noCounts();
  const sets = [state.failed, state.failedByGroup, state.inFlightByGroup, state.active, state.skipped];
  for (const set of [...sets, state.outcomes, state.delayed, state.ready]) set.clear();
  for (const record of state.stages.values()) count(state, record);
  const { expectedMs } = state.definition;
  for (const record of longestFirst([...state.stages.values()], ({ definition }) => definition.id, expectedMs)) {
    record.queue = "none";
    requeue(state, record);
  }
}

function count(state: RunState, record: StageRecord): void {
  const { definition, status, inFlight } = record;
  const { id, group } = definition;
  state.counts[status] += 1;
  record.needsLeft = waitsFor(definition).filter((need) => !isSatisfied(state, need)).length;
  if (status === "running" || status === "waiting") state.active.add(id);
  if (status === "skipped") state.skipped.add(id);
  if (status === "failed") {
    state.failed.add(id);
    state.failedByGroup.set(group, (state.failedByGroup.get(group) ?? 0) + 1);
  }
  if (group !== null) {
    state.inFlightByGroup.set(group, (state.inFlightByGroup.get(group) ?? 0) + inFlight.length);
  }
}

function isSatisfied(state: RunState, need: string): boolean {
  const status = state.stages.get(need)?.status;
  return status !== undefined && satisfiesNeed(status);
}
