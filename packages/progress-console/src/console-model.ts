import type { GroupName, RunId, RunLimits, StageId, StageStatus, TurnKind, UsageTotals } from "@troupe/core";

/** What a person sees of a stage. `queued`, `retrying`, `approval` and `leftover` are running or waiting stages. */
export type RowStatus =
  | "pending"
  | "running"
  /** its turn waits for a slot of the executor */
  | "queued"
  /** its next attempt waits for its time */
  | "retrying"
  /** its result waits for a person */
  | "approval"
  /** between two turns */
  | "between"
  /** a turn of an earlier runner is being ended */
  | "leftover"
  | "completed"
  | "failed"
  | "cancelled"
  | "skipped";

/** A stage as a row. All texts are on one line and safe to show. */
export interface StageRow {
  readonly stage: StageId;
  readonly name: string;
  readonly status: RowStatus;
  /** What the turn in flight does; null when none is. */
  readonly kind: TurnKind | "command" | null;
  readonly agents: readonly string[];
  readonly round: number;
  /** null = the stage has no rounds. */
  readonly maxRounds: number | null;
  readonly attempt: number;
  /** How the last round ended, as `rejected` or `checks failed`. */
  readonly lastRound: string | null;
  /** Since when the stage runs, ms since the epoch. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Clock time of the next attempt. */
  readonly waitsUntil: string | null;
  /** Why the attempt before has failed, while the next one waits; `isNamed`: a limit of the agent resets at that time. */
  readonly waitsFor: { readonly isNamed: boolean; readonly reason: string } | null;
  /** Of the output of its turn. */
  readonly lastLine: string;
  /** Why it failed or was cancelled. */
  readonly reason: string | null;
  /** What its settled turns have used. */
  readonly usage: UsageTotals;
  /** While several agents do the work: the part of each, in declared order. Else absent. */
  readonly parts?: readonly PartRow[];
}

/** What one of several agents does of the work of a stage. All texts are on one line and safe to show. */
export interface PartRow extends Pick<StageRow, "startedAt" | "endedAt" | "waitsUntil" | "attempt" | "lastLine"> {
  readonly agent: string;
  readonly status: RowStatus;
}

/** Stages of a parallel group of which some have started and not all have ended. */
export interface GroupBlock {
  readonly type: "group";
  readonly name: GroupName;
  readonly size: number;
  readonly counts: Readonly<Record<StageStatus, number>>;
  /** All members; of a large group only those that are not pending or over. */
  readonly rows: readonly StageRow[];
}

/** A stage that is in no group. */
export interface StageBlock {
  readonly type: "stage";
  readonly row: StageRow;
}

/** The figures of the whole run. */
export interface RunTotals {
  readonly runId: RunId;
  readonly isOpen: boolean;
  readonly ending: "stopping" | "cancelling" | null;
  readonly stages: number;
  readonly counts: Readonly<Record<StageStatus, number>>;
  /** Active time until `now`. */
  readonly activeMs: number;
  readonly limits: RunLimits;
  readonly usage: UsageTotals;
}

/** What the console shows at a moment: a copy, nothing of it changes later. */
export interface ConsoleModel {
  /** ms since the epoch. */
  readonly now: number;
  /** null before the first entry. */
  readonly run: RunTotals | null;
  /** What goes on, in the order of the workflow. */
  readonly blocks: readonly (StageBlock | GroupBlock)[];
}
