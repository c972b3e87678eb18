import type { ShownRunStatus } from "@troupe/core";

/** What `clean --json` prints. */
export interface CleanReport {
  readonly version: 1;
  readonly dryRun: boolean;
  /** Of a dry run, what would be removed. */
  readonly removed: readonly CleanedRun[];
  /** Runs that somebody has taken meanwhile. */
  readonly heldMeanwhile: readonly string[];
  /** Numbers of processes that a dead runner had left, which were ended. */
  readonly processesEnded: readonly number[];
  /** Less in the state folder than before; 0 of a dry run. */
  readonly freedBytes: number;
}

export interface CleanedRun {
  readonly runId: string;
  /** `damaged`: it cannot be read, and nothing else is known of it. */
  readonly status: ShownRunStatus | "damaged";
  /** Empty of a damaged run. */
  readonly objective: string;
  /** null of a damaged run. */
  readonly updatedAt: number | null;
  /** Of its own files. */
  readonly bytes: number;
}
