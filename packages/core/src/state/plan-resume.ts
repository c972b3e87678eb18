import type { EventOf, ResetCause } from "../model/events.js";
import { stageUnknown } from "../model/graph.js";
import type { StageId } from "../model/ids.js";
import { lookUp } from "../model/look-up.js";
import type { RunDefinition } from "../model/run.js";
import type { ShapeChange } from "../model/stage-shape.js";
import type { StageStatus } from "../model/status.js";
import { type Again, stagesAgain } from "./plan-again.js";
import type { PlanReason, ResumeChoices, ResumePlan, StagePlan } from "./plan-types.js";
import { vanishedStages } from "./plan-vanished.js";
import { type PlannedStage, type PlannedStages, plannedStages } from "./planned-stages.js";
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
  const planning = beginPlan(state, offered, choices);
  return { stages: [...plansOf(planning)], ...endPlan(planning) };
}

/** What a claim needs of {@link planResume}: without what becomes of each stage, of which a run may have very many. */
export function planClaim(
  state: RunState,
  offered: RunDefinition | null = null,
  choices: ResumeChoices = {},
): Omit<ResumePlan, "stages"> {
  return endPlan(beginPlan(state, offered, choices));
}

interface Planning {
  readonly state: RunState;
  readonly definition: RunDefinition;
  readonly planned: PlannedStages;
  readonly again: ReadonlyMap<StageId, Again>;
  /** A person has to decide about what is finished and would run again. */
  readonly isAsked: boolean;
}

function beginPlan(state: RunState, offered: RunDefinition | null, { from, changed = "ask" }: ResumeChoices): Planning {
  const definition = offered ?? state.definition;
  const planned = plannedStages(state, definition);
  if (from !== undefined && planned.get(from) === undefined) throw stageUnknown(from, planned.keys());
  const again = stagesAgain({ state, definition, planned, from: from ?? null, isKept: changed === "keep" });
  return { state, definition, planned, again, isAsked: changed === "ask" };
}

function endPlan(planning: Planning): Omit<ResumePlan, "stages"> {
  const { state, definition, planned, again, isAsked } = planning;
  const vanished = vanishedStages(state, definition, isAsked);
  const resets: EventOf<"stage.reset">[] = [];
  let asks = vanished.some((stage) => stage.asks);
  for (const one of planned.values()) {
    const anew = again.get(one.definition.id) ?? null;
    resets.push(...resetOf(one, anew));
    asks ||= isQuestion(one, anew, isAsked);
  }
  return { vanished, asks, events: [...adoption(planning, resets), ...resets] };
}

function* plansOf({ planned, again, isAsked }: Planning): Iterable<StagePlan> {
  for (const one of planned.values()) yield planOf(one, again.get(one.definition.id) ?? null, isAsked);
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
  { state, definition, planned }: Planning,
  resets: readonly EventOf<"stage.reset">[],
): readonly EventOf<"run.reconfigured">[] {
  const anew = new Set(resets.map(({ stage }) => stage));
  const isDeferred = [...state.active].some(
    (id) => lookUp(state.stages, id).inFlight.length > 0 && (anew.has(id) || planned.get(id) === undefined),
  );
  const format = Math.max(definition.format, state.definition.format, isDeferred ? 2 : 1);
  const adopted = format === definition.format ? definition : { ...definition, format };
  if (adopted === state.definition || JSON.stringify(adopted) === JSON.stringify(state.definition)) return [];
  return [{ type: "run.reconfigured", definition: adopted }];
}

function planOf(planned: PlannedStage, again: Again | null, isAsked: boolean): StagePlan {
  const { definition, record, changes } = planned;
  const asks = isQuestion(planned, again, isAsked);
  const common = { stage: definition.id, changes, upstream: again?.upstream ?? NO_STAGES, asks };
  if (again !== null && hasBegun(planned)) {
    return { ...common, action: "run", from: "start", reason: reasonOf(again, changes) };
  }
  if (record === null) return { ...common, action: "run", from: "start", reason: "new stage" };
  return { ...common, ...standing(record) };
}

const NO_STAGES: readonly StageId[] = [];

/** It runs again because of an edit; what has failed, was cancelled or has not begun runs anyway. */
function hasBegun({ status }: PlannedStage): boolean {
  return status !== "failed" && status !== "cancelled" && status !== "pending";
}

function isQuestion({ status }: PlannedStage, again: Again | null, isAsked: boolean): boolean {
  return isAsked && again !== null && !again.isForced && (status === "completed" || status === "waiting");
}

function reasonOf({ cause }: Again, changes: readonly ShapeChange[]): PlanReason {
  if (cause === "forced") return "forced";
  if (cause === "upstream") return "upstream ran again";
  const [first] = changes;
  return first === undefined ? "no longer skipped" : `${first.part} changed`;
}

function standing({ status, round, pendingReset, approved }: StageRecord): Standing {
  if (status === "running")
    return { action: "run", from: pendingReset === null ? { round } : "start", reason: "interrupted" };
  if (status === "waiting" && approved === null) return { action: "wait", from: { round }, reason: "approval" };
  return AT_REST[status]; // what is approved completes with the claim
}

type Standing = Pick<StagePlan, "action" | "from" | "reason">;

const AT_REST: Readonly<Record<Exclude<StageStatus, "running">, Standing>> = {
  completed: { action: "keep", from: "start", reason: "finished" },
  skipped: { action: "keep", from: "start", reason: "skipped" },
  waiting: { action: "keep", from: "start", reason: "finished" },
  pending: { action: "run", from: "start", reason: "not started" },
  failed: { action: "run", from: "start", reason: "failed" },
  cancelled: { action: "run", from: "start", reason: "cancelled" },
};
