import type { ShownRunStatus } from "@troupe/core";

/** What `clean --json` prints. */
export interface CleanReport {
  readonly version: 1;
  readonly dryRun: boolean;
  /** Of a dry run, what would be removed. */
  readonly removed: readonly CleanedRun[];
  /** Runs that somebody has taken meanwhile. */
  readonly heldMeanwhile: readonly string[];
  /** Less in the state folder than before; 0 of a dry run. */
  readonly freedBytes: number;
}

export interface CleanedRun {
  readonly runId: string;
  readonly status: ShownRunStatus;
  readonly objective: string;
  readonly updatedAt: number;
  /** Of its own files. */
  readonly bytes: number;
}
