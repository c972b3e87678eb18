import type { SerializedError } from "../errors/troupe-error.js";
import type { AgentId, RunId, StageId, TurnId } from "./ids.js";
import type { ArtifactRef, GroupLimit, LogRef, TextRef, TurnInput } from "./refs.js";
import type { CheckDefinition, StageDefinition } from "./workflow.js";

/** `work` makes, `review` judges, `check` runs commands, `fix` mends what a review or a check found. */
export type TurnKind = "work" | "review" | "check" | "fix";

/** Why a turn ended without a result of its own. */
export type InterruptReason =
  /** its runner died */
  | "crashed"
  /** a person stopped the process (Ctrl+C, TERM) */
  | "stopped"
  /** a limit of the run */
  | "limit"
  /** `troupe cancel` */
  | "cancelled"
  /** another member of a `fail_fast` group failed */
  | "fail-fast"
  /** another process took the run over */
  | "claim-lost";

/** Tokens and cost of one turn; a field is null when the agent does not tell. */
export interface Usage {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** In US dollars. */
  readonly costUsd: number | null;
}

/** Usage of a turn, which may have had several prompts. */
export interface TurnUsage extends Usage {
  /** What not every prompt of it told: its figures mean "at least". Absent = what is given is all. */
  readonly partial?: readonly ("tokens" | "cost")[];
}

/** A reviewer's judgement, and how it was found. */
export interface Verdict {
  readonly decision: "approved" | "rejected";
  readonly reasons: readonly string[];
  readonly source: "tool" | "schema" | "text" | "person" | "none";
}

/** An acceptance test scenario, and what the reports of the checks say of it. */
export interface ScenarioResult {
  /** `AT-001`. */
  readonly id: string;
  readonly title: string;
  /** `not-linked`: no test that was performed carries its id, so nothing is known of it. */
  readonly status: "passed" | "failed" | "not-linked";
}

/** Tests that a report tells of. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** One command of a `check` turn; or, with `scenarios`, what all of them say of the acceptance test scenarios. */
export interface CheckResult {
  /** The command as a person would read it. */
  readonly command: string;
  readonly passed: boolean;
  /** null when a signal or a timeout ended it. */
  readonly exitCode: number | null;
  readonly durationMs: number;
  /** What its reports say; absent = it has none, or none that can be read. */
  readonly tests?: TestCounts;
  /** Why it has not passed, when the exit code does not say it. */
  readonly problem?: string;
  /** The scenarios of the specification; such an entry is no command and has no exit code. */
  readonly scenarios?: readonly ScenarioResult[];
}

/** What the next turn of a stage must answer. */
export interface Feedback {
  /** `no-verdict`: the reviewer gave none; the feedback is for the reviewer. */
  readonly source: "review" | "check" | "person" | "no-verdict";
  readonly round: number;
  readonly text: TextRef;
}

/** Where a turn works. A union: a worktree or a checkout elsewhere join it later. */
export type Workspace = {
  readonly kind: "folder";
  /** Absolute. */
  readonly path: string;
};

/** What a turn that did work, or mended it, answered. */
export interface WorkOutput {
  readonly turn: TurnId;
  readonly output: TextRef;
  /** Whose it is, when several agents did the work; else absent. */
  readonly agent?: AgentId;
}

/** What a reviewer looks at: the newest turns that made the work under review, newest last. */
export interface WorkUnderReview {
  readonly stage: StageId;
  readonly name: string;
  readonly turns: readonly WorkOutput[];
}

/**
 * All that a turn needs, as plain JSON without secret values: it may travel to another machine. Big things are
 * references into the store of the runner's host; inline texts that would make it larger than 64 KiB are moved there.
 */
export interface TurnTask {
  readonly runId: RunId;
  /** The claim under which the turn was started. */
  readonly epoch: number;
  readonly turn: TurnId;
  readonly stage: StageDefinition;
  readonly kind: TurnKind;
  /** From 1. */
  readonly round: number;
  /** From 1; counts retries of this turn after failures. */
  readonly attempt: number;
  /** null for commands and checks. */
  readonly agent: AgentId | null;
  readonly group: GroupLimit | null;
  readonly objective: TextRef;
  /** Its title, which front matter may give and the text need not have; absent = from before it was told. */
  readonly objectiveTitle?: string;
  readonly template: TextRef | null;
  readonly inputs: readonly TurnInput[];
  /** Newest recorded versions of artifacts that this turn may write (its own and those of the reviewed stage). */
  readonly owned: readonly TurnInput[];
  /** For review and fix turns. */
  readonly underReview: WorkUnderReview | null;
  readonly feedback: readonly Feedback[];
  /** For check turns, and as evidence for reviews. */
  readonly checks: readonly CheckDefinition[];
  /**
   * Of a check turn that judges an acceptance stage: how the scenarios of the specification count. `shown`: only failed
   * ones matter. `linked`: each must have passed. Absent = they are not looked at.
   */
  readonly scenarios?: "shown" | "linked";
  readonly lastChecks: readonly CheckResult[];
  /** Names of upstream stages that were skipped. */
  readonly skipped: readonly StageId[];
  /** What became of the attempt before this one, if there was one. */
  readonly before: "crashed" | "failed" | "interrupted" | null;
  /** The turn of that attempt: its unfinished files are set aside under its name. */
  readonly beforeTurn: TurnId | null;
  /** The agent's session to go on with. */
  readonly session: string | null;
  readonly values: Readonly<Record<string, string>>;
  readonly workspace: Workspace;
  /** Work turns of a stage with several agents: what the others have finished so far, in declared order. Else absent. */
  readonly others?: readonly WorkOutput[];
}

interface TurnEnd {
  /** null = not known to exist. */
  readonly log: LogRef | null;
  /** null = unknown, not zero. */
  readonly usage: TurnUsage | null;
  /** null = nothing newer is known: the session that the turn was started with stays valid. Opaque to all but the agent. */
  readonly session: string | null;
}

/** A turn that did what it was started for, and what came of it. */
export interface TurnSucceeded extends TurnEnd {
  readonly status: "succeeded";
  /** Of a review turn it holds the reasons too, also those given by tool or schema: it is what a fix turn gets. */
  readonly output: TextRef;
  readonly artifacts: readonly ArtifactRef[];
  /** Of a review turn; absent = the reviewer concluded nothing. */
  readonly verdict?: Verdict;
  /** Of a check turn: the turn succeeded when all commands could be run; whether they passed is in here. */
  readonly checks?: readonly CheckResult[];
  /** Path of the failure report, written before the result, when the last round was rejected. */
  readonly failureReport?: string;
}

/** A turn that ended with an error. */
export interface TurnFailed extends TurnEnd {
  readonly status: "failed";
  readonly error: SerializedError;
  /**
   * `never`: another attempt would fail alike. `notBefore`: wall time in ms at which a limit resets, which uses no
   * attempt. `limited`: at a limit that may name no time; without one it is tried again after growing delays, which use no
   * attempt either. Neither = retry by the stage's policy.
   */
  readonly retry: "never" | { readonly notBefore: number | null; readonly limited?: boolean };
  readonly output: TextRef | null;
}

/** A turn that was ended from outside, and why. */
export interface TurnInterrupted extends TurnEnd {
  readonly status: "interrupted";
  readonly reason: InterruptReason;
}

/** How a turn ended. By the time it exists nothing of the turn is running any more. */
export type TurnResult = TurnSucceeded | TurnFailed | TurnInterrupted;
