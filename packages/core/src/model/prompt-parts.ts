import type { AgentId, StageId } from "./ids.js";
import type { CheckResult, Feedback, TurnKind, TurnTask } from "./turn.js";
import type { StageDefinition } from "./workflow.js";

/** A text of another turn, whole or its beginning. */
export interface PromptText {
  readonly text: string;
  /** The file that holds all of it, when `text` is only its beginning; else null. */
  readonly path: string | null;
}

/** What an earlier stage left. */
export type PromptInput =
  | { readonly stage: StageId; readonly name: string; readonly path: string }
  | {
      readonly stage: StageId;
      readonly name: null;
      readonly output: PromptText;
      /** Whose it is, when several agents of the stage answered. */
      readonly agent?: AgentId;
    };

/** An artifact that the reader finds on disk. */
export interface PromptFile {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

/** All that a prompt is made of, read and resolved: texts instead of references, absolute paths instead of names. */
export interface PromptParts {
  /** A check has no prompt. */
  readonly kind: Exclude<TurnKind, "check">;
  readonly stage: StageDefinition;
  readonly round: number;
  /** Of the author; stands first, as it is. */
  readonly template: string | null;
  readonly objective: string;
  /** Said where the objective does not say it itself; absent = unknown. */
  readonly objectiveTitle?: string;
  /** The role of the agent in the author's words. */
  readonly persona: string | null;
  readonly values: Readonly<Record<string, string>>;
  readonly workspace: string;
  readonly artifactsFolder: string;
  /** Names of artifacts that this turn must leave. */
  readonly required: readonly string[];
  /** Names of artifacts of the reviewed stage of which this turn may leave a new version. */
  readonly revisable: readonly string[];
  readonly inputs: readonly PromptInput[];
  /** For review and fix turns. */
  readonly underReview: {
    readonly stage: StageId;
    readonly name: string;
    /** What the turns that made it answered, newest last; `agent`: whose it is, when several made it. */
    readonly outputs: readonly (PromptText & { readonly agent?: AgentId })[];
    readonly artifacts: readonly PromptFile[];
  } | null;
  /** For review turns. */
  readonly evidence: {
    /** What changed in the working folder, as text; null = unknown. */
    readonly changes: string | null;
    readonly checks: readonly CheckResult[];
  } | null;
  readonly feedback: readonly (Pick<Feedback, "source" | "round"> & { readonly text: PromptText })[];
  readonly skipped: readonly StageId[];
  /** How the attempt before this one ended, if there was one. */
  readonly before: TurnTask["before"];
  /** Unrecorded files that lay where the turn's artifacts belong, by their new paths. */
  readonly setAside: readonly PromptFile[];
  /** Of a work turn that is one agent's part; absent = one agent does all of the work. */
  readonly part?: PromptShare;
}

/** One agent's part of the work of a stage that several do. */
interface PromptShare {
  readonly agent: AgentId;
  /** All of them in declared order, this one too. */
  readonly agents: readonly AgentId[];
  /** How many may be at work at the same time. */
  readonly atOnce: number;
  /** What others have finished so far, in declared order. */
  readonly others: readonly { readonly agent: AgentId; readonly output: PromptText }[];
}
