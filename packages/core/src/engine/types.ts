import type { LimitName } from "../model/events.js";
import type { RunId, StageId } from "../model/ids.js";
import type { RunDefinition } from "../model/run.js";
import type { RunOutcome } from "../model/status.js";
import type { Workspace } from "../model/turn.js";
import type { RunStateView } from "../model/view.js";
import type { StageExecutor } from "../plugin/executor.js";
import type { Clock } from "../plugin/host.js";
import type { Logger } from "../plugin/logger.js";
import type { ProgressReporter } from "../plugin/reporter.js";
import type { StateStore } from "../plugin/store.js";
import type { ResumeChoices, ResumePlan } from "../state/plan-types.js";

/** What the engine works with. `systemClock`, `randomHex` and `silentLogger` of this package serve where no other is needed. */
export interface Engine {
  readonly store: StateStore;
  readonly executor: StageExecutor;
  readonly reporters: readonly ProgressReporter[];
  readonly clock: Clock;
  readonly randomHex: (bytes: number) => string;
  readonly logger: Logger;
}

/** What a claim does before anything starts; it goes into the entry of the claim itself. */
export interface ClaimChanges {
  /** Adopt another definition (edited files, other flags): what it changes is decided by `planResume`. */
  readonly definition?: RunDefinition;
  readonly choices?: ResumeChoices;
  /** Perform this stage and what it needs, and nothing else. */
  readonly until?: StageId;
  /** The plan that a person has seen: the claim is refused (`JOURNAL_CONFLICT`) when the run has changed since. */
  readonly plan?: ResumePlan;
  /** Finish the run as cancelled, as it was recorded: nothing else of these counts then. */
  readonly cancel?: { readonly by: string; readonly message: string | null };
}

/** Which run is performed, and where its turns work. */
export interface ExecuteOptions {
  readonly runId: RunId;
  readonly workspace: Workspace;
  /** The command line, for a person who finds the run held. */
  readonly command: string;
  readonly changes?: ClaimChanges;
  /**
   * Somebody is there to be asked about results that wait for a person: the run does not end as `waiting` before each is
   * judged ({@link judgeStage}) or put off ({@link deferApproval}). Whoever sets it asks, whenever a stage begins to wait.
   */
  readonly attended?: boolean;
  /**
   * Asked before anything starts, twice: when the run is held (`held`: a rejection writes nothing), and when the claim is
   * durable (`claimed`: a rejection ends it as interrupted, without a turn). `executeRun` rejects with the same error.
   */
  readonly admit?: (phase: "held" | "claimed", state: RunStateView) => Promise<void>;
  /** Abort = stop: no new turn, turns in flight are ended with their grace periods, state is written. */
  readonly stop?: AbortSignal;
  /** Abort = no more patience with turns that are ending. */
  readonly kill?: AbortSignal;
}

/** How a claim of a run ended, with the state behind its last entry. */
export interface RunResult {
  readonly outcome: RunOutcome;
  readonly limit: LimitName | null;
  readonly state: RunStateView;
}
