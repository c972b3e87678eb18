import type { EventOf } from "../model/events.js";
import { neededFor } from "../model/graph.js";
import type { StageDefinition } from "../model/workflow.js";
import { workflowGraph } from "../model/workflow-graph.js";
import { indexStages } from "./index-stages.js";
import { misfit } from "./misfit.js";
import { regroup } from "./reduce-spending.js";
import { newRecord, type RunState, type StageRecord } from "./run-state.js";

/**
 * Another definition: stages are matched by id, new ones are pending, vanished ones are forgotten, those with a turn of
 * an earlier claim in flight when it has settled. What has to run again is said by the `stage.reset` events after it.
 */
export function reconfigure(state: RunState, event: EventOf<"run.reconfigured">): void {
  const { workflow, expectedMs } = event.definition;
  const positions = new Map(workflow.stages.map(({ id }, position) => [id, position]));
  for (const [id, { inFlight }] of state.stages) {
    const isEnding = inFlight.every(({ turn }) => state.inherited.has(turn));
    if (!isEnding && !positions.has(id)) throw misfit(event, `a turn of ${id} is in flight`);
  }
  const old = state.stages;
  state.definition = event.definition;
  state.graph = workflowGraph(workflow, (id) => positions.get(id), expectedMs);
  if (state.until !== null) state.within = neededFor(workflow, state.until);
  state.stages = new Map();
  for (const [position, definition] of workflow.stages.entries()) {
    const { id } = definition;
    const record = old.get(id) ?? comeBack(state, definition, position);
    record.definition = definition;
    record.position = position;
    state.stages.set(id, record);
    old.delete(id);
  }
  for (const [id, record] of old) {
    const { turns, usage, activeMs } = record;
    state.vanished.set(id, { turns, usage, activeMs });
    if (record.inFlight.length > 0) state.leaving.set(id, record);
  }
  indexStages(state);
  regroup(state);
}

/** Turn ids are never used twice, so a stage that once was here goes on counting. */
function comeBack(state: RunState, definition: StageDefinition, position: number): StageRecord {
  const leaving = state.leaving.get(definition.id);
  if (leaving !== undefined) {
    state.leaving.delete(definition.id);
    leaving.pendingReset = "changed"; // what was left out begins anew
    return leaving;
  }
  const record = newRecord(definition, position);
  return Object.assign(record, state.vanished.get(definition.id));
}
