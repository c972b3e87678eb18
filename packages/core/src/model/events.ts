import type { SerializedError } from "../errors/troupe-error.js";
import type { AgentId, RunId, Sha256, StageId, TurnId } from "./ids.js";
import type { InputDigest, TextRef } from "./refs.js";
import type { LimitUse, RunDefinition, RunSummary } from "./run.js";
import type { RunOutcome } from "./status.js";
import type { TurnKind, TurnResult, Verdict, Workspace } from "./turn.js";

/** Who holds a run: enough to see later whether that very process is still alive. */
export interface Owner {
  readonly pid: number;
  /** Start of the process in the unit of its system (Linux: clock ticks since boot, as text); null = unknown. */
  readonly startTime: string | null;
  readonly bootId: string | null;
  readonly pidNamespace: string | null;
  readonly host: string;
  /** The command line, for a person. */
  readonly command: string;
}

/** Why a stage was reset. */
export type ResetCause = "failed" | "cancelled" | "changed" | "upstream" | "forced";

/** What ended a cancelled stage. */
export type CancelCause = { readonly by: "stage"; readonly stage: StageId } | { readonly by: "request" };

/**
 * What happened in a run. Facts come from outside `decide` (claims, settled turns, requests of people), consequences
 * from `decide` (marked *); both are facts once written. A reader that meets an unknown `type` fails with `JOURNAL_NEWER`.
 */
export type RunEvent =
  /** First event of a journal. */
  | { readonly type: "run.created"; readonly runId: RunId; readonly definition: RunDefinition }
  /** Edited files or other limits were adopted; what has to run again is reset after it. */
  | { readonly type: "run.reconfigured"; readonly definition: RunDefinition }
  | {
      readonly type: "run.claimed";
      /** Previous epoch + 1. */
      readonly epoch: number;
      readonly owner: Owner;
      /** Turns in flight at once that the executor can run; null = without bound. */
      readonly capacity: number | null;
      readonly workspace: Workspace;
      /** When the previous holder was last seen (its last renewal), ms since the epoch; null = unknown. */
      readonly previousSeenAt: number | null;
      /**
       * This claim performs this stage and what it needs, and nothing else; when that is done it ends as interrupted.
       * Absent = the whole run.
       */
      readonly until?: StageId;
      /**
       * A person is at the holder's terminal and is asked about results that wait: such a claim does not end as `waiting`
       * before each of them is judged or put off. Absent = nobody is.
       */
      readonly attended?: true;
    }
  /** A person asked the holder to stop (Ctrl+C, TERM): no new turn, in-flight turns end, then `run.finished`. */
  | { readonly type: "run.stop-requested"; readonly by: string }
  | { readonly type: "run.cancel-requested"; readonly by: string; readonly message: string | null }
  /** * Intent before effect: the turn is launched only after this is durable. */
  | {
      readonly type: "turn.started";
      readonly turn: TurnId;
      readonly stage: StageId;
      readonly kind: TurnKind;
      readonly round: number;
      readonly attempt: number;
      readonly agent: AgentId | null;
      /** Of the stage's definition at this moment. */
      readonly fingerprint: Sha256;
      readonly inputs: readonly InputDigest[];
      readonly session: string | null;
    }
  | { readonly type: "turn.settled"; readonly turn: TurnId; readonly result: TurnResult }
  /** * A review round ended; for a round without a verdict `source` is `none`. */
  | {
      readonly type: "review.concluded";
      readonly stage: StageId;
      readonly round: number;
      readonly turn: TurnId;
      readonly verdict: Verdict;
    }
  /** * The result of `turn` awaits a person; any later turn of the stage voids the request. */
  | { readonly type: "approval.requested"; readonly stage: StageId; readonly turn: TurnId }
  | {
      readonly type: "approval.granted";
      readonly stage: StageId;
      readonly turn: TurnId;
      readonly by: string;
      readonly message: string | null;
    }
  | {
      readonly type: "approval.denied";
      readonly stage: StageId;
      readonly turn: TurnId;
      readonly by: string;
      readonly message: TextRef;
    }
  /** Whoever was asked at the holder's terminal leaves the question open; it can be answered all the same. */
  | { readonly type: "approval.deferred"; readonly stage: StageId; readonly turn: TurnId; readonly by: string }
  /** * `turn` is the one that brought the result; null for a terminal stage. */
  | { readonly type: "stage.completed"; readonly stage: StageId; readonly turn: TurnId | null }
  /** * Retries and rounds are used up, or the stage cannot succeed. */
  | {
      readonly type: "stage.failed";
      readonly stage: StageId;
      readonly turn: TurnId | null;
      readonly error: SerializedError;
    }
  /** * Ended because of another's failure or on request. */
  | { readonly type: "stage.cancelled"; readonly stage: StageId; readonly cause: CancelCause }
  /** * Skipped by rule: satisfies a need. */
  | { readonly type: "stage.skipped"; readonly stage: StageId; readonly by: "flag" | "condition" }
  /**
   * The stage starts anew; turn numbers, feedback and artifact versions stay. With a turn of an earlier claim in flight:
   * as soon as that turn has settled.
   */
  | { readonly type: "stage.reset"; readonly stage: StageId; readonly cause: ResetCause }
  /** * Most of a limit is used: the warning of it, once for each value that the limit has. */
  | ({ readonly type: "limit.neared" } & LimitUse)
  /** * Closes the claim. `limit`: that which kept the run from going on; always of `limited`, perhaps of `failed`. */
  | { readonly type: "run.finished"; readonly outcome: RunOutcome; readonly limit: LimitName | null };

/** A limit that may keep a run from going on. */
export type LimitName = LimitUse["limit"] | "wait";

/** The types of what can happen in a run. */
export type RunEventType = RunEvent["type"];
/** The event of one type. */
export type EventOf<Type extends RunEventType> = Extract<RunEvent, { readonly type: Type }>;

/** One atomic append, before it has a position. */
export interface NewEntry {
  /** The same id again at its place means "done already", not a conflict. */
  readonly id: string;
  /** Milliseconds since the epoch; never runs backwards within a journal. */
  readonly at: number;
  readonly events: readonly RunEvent[];
  readonly summary: RunSummary;
}

/** What one append has put into the journal. */
export interface JournalEntry extends NewEntry {
  /** Position: dense, from 1. */
  readonly seq: number;
}
