/** State of a stage as the journal has it. `interrupted` is computed: see {@link ShownStageStatus}. */
export type StageStatus = "pending" | "running" | "waiting" | "failed" | "cancelled" | "completed" | "skipped";

/** `interrupted`: running in the journal, but no living holder works on it. */
export type ShownStageStatus = StageStatus | "interrupted";

/** State of a run as the journal has it. */
export type RunStatus = "running" | "waiting" | "interrupted" | "limited" | "failed" | "cancelled" | "succeeded";

/** `stalled`: running in the journal, without a living holder. */
export type ShownRunStatus = RunStatus | "stalled";

/** How a claim can end. */
export type RunOutcome = Exclude<RunStatus, "running">;

/**
 * Legal transitions of a stage, with the events that make them:
 * pending -> running (`turn.started`) -> completed | failed | cancelled | waiting (`approval.requested`);
 * waiting -> completed (`approval.granted`, then `stage.completed`) or running (`approval.denied`);
 * `stage.reset` leads back to pending; a terminal stage completes from pending.
 */
export const STAGE_TRANSITIONS: Readonly<Record<StageStatus, readonly StageStatus[]>> = {
  pending: ["running", "completed", "skipped", "failed", "cancelled"],
  running: ["completed", "failed", "cancelled", "waiting", "pending"],
  waiting: ["completed", "running", "cancelled", "pending"],
  failed: ["pending"],
  cancelled: ["pending"],
  completed: ["pending"],
  skipped: ["pending"],
};

/** Legal transitions of a run. Whatever has ended but for `succeeded` is opened again by a claim. */
export const RUN_TRANSITIONS: Readonly<Record<RunStatus, readonly RunStatus[]>> = {
  running: ["waiting", "interrupted", "limited", "failed", "cancelled", "succeeded", "running"],
  waiting: ["running"],
  interrupted: ["running"],
  limited: ["running"],
  failed: ["running"],
  cancelled: ["running"],
  succeeded: [],
};

/** Completed and skipped by rule satisfy a need; nothing else does. */
export function satisfiesNeed(status: StageStatus): boolean {
  return status === "completed" || status === "skipped";
}
