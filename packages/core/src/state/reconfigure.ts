import type { EventOf } from "../model/events.js";
import { workflowGraph } from "../model/graph.js";
import { indexStages } from "./index-stages.js";
import { misfit } from "./misfit.js";
import { newRecord, type RunState } from "./run-state.js";

/**
 * Another definition: stages are matched by id, new ones are pending, vanished ones are forgotten (never while a turn
 * of theirs is in flight). What has to run again is said by the `stage.reset` events around it.
 */
export function reconfigure(state: RunState, event: EventOf<"run.reconfigured">): void {
  const graph = workflowGraph(event.definition.workflow);
  for (const [id, record] of state.stages) {
    if (record.inFlight.length > 0 && !graph.stages.has(id)) throw misfit(event, `a turn of ${id} is in flight`);
  }
  const old = state.stages;
  state.definition = event.definition;
  state.graph = graph;
  state.stages = new Map();
  for (const [id, definition] of graph.stages) {
    const record = old.get(id) ?? newRecord(definition);
    record.definition = definition;
    state.stages.set(id, record);
  }
  indexStages(state);
}
