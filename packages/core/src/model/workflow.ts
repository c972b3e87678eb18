import type { AgentId, GroupName, StageId } from "./ids.js";

/**
 * `work`: an agent (then checks). `review`: a reviewer judges, the work agent fixes. `acceptance`: tests are written,
 * checks decide. `command`: a program instead of an agent. `terminal`: completes without a turn.
 */
export type StageKind = "work" | "review" | "acceptance" | "command" | "terminal";

/** A program to start: a list of arguments, or a line that the author of the workflow gives to the shell. */
export type CommandLine = { readonly argv: readonly string[] } | { readonly shell: string };

/** Where a check leaves its test report, and in which form. */
export interface ReportDefinition {
  readonly format: "junit" | "tap";
  /** Below the working folder; `*` in the last part stands for any characters. Empty = the check's standard output. */
  readonly files: readonly string[];
}

/** A command that must exit 0; with a report its tests count too. */
export type CheckDefinition = CommandLine & { readonly report?: ReportDefinition };

/** How often a turn is tried again after a retryable failure. Crashes of the runner and interruptions do not count. */
export interface RetryPolicy {
  /** Attempts in all, at least 1. */
  readonly attempts: number;
  /** Before the second attempt, in milliseconds. */
  readonly delayMs: number;
  /** Factor for each further delay. */
  readonly backoff: number;
  readonly maxDelayMs: number;
}

/** The default of `stages.yaml`. */
export const DEFAULT_RETRY: RetryPolicy = { attempts: 2, delayMs: 30_000, backoff: 2, maxDelayMs: 600_000 };
/** Rounds of a review, an acceptance or a checked work stage. */
export const DEFAULT_MAX_ROUNDS: number = 4;

/** Decides, as data, whether a stage runs. It names only inputs and stages upstream of its stage. */
export type Condition =
  | { readonly input: string; readonly equals: string }
  | { readonly stage: StageId; readonly is: "completed" | "skipped" }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition };

/**
 * A named step of a workflow, validated and normalised. Fields added after version 1 are optional, and absence means
 * what version 1 did: workflows are recorded in journals.
 */
export interface StageDefinition {
  readonly id: StageId;
  /** For display and prompts. */
  readonly name: string;
  readonly description: string;
  readonly kind: StageKind;
  /**
   * Does `work` and `fix` turns, with {@link StageDefinition.parallelAgents} the `fix` turns only; null for command and
   * terminal stages, and where several agents do the work and nothing of it is ever mended here.
   */
  readonly workAgent: AgentId | null;
  /** Does `review` turns; null unless a review stage. */
  readonly reviewAgent: AgentId | null;
  /** Command stages only. */
  readonly run: CommandLine | null;
  /** The stage whose work this review stage judges; null = it does its own `work` first. */
  readonly reviews: StageId | null;
  /** Commands that must exit 0 before the stage completes. */
  readonly checks: readonly CheckDefinition[];
  /** Files below the artifacts folder that must exist and not be empty when the stage completes. */
  readonly artifacts: readonly string[];
  readonly exitCriteria: readonly string[];
  /** May be skipped by a flag or a condition. */
  readonly optional: boolean;
  readonly includeObjective: boolean;
  /** Path as written in the file; its text is in {@link RunDefinition.templates}. */
  readonly promptTemplate: string | null;
  /** `tree` = may change the working tree. */
  readonly writes: "artifacts" | "tree";
  /** A person approves the result before anything depends on it. */
  readonly approval: boolean;
  /** Stages that must be completed or skipped by rule before this one starts. */
  readonly needs: readonly StageId[];
  readonly group: GroupName | null;
  /** At least 1. */
  readonly maxRounds: number;
  /** Bounds one turn; null = unbounded. */
  readonly timeoutMs: number | null;
  /** Longest silence of one turn with no tool running; null = unbounded. */
  readonly idleTimeoutMs: number | null;
  readonly retry: RetryPolicy;
  /** Acceptance stages that must be completed, not skipped, or this stage fails with `ACCEPTANCE_NOT_PASSED`. */
  readonly requiresAcceptance: readonly StageId[];
  /**
   * Decided once, when the needs and the stages that it names are satisfied; a stage whose condition does not hold is
   * skipped, optional or not. Decided anew only when the stage starts anew, or when a resume brings a workflow or inputs
   * by which a skipped stage would run. It does not shape a result: a completed stage stays completed. Absent = it runs.
   */
  readonly when?: Condition;
  /**
   * Acceptance stages only. `linked`: each scenario of the specification must have a passing test that carries its id.
   * Absent = scenarios without a test are shown as such, and only failed ones matter.
   */
  readonly scenarios?: "linked";
  /**
   * Agents that do the `work` of this stage instead of `workAgent`, each in a turn of its own, at the same time where
   * limits allow; each once. All must succeed; what they leave is checked once, after all. Absent = `workAgent` does it.
   */
  readonly parallelAgents?: readonly AgentId[];
  /** Turns of `parallelAgents` in flight at once, at least 1; 1 = one after another. Absent = as many as there are. */
  readonly agentsAtOnce?: number;
}

/** Stages that run at the same time. Scheduling uses `needs`; a group is for its limit, its policy and its display. */
export interface GroupDefinition {
  readonly name: GroupName;
  readonly stages: readonly StageId[];
  /** The stage just before; null = the group starts the workflow. */
  readonly after: StageId | null;
  /** The gate; null = the group ends the workflow. */
  readonly before: StageId | null;
  /** Turns in flight at once; null = no limit but the executor's. */
  readonly maxConcurrent: number | null;
  /** `continue`: the other members do all they would have done. `fail_fast`: they are cancelled. */
  readonly onFailure: "continue" | "fail_fast";
}

/** A declared input of a run. */
export interface InputDefinition {
  readonly name: string;
  readonly description: string;
  /** null = the person must give a value. */
  readonly default: string | null;
}

/** The validated, normalised content of a `stages.yaml`. Plain JSON. */
export interface Workflow {
  readonly version: 1;
  readonly name: string;
  /** In declared order; `needs` only name stages of this list, without a cycle. */
  readonly stages: readonly StageDefinition[];
  readonly groups: readonly GroupDefinition[];
  readonly inputs: readonly InputDefinition[];
}
