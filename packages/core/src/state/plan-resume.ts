import type { EventOf, ResetCause } from "../model/events.js";
import type { StageId } from "../model/ids.js";
import type { StageStatus } from "../model/status.js";
import type { RunState, StageRecord } from "./run-state.js";

/** What `resume` does with a stage, and why. */
export interface StagePlan {
  readonly stage: StageId;
  /** `keep`: its result stands. `run`: it starts or goes on when its needs are satisfied. `wait`: a person is asked. */
  readonly action: "keep" | "run" | "wait";
  /** From round 1, or going on in the round it was interrupted in. */
  readonly from: "start" | { readonly round: number };
  readonly reason: "finished" | "skipped" | "approval" | "not started" | "interrupted" | "reset";
  /** For `reset`. */
  readonly cause: ResetCause | null;
}

export interface ResumePlan {
  /** The events that the claim's entry carries besides the claim. */
  readonly resets: readonly EventOf<"stage.reset">[];
  /** In declared order. */
  readonly stages: readonly StagePlan[];
}

/**
 * What a resume of the run does. The claim takes its resets from here and from nowhere else, so what is shown is what
 * is done. Failed and cancelled stages run again without being named in `also`.
 */
export function planResume(
  state: RunState,
  also: readonly { readonly stage: StageId; readonly cause: ResetCause }[] = [],
): ResumePlan {
  const named = new Map(also.map(({ stage, cause }) => [stage, cause]));
  const resets: EventOf<"stage.reset">[] = [];
  const stages: StagePlan[] = [];
  for (const [stage, record] of state.stages) {
    const cause = resetCause(record, named.get(stage) ?? null);
    if (cause !== null) resets.push({ type: "stage.reset", stage, cause });
    stages.push(
      cause === null ? { stage, ...standing(record) } : { stage, action: "run", from: "start", reason: "reset", cause },
    );
  }
  return { resets, stages };
}

function resetCause({ status, inFlight }: StageRecord, named: ResetCause | null): ResetCause | null {
  if (status === "pending" || inFlight.length > 0) return null;
  if (named !== null) return named;
  return status === "failed" || status === "cancelled" ? status : null;
}

function standing(record: StageRecord): Omit<StagePlan, "stage"> {
  const plans: Readonly<Record<StageStatus, Omit<StagePlan, "stage">>> = {
    completed: { action: "keep", from: "start", reason: "finished", cause: null },
    skipped: { action: "keep", from: "start", reason: "skipped", cause: null },
    waiting: { action: "wait", from: { round: record.round }, reason: "approval", cause: null },
    running: { action: "run", from: { round: record.round }, reason: "interrupted", cause: null },
    pending: { action: "run", from: "start", reason: "not started", cause: null },
    failed: { action: "run", from: "start", reason: "reset", cause: "failed" },
    cancelled: { action: "run", from: "start", reason: "reset", cause: "cancelled" },
  };
  return plans[record.status];
}
