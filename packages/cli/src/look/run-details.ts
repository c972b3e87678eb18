import type { AgentDescriptor, RunFlags, RunState, StageDefinition, StageView } from "@troupe/core";
import type { RunReport, StageReport } from "./run-report.js";
import type { TurnJudgement, TurnRecord } from "./turn-history.js";

/** A turn without the texts that belong to it. */
export interface ListedTurn extends Omit<TurnRecord, "output" | "error" | "judgement"> {
  readonly error: { readonly code: string; readonly message: string; readonly hint: string | null } | null;
  /** null = no person has judged it. */
  readonly judgement: TurnJudgement | null;
}

/** A turn as `show` tells it of a stage. */
export interface ShownTurn extends Omit<ListedTurn, "judgement"> {
  /** null = no person has judged it. */
  readonly judgement: (TurnJudgement & { readonly message: string | null }) | null;
  /** The whole text that it returned; null = none. */
  readonly output: string | null;
}

/** All that is known of a run but its texts. */
export interface RunDetails {
  readonly version: 1;
  readonly runId: string;
  readonly objective: { readonly title: string; readonly path: string | null };
  /** Where the workflow came from. */
  readonly source: string;
  readonly agents: readonly AgentDescriptor[];
  readonly inputs: Readonly<Record<string, string>>;
  readonly skip: readonly string[];
  /** What was typed. */
  readonly flags: RunFlags;
  /** In the order in which they started. */
  readonly turns: readonly ListedTurn[];
  readonly report: RunReport;
}

/** All that is known of a stage of a run, texts included. */
export interface StageDetails {
  readonly version: 1;
  readonly runId: string;
  readonly definition: StageDefinition;
  readonly report: StageReport;
  readonly turns: readonly ShownTurn[];
  /** In their newest versions. */
  readonly artifacts: readonly {
    readonly name: string;
    readonly turn: string;
    readonly bytes: number;
    readonly sha256: string;
  }[];
  /** The turn whose result awaits a person. */
  readonly awaitingApproval: string | null;
  /** Path of the report written when the last round was rejected. */
  readonly failureReport: string | null;
}

/** `turns` are those of the stage. */
export function stageDetailsOf(
  { runId }: Pick<RunState, "runId">,
  { definition, artifacts, awaitingApproval, failureReport }: StageView,
  report: StageReport,
  turns: readonly ShownTurn[],
): StageDetails {
  return {
    version: 1,
    runId,
    definition,
    report,
    turns,
    artifacts: [...artifacts.values()].map(({ name, turn, bytes, sha256 }) => ({ name, turn, bytes, sha256 })),
    awaitingApproval,
    failureReport,
  };
}
