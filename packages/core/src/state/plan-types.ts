import type { EventOf } from "../model/events.js";
import type { StageId } from "../model/ids.js";
import type { ShapeChange } from "../model/stage-shape.js";
import type { StageStatus } from "../model/status.js";

/** What a person wants of a resume. */
export interface ResumeChoices {
  /** This stage and everything that depends on it start anew, finished or not. */
  readonly from?: StageId;
  /**
   * Of finished stages that the new definition changes: `ask` (the default) refuses the resume, `rerun` performs them
   * and what depends on them again, `keep` lets their results stand.
   */
  readonly changed?: "ask" | "rerun" | "keep";
}

/** Why a stage is kept or runs again. */
export type PlanReason =
  | "finished"
  | "skipped"
  | "approval"
  | "not started"
  | "new stage"
  | "interrupted"
  | "failed"
  | "cancelled"
  | "definition changed"
  | "prompt changed"
  | "agent changed"
  | "inputs changed"
  | "upstream ran again"
  | "no longer skipped"
  | "forced";

/** What `resume` does with a stage, and why. */
export interface StagePlan {
  readonly stage: StageId;
  /**
   * `keep`: its result stands. `run`: it starts or goes on when its needs are satisfied (if no rule skips it then).
   * `wait`: a person is asked.
   */
  readonly action: "keep" | "run" | "wait";
  /** From round 1, or going on in the round it was interrupted in. */
  readonly from: "start" | { readonly round: number };
  readonly reason: PlanReason;
  /** What shapes its result and is not as recorded; a kept stage may have some, and what has not started uses the new. */
  readonly changes: readonly ShapeChange[];
  /** Because of these it runs again: stages upstream that run (again). */
  readonly upstream: readonly StageId[];
  /** It is finished, and nobody has said that it may run again: the resume is refused until somebody decides. */
  readonly asks: boolean;
}

/** A stage that the new definition does not have. */
export interface VanishedStage {
  readonly stage: StageId;
  readonly status: StageStatus;
  /** The new stage that it may have become; null = none is like it. */
  readonly nearest: StageId | null;
  /** Work of it would be forgotten, and nobody has agreed to that. */
  readonly asks: boolean;
}

/** What a resume would do: kept, run, or asked about first. */
export interface ResumePlan {
  /** In the order of the workflow that the resume goes on with. */
  readonly stages: readonly StagePlan[];
  readonly vanished: readonly VanishedStage[];
  /** A person has to decide first: the claim is refused with `STAGE_CHANGED`. */
  readonly asks: boolean;
  /** What the claim's entry carries besides the claim. */
  readonly events: readonly (EventOf<"run.reconfigured"> | EventOf<"stage.reset">)[];
}
