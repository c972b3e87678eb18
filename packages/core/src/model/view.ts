import type { SerializedError } from "../errors/troupe-error.js";
import type { CancelCause, LimitName, Owner } from "./events.js";
import type { AgentId, GroupName, RunId, StageId, TurnId } from "./ids.js";
import type { ArtifactRef, TextRef } from "./refs.js";
import type { RunDefinition } from "./run.js";
import type { RunStatus, StageStatus } from "./status.js";
import type { CheckResult, Feedback, TurnKind, TurnResult, Usage, Verdict } from "./turn.js";
import type { StageDefinition } from "./workflow.js";

/** A turn in flight. */
export interface TurnView {
  readonly turn: TurnId;
  readonly kind: TurnKind;
  readonly round: number;
  readonly attempt: number;
  readonly agent: AgentId | null;
  readonly epoch: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** The newest version of an artifact of a stage. */
export interface ArtifactVersion extends ArtifactRef {
  readonly turn: TurnId;
}

/** What one of several agents does of the work of its stage. */
export interface WorkPartView {
  readonly agent: AgentId;
  /** Its turn in flight; null = none. */
  readonly turn: TurnView | null;
  /** Its newest settled turn since the last reset of the stage; null = none. */
  readonly last: { readonly turn: TurnView; readonly result: TurnResult; readonly at: number } | null;
  /** Wall time of its next attempt, ms, when a retry waits; else null. */
  readonly retryAt: number | null;
}

/** What turns have used, over all claims, attempts and resets; a group's turns are those of its members. */
export interface Spending {
  /** Of the turns that have settled. */
  readonly usage: UsageTotals;
  /**
   * Active time, ms, until the last time that none of the turns was in flight; turns side by side count once.
   * `activeMsOf` adds the time of those in flight.
   */
  readonly activeMs: number;
  /** The run's active time when the turns in flight began; null = none is. */
  readonly activeFrom: number | null;
}

/** A group with what its members have used together. */
export interface GroupView extends Spending {
  readonly name: GroupName;
}

/** A stage of a run as it stands. */
export interface StageView extends Spending {
  readonly definition: StageDefinition;
  readonly status: StageStatus;
  /** 0 before its first turn. */
  readonly round: number;
  /** Turns ever started; the last turn id is `<STAGE>.<turns>`. */
  readonly turns: number;
  /** At most one, but for stages with several agents. */
  readonly inFlight: readonly TurnView[];
  /** Wall time of the next attempt, ms, when a retry waits; else null. */
  readonly retryAt: number | null;
  readonly startedAt: number | null;
  /** Of its newest outcome. */
  readonly endedAt: number | null;
  readonly lastVerdict: Verdict | null;
  readonly lastChecks: readonly CheckResult[];
  readonly feedback: readonly Feedback[];
  readonly output: TextRef | null;
  readonly artifacts: ReadonlyMap<string, ArtifactVersion>;
  /** Of the newest outcome, when it is `failed`. */
  readonly error: SerializedError | null;
  /** Of the newest outcome, when it is `cancelled`. */
  readonly cancelledBy: CancelCause | null;
  /** The turn whose result awaits a person. */
  readonly awaitingApproval: TurnId | null;
  /** The turn whose result a person has approved, until the stage completes with it. */
  readonly approved: TurnId | null;
  /**
   * Its newest settled turn since the last reset: with `retryAt`, its error says why the stage waits. Of the work of
   * several agents that is in `parts`, and none is here before all have done theirs.
   */
  readonly last: { readonly turn: TurnView; readonly result: TurnResult; readonly at: number } | null;
  /** The report written when the last round was rejected. */
  readonly failureReport: string | null;
  /** By agent, in declared order; empty but for stages whose work several agents do, once that has begun. */
  readonly parts: ReadonlyMap<AgentId, WorkPartView>;
}

/** Sums over all turns of all claims; with unknown turns they mean "at least". */
export interface UsageTotals extends Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
  /** Settled agent turns that did not tell all their tokens, or not for each of their prompts. */
  readonly unknownTokens: number;
  /** Settled agent turns that did not tell their cost, or not for each of their prompts. */
  readonly unknownCost: number;
}

/**
 * The state of a run, for reading. It is the live index that `reduce` moves on: valid while the call that handed it
 * over lasts; copy what you keep.
 */
export interface RunStateView {
  readonly runId: RunId;
  readonly definition: RunDefinition;
  readonly status: RunStatus;
  /** 0 before the first claim. */
  readonly epoch: number;
  /** Of the newest claim. */
  readonly owner: Owner | null;
  readonly capacity: number | null;
  /** Somebody is at the holder's terminal, to be asked about results that wait. */
  readonly attended: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly stages: ReadonlyMap<StageId, StageView>;
  /** The groups of the workflow. */
  readonly groups: ReadonlyMap<GroupName, GroupView>;
  readonly counts: Readonly<Record<StageStatus, number>>;
  readonly turnsInFlight: number;
  readonly failed: ReadonlySet<StageId>;
  readonly usage: UsageTotals;
  /** Limits that the run has warned of, with the value that they had then. */
  readonly nearedLimits: ReadonlyMap<LimitName, number>;
  readonly cancelRequested: boolean;
  readonly stopRequested: boolean;
  /** Of the newest claim: the stage that it performs, with what that needs and nothing else; null = the whole run. */
  readonly until: StageId | null;
  /** Active time of all claims until the newest entry, in milliseconds. */
  readonly activeMs: number;
}
