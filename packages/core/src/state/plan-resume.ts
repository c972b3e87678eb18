import type { EventOf, ResetCause } from "../model/events.js";
import { stageUnknown } from "../model/graph.js";
import type { RunDefinition } from "../model/run.js";
import { type ShapeChange, shapeChanges } from "../model/stage-shape.js";
import type { StageStatus } from "../model/status.js";
import type { StageDefinition } from "../model/workflow.js";
import { type Again, type PlannedStage, stagesAgain } from "./plan-again.js";
import type { PlanReason, ResumeChoices, ResumePlan, StagePlan } from "./plan-types.js";
import { vanishedStages } from "./plan-vanished.js";
import type { RunState, StageRecord } from "./run-state.js";

/**
 * What a resume of the run does, with another definition or with the recorded one. The claim takes its events from here
 * and from nowhere else, so what is shown is what is done. Pure, and the state is only read.
 *
 * Failed and cancelled stages start anew. Of an edit counts what shapes the result of a stage (`shapeOf`):
 * - A stage that has not started uses the new text.
 * - A stage in progress starts anew, its feedback kept: turns of two definitions are not mixed. With `keep` it goes on in
 *   its round with the new text, unless its kind, its agents, its checks or what it reviews are others.
 * - A finished one (completed, or waiting for a person) runs again when `changed` is `rerun`, stays when it is `keep`, and
 *   makes the plan ask otherwise. So does one that a stage is newly placed before which is still to run.
 * - What runs again although it had a result invalidates everything that depends on it, and nothing else.
 * - A skipped stage stays skipped, unless the new definition would not skip it.
 *
 * Throws `STAGE_UNKNOWN` for a `from` that the definition does not have.
 */
export function planResume(
  state: RunState,
  offered: RunDefinition | null = null,
  choices: ResumeChoices = {},
): ResumePlan {
  const definition = offered ?? state.definition;
  const { from, changed = "ask" } = choices;
  const planned = new Map(
    definition.workflow.stages.map((stage) => [stage.id, plannedStage(state, stage, definition)]),
  );
  if (from !== undefined && !planned.has(from)) throw stageUnknown(from, planned.keys());
  const again = stagesAgain({ state, definition, planned, from: from ?? null, isKept: changed === "keep" });
  const stages = [...planned.values()].map((one) =>
    planOf(one, again.get(one.definition.id) ?? null, changed === "ask"),
  );
  const vanished = vanishedStages(state, definition, changed === "ask");
  const resets = [...planned.values()].flatMap((one) => resetOf(one, again.get(one.definition.id) ?? null));
  return {
    stages,
    vanished,
    asks: [...stages, ...vanished].some(({ asks }) => asks),
    events: [...adoption(state, definition, resets), ...resets],
  };
}

function plannedStage(state: RunState, stage: StageDefinition, definition: RunDefinition): PlannedStage {
  const record = state.stages.get(stage.id) ?? null;
  const changes = definition === state.definition ? [] : shapeChanges(stage, state.definition, definition);
  return { definition: stage, record, status: record?.status ?? "pending", changes };
}

function resetOf({ definition, record, status }: PlannedStage, again: Again | null): readonly EventOf<"stage.reset">[] {
  if (record === null || status === "pending") return [];
  const cause: ResetCause | null = status === "failed" || status === "cancelled" ? status : (again?.cause ?? null);
  if (cause === null || record.pendingReset !== null) return [];
  return [{ type: "stage.reset", stage: definition.id, cause }];
}

/**
 * The new definition, when it is another. One that an older version would read as damage is marked with the format that
 * it does not know: a reset of a stage, or one left out, with a turn of a dead holder in flight.
 */
function adoption(
  state: RunState,
  definition: RunDefinition,
  resets: readonly EventOf<"stage.reset">[],
): readonly EventOf<"run.reconfigured">[] {
  const kept = new Set(definition.workflow.stages.map(({ id }) => id));
  const anew = new Set(resets.map(({ stage }) => stage));
  const isDeferred = [...state.stages].some(
    ([id, { inFlight }]) => inFlight.length > 0 && (anew.has(id) || !kept.has(id)),
  );
  const format = Math.max(definition.format, state.definition.format, isDeferred ? 2 : 1);
  const adopted = format === definition.format ? definition : { ...definition, format };
  if (adopted === state.definition || JSON.stringify(adopted) === JSON.stringify(state.definition)) return [];
  return [{ type: "run.reconfigured", definition: adopted }];
}

function planOf(planned: PlannedStage, again: Again | null, isAsked: boolean): StagePlan {
  const { definition, record, status, changes } = planned;
  const common = { stage: definition.id, changes, upstream: again?.upstream ?? [], asks: false };
  if (again !== null && status !== "failed" && status !== "cancelled" && status !== "pending") {
    const hadResult = status === "completed" || status === "waiting";
    const asks = isAsked && hadResult && !again.isForced;
    return { ...common, action: "run", from: "start", reason: reasonOf(again, changes), asks };
  }
  if (record === null) return { ...common, action: "run", from: "start", reason: "new stage" };
  return { ...common, ...standing(record) };
}

function reasonOf({ cause }: Again, changes: readonly ShapeChange[]): PlanReason {
  if (cause === "forced") return "forced";
  if (cause === "upstream") return "upstream ran again";
  const [first] = changes;
  return first === undefined ? "no longer skipped" : `${first.part} changed`;
}

function standing(record: StageRecord): Pick<StagePlan, "action" | "from" | "reason"> {
  const { round, pendingReset, approved } = record;
  const isAnew = pendingReset !== null;
  const isApproved = approved !== null; // it completes with the claim
  const plans: Readonly<Record<StageStatus, Pick<StagePlan, "action" | "from" | "reason">>> = {
    completed: { action: "keep", from: "start", reason: "finished" },
    skipped: { action: "keep", from: "start", reason: "skipped" },
    waiting: isApproved
      ? { action: "keep", from: "start", reason: "finished" }
      : { action: "wait", from: { round }, reason: "approval" },
    running: { action: "run", from: isAnew ? "start" : { round }, reason: "interrupted" },
    pending: { action: "run", from: "start", reason: "not started" },
    failed: { action: "run", from: "start", reason: "failed" },
    cancelled: { action: "run", from: "start", reason: "cancelled" },
  };
  return plans[record.status];
}
