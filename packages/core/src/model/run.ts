import type { AgentId, RunId, Sha256, StageId } from "./ids.js";
import type { ExpectedDurations } from "./longest-first.js";
import type { TextRef } from "./refs.js";
import type { RunStatus } from "./status.js";
import type { CheckDefinition, CommandLine, StageDefinition, Workflow } from "./workflow.js";

/**
 * The newest format of {@link RunDefinition} that this version understands. A definition carries the oldest format
 * that does it justice ({@link formatOf}), so that older versions go on with whatever they understand.
 * 1: the first. 2: `when` of a stage; a resume that resets or leaves out a stage with a turn of a dead holder in flight.
 * 3: `report` of a check; `scenarios` of a stage; several agents in one stage.
 */
export const RUN_FORMAT: number = 3;

/** The oldest format that a run of the workflow can be written in. */
export function formatOf({ stages }: Workflow): number {
  if (stages.some(needsFormat3)) return 3;
  return stages.some(({ when }) => when !== undefined) ? 2 : 1;
}

function needsFormat3({ checks, scenarios, parallelAgents }: StageDefinition): boolean {
  return scenarios !== undefined || parallelAgents !== undefined || checks.some(hasReport);
}

function hasReport({ report }: CheckDefinition): boolean {
  return report !== undefined;
}

/** Bounds of a run over all its claims; null = none. */
export interface RunLimits {
  /** Active time in milliseconds: waiting for approvals and retries does not count. */
  readonly durationMs: number | null;
  /** US dollars, over all turns. */
  readonly costUsd: number | null;
  /** Input and output tokens, over all turns. */
  readonly tokens: number | null;
  /** Longest wait for a time that a failure named (a rate limit's reset), in milliseconds. */
  readonly waitMs: number | null;
  /** Turns in flight at once; null = the executor's capacity. */
  readonly concurrency: number | null;
}

/** A limit on what a run may use, and how much of it is used. */
export interface LimitUse {
  readonly limit: "duration" | "cost" | "tokens";
  /** Milliseconds, US dollars or tokens, as `of`. */
  readonly used: number;
  readonly of: number;
  /** Some turns did not tell what they used: it is at least so much. */
  readonly isAtLeast: boolean;
}

/** 8 h of active time, 6 h of waiting, no budget. */
export const DEFAULT_LIMITS: RunLimits = {
  durationMs: 8 * 3_600_000,
  costUsd: null,
  tokens: null,
  waitMs: 6 * 3_600_000,
  concurrency: null,
};

/** What was typed, not what a file or a default gave: it stays for `resume` unless given again. */
export interface RunFlags {
  readonly skip: readonly StageId[];
  readonly limits: Partial<RunLimits>;
  readonly inputs: Readonly<Record<string, string>>;
  /** `--check` commands. */
  readonly checks: readonly CommandLine[];
  /** Agent id, or `all`, to a plugin reference such as `replay:FILE`. */
  readonly agents: Readonly<Record<string, string>>;
  readonly shareTree: boolean;
  readonly ignoreMissingTemplates?: boolean;
}

/** The objective of a run: its title, where it came from, and its text by reference. */
export interface ObjectiveRef {
  /** At most 120 characters. */
  readonly title: string;
  /** The file it came from; null when given as text. */
  readonly path: string | null;
  readonly text: TextRef;
}

/** An agent as the run was started with it; part of fingerprints. */
export interface AgentDescriptor {
  readonly id: AgentId;
  /** Plugin reference. */
  readonly plugin: string;
  readonly model: string | null;
  readonly persona: string | null;
}

/** Text of a prompt template, by the path that stages name. */
export interface TemplateRef {
  readonly path: string;
  readonly text: TextRef;
}

/** All that a run is defined by: recorded by `run.created`, replaced as a whole by `run.reconfigured`. */
export interface RunDefinition {
  /** What a reader must understand: see {@link RUN_FORMAT}; a greater one than the reader's is `JOURNAL_NEWER`. */
  readonly format: number;
  readonly workflow: Workflow;
  /** Where the workflow came from, for a person: a path, or `built-in`. */
  readonly source: string;
  /** The file of the workflow, from the project folder or absolute: a resume reads it again. Absent = there is none. */
  readonly workflowFile?: string;
  readonly objective: ObjectiveRef;
  readonly templates: readonly TemplateRef[];
  readonly agents: readonly AgentDescriptor[];
  /** Values of the declared inputs, from flags, files and defaults. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Optional stages to skip, from flags and files. */
  readonly skip: readonly StageId[];
  /** From flags, files and defaults. */
  readonly limits: RunLimits;
  readonly flags: RunFlags;
  /**
   * How long stages took in earlier runs, as far as that is known: of those that are ready at the same moment the
   * longest goes first. Recorded, so that a resume orders as the start did; no part of fingerprints. Absent = nothing
   * is known.
   */
  readonly expectedMs?: ExpectedDurations;
  /** Fingerprint of each stage's definition, without its inputs. */
  readonly fingerprints: Readonly<Record<StageId, Sha256>>;
}

/** One line of `list`. */
export interface RunSummary {
  readonly runId: RunId;
  readonly workflow: string;
  /** Title, at most 120 characters. */
  readonly objective: string;
  /** As the journal has it: `running` also when its holder is dead. */
  readonly status: RunStatus;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}
