import type { StageId } from "../model/ids.js";
import type { RunDefinition } from "../model/run.js";
import { type ShapeChange, shapeChanges } from "../model/stage-shape.js";
import type { StageStatus } from "../model/status.js";
import type { StageDefinition } from "../model/workflow.js";
import type { RunState, StageRecord } from "./run-state.js";

/** A stage of the definition that a resume goes on with, and what the run knows of it. */
export interface PlannedStage {
  readonly definition: StageDefinition;
  /** null = the run has no such stage yet. */
  readonly record: StageRecord | null;
  readonly status: StageStatus;
  readonly changes: readonly ShapeChange[];
}

/** By id, in declared order. */
export interface PlannedStages {
  get(id: StageId): PlannedStage | undefined;
  keys(): Iterable<StageId>;
  values(): Iterable<PlannedStage>;
}

const NO_CHANGES: readonly ShapeChange[] = [];

/** The stages of the recorded definition are not compared, and none of them is kept: a run may have very many. */
export function plannedStages(state: RunState, definition: RunDefinition): PlannedStages {
  if (definition !== state.definition) {
    return new Map(definition.workflow.stages.map((stage) => [stage.id, comparedStage(state, stage, definition)]));
  }
  return {
    get(id) {
      const record = state.stages.get(id);
      return record && recordedStage(record);
    },
    keys: () => state.stages.keys(),
    *values() {
      for (const record of state.stages.values()) yield recordedStage(record);
    },
  };
}

function recordedStage(record: StageRecord): PlannedStage {
  return { definition: record.definition, record, status: record.status, changes: NO_CHANGES };
}

function comparedStage(state: RunState, stage: StageDefinition, definition: RunDefinition): PlannedStage {
  const record = state.stages.get(stage.id) ?? null;
  const changes = shapeChanges(stage, state.definition, definition);
  return { definition: stage, record, status: record?.status ?? "pending", changes };
}
