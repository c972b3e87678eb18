import type {
  AgentId,
  CheckResult,
  GroupName,
  InterruptReason,
  LimitName,
  LimitUse,
  RunId,
  Sha256,
  ShownRunStatus,
  ShownStageStatus,
  StageId,
  StageKind,
  TurnId,
  TurnKind,
  TurnUsage,
  UsageTotals,
  Verdict,
} from "@troupe/core";

/** What happened in a run, as data: everything that each form of a report says. Times are ms since the epoch. */
export interface Report {
  readonly version: 1;
  readonly runId: RunId;
  /** Title. */
  readonly objective: string;
  readonly workflow: string;
  /** Where the workflow came from: a path, or `built-in`. */
  readonly source: string;
  /** As the journal has it, but `stalled` where nobody works on a run that has not ended. */
  readonly status: ShownRunStatus;
  /** The limit that kept the run from going on, of a run that has ended. */
  readonly limit: LimitName | null;
  readonly reportedAt: number;
  readonly createdAt: number;
  /** Of the newest entry of its journal. */
  readonly updatedAt: number;
  /** Who works on it; null = nobody. */
  readonly holder: ReportHolder | null;
  /**
   * The command that goes on with it; null = nothing is left to do, or somebody is at work on it and
   * waits for nobody.
   */
  readonly next: string | null;
  readonly counts: Readonly<Record<ShownStageStatus, number>>;
  /** Every stage that failed, in declared order. */
  readonly failures: readonly ReportFailure[];
  readonly unreviewed: readonly Unreviewed[];
  /** Stages of the workflow in declared order. */
  readonly stages: readonly ReportStage[];
  readonly groups: readonly ReportGroup[];
  /** Stages that an edit took out of the workflow after they had done something: it counts in every figure of the run. */
  readonly removed: readonly RemovedStage[];
  /** Every turn of every claim, in the order in which they started; those of stages that an edit removed too. */
  readonly turns: readonly ReportTurn[];
  /** Every judgement on work, in order: of reviewers, checks and people. */
  readonly rounds: readonly ReportRound[];
  /** Newest version of each artifact. */
  readonly artifacts: readonly ReportArtifact[];
  /** Times at which a stage waited: for a retry, a limit of its agent, or a person. */
  readonly waits: readonly ReportWait[];
  /** Claims, ends, interruptions, edits and requests, in order. */
  readonly history: readonly ReportIncident[];
  readonly figures: ReportFigures;
  /** Over all claims and attempts; with unknown turns it means "at least". */
  readonly usage: UsageTotals;
  /** Of time, cost and tokens, as far as they are limited. */
  readonly limits: readonly LimitUse[];
  /** The first entry tells of finished stages: they were performed elsewhere, without times or costs. */
  readonly isAdopted: boolean;
}

/** The process that works on the run. */
export interface ReportHolder {
  readonly pid: number;
  readonly host: string;
  readonly command: string;
}

/** An error as the journal has it. */
export interface ReportError {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

/** Why a stage has failed. */
export interface ReportFailure extends ReportError {
  readonly stage: StageId;
  /** The turn that brought it; null = none did. */
  readonly turn: TurnId | null;
  /** Path of that turn's log, or a command that prints it; null = there is none. */
  readonly log: string | null;
  /** Path of the report on a stage that has used up its rounds. */
  readonly failureReport: string | null;
}

/** Finished work that no reviewer has judged to the end although the workflow has a review for it. */
export interface Unreviewed {
  readonly stage: StageId;
  readonly review: StageId;
  /** What became of the review. */
  readonly status: Exclude<ShownStageStatus, "completed">;
}

/** A stage, and what became of it. */
export interface ReportStage {
  readonly id: StageId;
  readonly name: string;
  readonly kind: StageKind;
  readonly group: GroupName | null;
  readonly needs: readonly StageId[];
  /** The stage whose work it reviews. */
  readonly reviews: StageId | null;
  readonly status: ShownStageStatus;
  /** Why it was skipped, cancelled, not run, or what it waits for; null = the status says it all. */
  readonly why: string | null;
  /** 0 = it never began. */
  readonly round: number;
  readonly maxRounds: number;
  /** Turns ever started. */
  readonly turns: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** With at least one of its turns in flight. */
  readonly activeMs: number;
  /** Sum over its turns: more than `activeMs` only where several agents work side by side. */
  readonly busyMs: number;
  readonly verdict: Verdict | null;
  /** Of its newest check turn. */
  readonly checks: readonly CheckResult[];
  readonly error: ReportError | null;
  readonly usage: UsageTotals;
}

/** A stage of the run that an edited workflow no longer has. */
export interface RemovedStage {
  readonly id: StageId;
  /** Turns ever started. */
  readonly turns: number;
  readonly activeMs: number;
  readonly usage: UsageTotals;
}

/** A parallel group, and what it saved that its members ran side by side. */
export interface ReportGroup {
  readonly name: GroupName;
  readonly stages: readonly StageId[];
  readonly maxConcurrent: number | null;
  readonly onFailure: "continue" | "fail_fast";
  /** With at least one turn of a member in flight. */
  readonly activeMs: number;
  readonly busyMs: number;
  /** {@link ReportGroup.busyMs} - {@link ReportGroup.activeMs}, never below 0. */
  readonly savedMs: number;
  readonly usage: UsageTotals;
}

/** A turn with its times, its end and what it used. */
export interface ReportTurn {
  readonly turn: TurnId;
  readonly stage: StageId;
  readonly kind: TurnKind;
  readonly round: number;
  readonly attempt: number;
  readonly agent: AgentId | null;
  readonly epoch: number;
  /** `abandoned`: in flight in the journal, but nobody works on the run. */
  readonly status: "running" | "succeeded" | "failed" | "interrupted" | "abandoned";
  /** Of an interrupted turn. */
  readonly reason: InterruptReason | null;
  readonly startedAt: number;
  /** When it settled; of a turn whose runner died, when it was last known to work. Null = it is in flight. */
  readonly endedAt: number | null;
  /** On the run's active clock: ms of active time before it began and when it ended. */
  readonly activeFrom: number;
  readonly activeTo: number;
  readonly error: ReportError | null;
  /** null = unknown, or a command or check, which cost nothing. */
  readonly usage: TurnUsage | null;
  /** Path of its log, or a command that prints it; null = there is none. */
  readonly log: string | null;
}

/** A round that ended: with a verdict of a reviewer or a person, or with the results of checks. */
export interface ReportRound {
  readonly stage: StageId;
  readonly round: number;
  readonly turn: TurnId;
  readonly at: number;
  readonly by: "review" | "checks" | "person";
  /** `none`: the reviewer gave no verdict, which counts as a rejection. */
  readonly decision: "approved" | "rejected" | "none";
  /** How the verdict was found; null for checks. */
  readonly source: Verdict["source"] | null;
  readonly reasons: readonly string[];
  /** Commands, and what they say of the acceptance test scenarios. */
  readonly checks: readonly CheckResult[];
}

/** One version of a file that a stage has left. */
export interface ReportArtifact {
  readonly stage: StageId;
  readonly name: string;
  readonly turn: TurnId;
  readonly bytes: number;
  readonly sha256: Sha256;
  /** null = there is none to be named. */
  readonly path: string | null;
}

/** A time in which a stage waited. */
export interface ReportWait {
  readonly stage: StageId;
  readonly turn: TurnId;
  /** `limit`: a limit of its agent resets at `until`. */
  readonly kind: "retry" | "limit" | "approval";
  readonly from: number;
  /** null = until a person decides. */
  readonly until: number | null;
  /** When the wait was over; null = it still waits. */
  readonly endedAt: number | null;
  /** What failed before; null for approvals. */
  readonly error: ReportError | null;
}

/** One thing that happened to the run as a whole, for the timeline. */
export interface ReportIncident {
  readonly at: number;
  readonly type:
    | "started"
    | "resumed"
    | "died"
    | "ended"
    | "stop-requested"
    | "cancel-requested"
    | "reconfigured"
    | "reset"
    | "interrupted"
    | "limit-neared";
  readonly stage: StageId | null;
  readonly text: string;
}

/** See {@link createReport} for how each is defined. */
export interface ReportFigures {
  readonly claims: number;
  /** From the run's creation to its newest entry, or to now while somebody works on it. */
  readonly elapsedMs: number;
  readonly activeMs: number;
  readonly busyMs: number;
  readonly savedMs: number;
  /** Most turns in flight at once. */
  readonly peakTurns: number;
  /** Most stages with a turn in flight at once. */
  readonly peakStages: number;
  readonly criticalPath: { readonly activeMs: number; readonly stages: readonly StageId[] };
  /** When turns were in flight under a living holder, on the wall clock; together as long as `activeMs`. */
  readonly activeSpans: readonly Span[];
}

/** A time, in milliseconds since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}
