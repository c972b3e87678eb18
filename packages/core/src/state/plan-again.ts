import type { ResetCause } from "../model/events.js";
import type { StageId } from "../model/ids.js";
import { lookUp } from "../model/look-up.js";
import type { RunDefinition } from "../model/run.js";
import { type StageStatus, satisfiesNeed } from "../model/status.js";
import type { StageDefinition } from "../model/workflow.js";
import { waitsFor } from "../model/workflow-graph.js";
import { skippedBy } from "./next-step.js";
import type { PlannedStage, PlannedStages } from "./planned-stages.js";
import type { RunState } from "./run-state.js";

/** Why a stage that has begun starts anew, failures and cancellations aside. */
export interface Again {
  readonly cause: Extract<ResetCause, "changed" | "upstream" | "forced">;
  readonly upstream: readonly StageId[];
  /** A person has named it, or what it depends on. */
  readonly isForced: boolean;
}

export interface AgainRequest {
  readonly state: RunState;
  readonly definition: RunDefinition;
  readonly planned: PlannedStages;
  readonly from: StageId | null;
  /** What is finished stays, whatever was edited. */
  readonly isKept: boolean;
}

/**
 * Keys that say who does what, and what has to hold: with others a stage in progress cannot go on where it stands. A
 * round that is past its checks would end without the new ones.
 */
const STRUCTURE: ReadonlySet<string> = new Set([
  "kind",
  "work_agent",
  "review_agent",
  "parallel_agents",
  "work_to_review_mapping",
  "checks",
  "parallel_agents",
  "scenarios",
]);

/** The stages that start anew because of an edit, because somebody says so, or because one upstream does. */
export function stagesAgain(request: AgainRequest): ReadonlyMap<StageId, Again> {
  const { planned, from, isKept } = request;
  const again = new Map<StageId, Again>();
  let dependents: ReturnType<typeof dependentsOf> | null = null; // mostly nobody asks
  const spread = (origin: StageId, isForced: boolean): void => {
    dependents ??= dependentsOf(planned);
    for (const id of reachedFrom(origin, dependents)) {
      const known = again.get(id);
      if (!isInvalidated(lookUp(planned, id)) || (known !== undefined && known.cause !== "upstream")) continue;
      const upstream = [...new Set([...(known?.upstream ?? []), origin])];
      again.set(id, { cause: "upstream", upstream, isForced: isForced || known?.isForced === true });
    }
  };
  if (from !== null) {
    again.set(from, { cause: "forced", upstream: [], isForced: true });
    spread(from, true);
  }
  const changed: PlannedStage[] = [];
  for (const one of planned.values()) if (isChanged(one, request)) changed.push(one);
  for (const { definition } of changed) {
    const { id } = definition;
    if (again.get(id)?.isForced !== true) again.set(id, { cause: "changed", upstream: [], isForced: false });
  }
  for (const { definition, status } of changed) if (hadResult(status)) spread(definition.id, false);
  if (!isKept)
    for (const [id, upstream] of newlyBehind(request)) {
      if (again.has(id)) continue;
      again.set(id, { cause: "upstream", upstream, isForced: false });
      if (hadResult(lookUp(planned, id).status)) spread(id, false);
    }
  return again;
}

/** Others may have relied on it. What never had a result invalidates nothing: keeping what is behind it was a choice. */
function hadResult(status: StageStatus): boolean {
  return satisfiesNeed(status) || status === "waiting";
}

function isChanged({ definition, status, changes }: PlannedStage, { isKept, ...request }: AgainRequest): boolean {
  if (status === "running") {
    if (!isKept) return changes.length > 0;
    // after a fix the checks of the reviewed stage hold for the review too
    const reviewed = definition.reviews === null ? undefined : request.planned.get(definition.reviews);
    return [...changes, ...(reviewed?.changes ?? []).filter(({ key }) => key === "checks")].some(({ key }) =>
      STRUCTURE.has(key),
    );
  }
  if (status === "skipped") return !isKept && isSkippedNoMore(definition, request);
  return !isKept && changes.length > 0 && hadResult(status);
}

/** A rule skipped it, and by the new definition none will, if all that is still to run goes well. */
function isSkippedNoMore(stage: StageDefinition, request: Omit<AgainRequest, "isKept">): boolean {
  const { state, definition } = request;
  const old = state.stages.get(stage.id);
  if (old === undefined || definition === state.definition) return false;
  const was = skippedBy(old.definition, state.definition, (id) => state.stages.get(id)?.status);
  return was !== null && skippedBy(stage, definition, expectedStatus(request)) === null;
}

/**
 * How a stage will end when all goes well: the conditions of others are decided by that. One that was skipped and stays
 * so, though its rule holds no longer, because that was agreed to in an earlier claim, is still skipped for the others.
 */
function expectedStatus(request: Omit<AgainRequest, "isKept">): (id: StageId) => "completed" | "skipped" {
  const { definition, planned } = request;
  const statusOf = (id: StageId): "completed" | "skipped" => {
    const one = lookUp(planned, id);
    if (one.status === "skipped") return isSkippedNoMore(one.definition, request) ? "completed" : "skipped";
    const isSkipped = one.status === "pending" && skippedBy(one.definition, definition, statusOf) !== null;
    return isSkipped ? "skipped" : "completed";
  };
  return statusOf;
}

/** It has begun, so it may have used what runs again. What was skipped has used nothing. */
function isInvalidated({ status }: PlannedStage): boolean {
  return status === "completed" || status === "waiting" || status === "running";
}

/** What a stage builds on: what it waits for, and the stage whose work it judges. */
function foundationsOf(stage: StageDefinition): readonly StageId[] {
  return stage.reviews === null ? waitsFor(stage) : [...waitsFor(stage), stage.reviews];
}

function dependentsOf(planned: AgainRequest["planned"]): ReadonlyMap<StageId, ReadonlySet<StageId>> {
  const dependents = new Map([...planned.keys()].map((id) => [id, new Set<StageId>()]));
  for (const { definition } of planned.values()) {
    for (const id of foundationsOf(definition)) dependents.get(id)?.add(definition.id);
  }
  return dependents;
}

function reachedFrom(origin: StageId, edges: ReadonlyMap<StageId, Iterable<StageId>>): ReadonlySet<StageId> {
  const found = new Set([origin]);
  for (const id of found) for (const next of lookUp(edges, id)) found.add(next);
  found.delete(origin);
  return found;
}

/**
 * Stages that have begun and now stand behind stages that are still to run, which they did not before. Moves among what
 * is finished change nothing, nor does what stood behind an unfinished stage before: that was agreed to.
 */
function newlyBehind({ state, definition, planned }: AgainRequest): ReadonlyMap<StageId, readonly StageId[]> {
  const found = new Map<StageId, readonly StageId[]>();
  if (definition === state.definition) return found;
  const before = foundations(state.definition);
  const after = foundations(definition);
  if (JSON.stringify([...before]) === JSON.stringify([...after])) return found;
  const open = [...planned.values()].filter(({ status }) => !hadResult(status)).map((one) => one.definition.id);
  for (const one of planned.values()) {
    const { id } = one.definition;
    if (one.record === null || !isInvalidated(one)) continue;
    const now = reachedFrom(id, after);
    const old = reachedFrom(id, before);
    const upstream = open.filter((other) => now.has(other) && !old.has(other));
    if (upstream.length > 0) found.set(id, upstream);
  }
  return found;
}

function foundations({ workflow }: RunDefinition): ReadonlyMap<StageId, readonly StageId[]> {
  return new Map(workflow.stages.map((stage) => [stage.id, foundationsOf(stage)]));
}
