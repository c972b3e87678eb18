import type { JournalEntry, NewEntry, Owner } from "../model/events.js";
import type { RunId, Sha256, TurnId } from "../model/ids.js";
import type { BlobRef, LogRef } from "../model/refs.js";
import type { RunSummary } from "../model/run.js";
import type { RunStatus } from "../model/status.js";

/** Who seems to be working on a run. */
export interface Holder {
  readonly owner: Owner;
  /** Wall time of the last renewal, ms since the epoch; null = never renewed. */
  readonly renewedAt: number | null;
  /** After this long without a renewal an `unknown` holder counts as gone, in milliseconds. */
  readonly ttlMs: number;
  /** `unknown`: on another host or in another pid namespace; judged by its renewals only. */
  readonly alive: "alive" | "dead" | "unknown";
}

/** Who wants to hold a run, and for how long. */
export interface LeaseRequest {
  /** The command line, for a person who is refused. */
  readonly command: string;
  /** How long a holder that cannot be looked at keeps the lease without a renewal, in milliseconds. */
  readonly ttlMs: number;
}

/**
 * A liveness hint, never what safety rests on. Disposing releases it, if it is still ours; dispose last, after every
 * flight has settled.
 */
export interface Lease extends AsyncDisposable {
  readonly owner: Owner;
  /** Who held it before, dead by now; null = nobody, or it was released properly. */
  readonly previous: Holder | null;
  /** Aborts when the lease was taken over or can no longer be renewed. */
  readonly lost: AbortSignal;
}

/** Which runs to list; every one without it. */
export interface ListFilter {
  readonly statuses?: readonly RunStatus[];
}

/** One line of a listing; a damaged run is listed with its error and never hides the others. */
export type ListedRun =
  | { readonly damaged: false; readonly summary: RunSummary }
  | { readonly damaged: true; readonly runId: RunId; readonly code: string; readonly message: string };

/** Bytes to keep, at once or in chunks. */
export type Content = Uint8Array | AsyncIterable<Uint8Array>;

/** Content-addressed bytes of a run; they go with the run. Putting them may come before the run's first entry. */
export interface BlobStore {
  /** Durable when it resolves; putting the same content again is cheap and not an error. Rejects `STORE_FULL`, `STORE_FAILED`. */
  put(runId: RunId, content: Content): Promise<BlobRef>;
  /** Chunks of the content, verified against the hash by the end. Rejects `BLOB_MISSING`, `BLOB_CORRUPT`. */
  get(runId: RunId, sha256: Sha256): AsyncIterable<Uint8Array>;
}

/** An open log of one turn. */
export interface LogWriter {
  /** Never rejects and never blocks the turn; what does not fit the cap is counted and marked. */
  write(chunk: Uint8Array): void;
  /** Flushes; the log is complete when it resolves. */
  close(): Promise<LogRef>;
}

/** Raw output by turn; readable while the turn runs; what was written before a crash stays. */
export interface LogStore {
  /** Rejects `RUN_NOT_FOUND`, `STORE_FAILED`. */
  open(runId: RunId, turn: TurnId): Promise<LogWriter>;
  /** From byte `offset` to the end as it is now; nothing when there is no such log. */
  read(runId: RunId, turn: TurnId, offset?: number): AsyncIterable<Uint8Array>;
}

/**
 * Keeps runs. A store knows nothing of what a run means: it appends entries at dense positions and tells liveness.
 * All methods may be called at the same time, by several processes.
 */
export interface StateStore {
  /** Writes the first entry, seq 1. Rejects `RUN_EXISTS` (unless the entry with this id is that first one), `STORE_FULL`, `STORE_FAILED`. */
  create(runId: RunId, entry: NewEntry): Promise<JournalEntry>;
  /**
   * Appends at `expectedSeq + 1`; durable when it resolves. The same id again at its place resolves with the entry that
   * is there. Rejects `JOURNAL_CONFLICT` (another entry has that position: nothing of this one counts), `RUN_NOT_FOUND`,
   * `STORE_FULL` (repeat with the same id), `STORE_FAILED` (fate unknown, fatal for the run), `JOURNAL_CORRUPT`.
   */
  append(runId: RunId, expectedSeq: number, entry: NewEntry): Promise<JournalEntry>;
  /**
   * Entries after `afterSeq` (0 = all) in order, no gaps; each durable before it is yielded, also where its writer died
   * before it could see to that. Rejects `RUN_NOT_FOUND`, `JOURNAL_CORRUPT`, `JOURNAL_NEWER`.
   */
  read(runId: RunId, afterSeq?: number): AsyncIterable<JournalEntry>;
  /** Newest first (by `createdAt`). */
  list(filter?: ListFilter): AsyncIterable<ListedRun>;
  /** Takes nothing. */
  holder(runId: RunId): Promise<Holder | null>;
  /**
   * At once when the holder is dead; when it is `unknown`, after watching a full ttl pass without a renewal, else
   * refused. Rejects `RUN_LOCKED` (details: pid, host, command) while another owner seems alive, `RUN_NOT_FOUND`.
   */
  acquireLease(runId: RunId, request: LeaseRequest): Promise<Lease>;
  readonly blobs: BlobStore;
  readonly logs: LogStore;
  /** The run with its blobs and logs. Rejects `RUN_LOCKED` while held, `RUN_NOT_FOUND`. */
  remove(runId: RunId): Promise<void>;
  /**
   * Yields the newest position known whenever entries after `afterSeq` may exist, also those that came before the
   * call; ends when `signal` aborts. Without it the engine reads once a second.
   */
  watch?(runId: RunId, afterSeq: number, signal: AbortSignal): AsyncIterable<{ readonly seq: number }>;
  close(): Promise<void>;
}
