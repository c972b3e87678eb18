import type { StageId } from "../model/ids.js";
import { nearestName } from "../model/nearest-name.js";
import type { RunDefinition } from "../model/run.js";
import { shapeOf } from "../model/stage-shape.js";
import type { StageStatus } from "../model/status.js";
import type { StageDefinition } from "../model/workflow.js";
import type { VanishedStage } from "./plan-types.js";
import type { RunState } from "./run-state.js";

/** Their work would be forgotten. */
const HAS_WORK: ReadonlySet<StageStatus> = new Set(["completed", "waiting", "running"]);

/** The stages that the new definition leaves out, each with what it may have become. */
export function vanishedStages(state: RunState, definition: RunDefinition, isAsked: boolean): readonly VanishedStage[] {
  if (definition === state.definition) return [];
  const kept = new Set(definition.workflow.stages.map(({ id }) => id));
  const gone = [...state.stages.values()].filter((record) => !kept.has(record.definition.id));
  return gone.map(({ definition: stage, status }) => ({
    stage: stage.id,
    status,
    nearest: nearestStage(stage, state, definition),
    asks: isAsked && HAS_WORK.has(status),
  }));
}

/** A new stage that does just the same, else a new one with a similar id. What was there before is not its new name. */
function nearestStage(stage: StageDefinition, state: RunState, definition: RunDefinition): StageId | null {
  const { stages } = definition.workflow;
  const added = stages.filter(({ id }) => !state.stages.has(id));
  const wanted = JSON.stringify(shapeOf(stage, state.definition));
  const twins = added.filter((one) => JSON.stringify(shapeOf(one, definition)) === wanted);
  const [twin, ...others] = twins;
  if (twin !== undefined && others.length === 0) return twin.id;
  return nearestName(
    stage.id,
    added.map(({ id }) => id),
  );
}
