import { isDeepStrictEqual } from "node:util";
import { TroupeError } from "../errors/troupe-error.js";
import type { RunEvent } from "../model/events.js";
import { stageUnknown } from "../model/graph.js";
import type { RunId, StageId } from "../model/ids.js";
import type { RunDefinition } from "../model/run.js";
import type { Lease } from "../plugin/store.js";
import { planClaim, planResume } from "../state/plan-resume.js";
import type { ResumePlan } from "../state/plan-types.js";
import type { RunState } from "../state/run-state.js";
import type { ClaimChanges, Engine, ExecuteOptions } from "./types.js";

/** The entry of a claim, decided on the state that it is appended to. Throws what {@link ExecuteOptions.changes} asks for. */
export function claimEvents(
  engine: Engine,
  { workspace, attended, changes = {} }: ExecuteOptions,
  lease: Lease,
  state: RunState,
): readonly RunEvent[] {
  const { capacity } = engine.executor;
  if (state.status === "succeeded") throw alreadyFinished(state.runId);
  const { until } = changes.cancel === undefined ? changes : {};
  if (until !== undefined) requireStage(changes.definition ?? state.definition, until);
  return [
    {
      type: "run.claimed",
      epoch: state.epoch + 1,
      owner: lease.owner,
      capacity: Number.isFinite(capacity) ? capacity : null,
      workspace,
      previousSeenAt: lease.previous?.renewedAt ?? null,
      ...(until === undefined ? {} : { until }),
      ...(attended === true && changes.cancel === undefined ? { attended } : {}),
    },
    ...(changes.cancel === undefined
      ? plannedEvents(state, changes)
      : [{ type: "run.cancel-requested", ...changes.cancel } as const]),
  ];
}

function requireStage({ workflow }: RunDefinition, id: StageId): void {
  const ids = workflow.stages.map((stage) => stage.id);
  if (!ids.includes(id)) throw stageUnknown(id, ids);
}

function plannedEvents(state: RunState, { definition, choices, plan }: ClaimChanges): readonly RunEvent[] {
  if (plan !== undefined && !isDeepStrictEqual(planResume(state, definition ?? null, choices), plan)) {
    throw new TroupeError("JOURNAL_CONFLICT", `run ${state.runId} has changed since the plan was made`, {
      hint: `See what would be done now: troupe resume ${state.runId} --plan`,
    });
  }
  const { asks, events } = planClaim(state, definition ?? null, choices);
  if (asks) throw stageChanged(state.runId, planResume(state, definition ?? null, choices));
  return events;
}

/** The error for a plan that asks: `STAGE_CHANGED`, with both answers as commands, which repeat what was `typed`. */
export function stageChanged(
  runId: RunId,
  { stages, vanished }: ResumePlan,
  typed: readonly string[] = [],
): TroupeError {
  const asking = stages.filter(({ asks }) => asks);
  const changed = asking.filter(({ reason }) => reason !== "upstream ran again").map(({ stage }) => stage);
  const behind = asking.filter(({ reason }) => reason === "upstream ran again").map(({ stage }) => stage);
  const gone = vanished.filter(({ asks }) => asks);
  const parts = gone.map(({ stage, nearest }) => {
    const question = nearest === null ? "" : `; did you rename it to ${nearest}?`;
    return `${stage} is no longer in the workflow${question}`;
  });
  if (changed.length > 0) parts.push(`${changed.join(", ")} changed after being finished`);
  if (behind.length > 0)
    parts.push(`${behind.join(", ")} ${behind.length === 1 ? "builds" : "build"} on what would run`);
  const command = ["troupe resume", runId, ...typed].join(" ");
  const answers = [
    `Run what changed again, with what depends on it: ${command} --rerun-changed`,
    `or let what is finished stand: ${command} --keep-completed`,
    ...(gone.length > 0 ? [`Both forget what ${gone.map(({ stage }) => stage).join(", ")} has done.`] : []),
  ];
  return new TroupeError("STAGE_CHANGED", `run ${runId} does not go on by itself: ${parts.join("; ")}`, {
    hint: answers.join("\n"),
    details: { changed, behind, vanished: gone.map(({ stage }) => stage) },
  });
}

/** The error for a run that has succeeded: `RUN_FINISHED`. */
export function alreadyFinished(runId: RunId): TroupeError {
  return new TroupeError("RUN_FINISHED", `run ${runId} has succeeded: there is nothing left to do`, {
    hint: `See what it left: troupe status ${runId}`,
  });
}
