import { isAbsolute } from "node:path";
import {
  type Clock,
  type Lease,
  type ProcessWitness,
  type RunId,
  randomHex,
  type StateStore,
  systemClock,
  systemWitness,
  TroupeError,
} from "@troupe/core";
import { createBlobs } from "./content.js";
import { createDatabaseAccess, type Database, volumeType } from "./database.js";
import { createJournal, listRuns, refuse, requireRun } from "./journal.js";
import { type LeasePlace, readHolder, takeLease } from "./leases.js";
import { createLogs } from "./logs.js";

const MAX_LOG_BYTES = 64 * 1024 * 1024;
const WATCH_MS = 200;
const REMOVAL_TTL_MS = 30_000;

/** Where the runs are kept, and how. */
export interface SqliteStoreOptions {
  /** Absolute path of `.troupe`; made when it is first needed, with a `.gitignore` of `*` and `troupe.db` in it. */
  readonly folder: string;
  /** Also on a network file system, where SQLite may lose what two machines write. Default false. */
  readonly force?: boolean;
  /** Bytes kept of one log, at least 1,024: its beginning and its end. Default 64 MiB. */
  readonly maxLogBytes?: number;
  readonly clock?: Clock;
  readonly randomHex?: (bytes: number) => string;
  /** Another judge of which processes live, for tests of takeovers. */
  readonly witness?: ProcessWitness;
  /** Another way to tell the `type` of statfs(2), for tests of network file systems. */
  readonly volumeType?: (folder: string) => number;
}

/**
 * Keeps runs in one SQLite file on a local disk; see `StateStore` for what it promises. Throws `STORE_UNSUPPORTED` when
 * the folder is not absolute.
 */
export function createSqliteStore(options: SqliteStoreOptions): StateStore {
  const { folder } = options;
  if (!isAbsolute(folder)) {
    throw new TroupeError("STORE_UNSUPPORTED", `the folder of the store is not absolute: ${folder}`, {
      hint: "Give the absolute path of the .troupe folder.",
    });
  }
  const defaults = { force: false, clock: systemClock, randomHex, witness: systemWitness, volumeType };
  const settings = { ...defaults, ...options };
  const db = createDatabaseAccess(settings);
  const journal = createJournal(db);
  const place: LeasePlace = { ...settings, db };
  const leases = new Set<Lease>();
  return {
    create: journal.create,
    append: journal.append,
    read: (runId, afterSeq = 0) => journal.read(runId, afterSeq),
    list: (filter = {}) => listRuns(db, filter),
    holder: (runId) => readHolder(place, runId),
    async acquireLease(runId, request) {
      const lease = await takeLease(place, runId, request);
      leases.add(lease);
      return lease;
    },
    blobs: createBlobs(db, settings.randomHex),
    logs: createLogs(db, Math.max(1_024, options.maxLogBytes ?? MAX_LOG_BYTES)),
    remove: (runId) => removeRun(place, runId),
    watch: (runId, afterSeq, signal) => watchRun(db, settings.clock, runId, afterSeq, signal),
    async close() {
      for (const lease of leases) await lease[Symbol.asyncDispose]();
      leases.clear();
      db.close();
    },
  };
}

/** Removes a run that nobody holds, damaged or not, with its content and logs, at once. */
async function removeRun(place: LeasePlace, runId: RunId): Promise<void> {
  await using _lease = await takeLease(place, runId, { command: "remove", ttlMs: REMOVAL_TTL_MS });
  await place.db.write({
    work(sql) {
      for (const table of ["entries", "content", "leases"]) sql.run(`DELETE FROM ${table} WHERE run = ?`, runId);
    },
    absent: () => {},
  });
}

/** SQLite tells nobody of a change, and looking costs microseconds. */
async function* watchRun(
  db: Database,
  clock: Clock,
  runId: RunId,
  afterSeq: number,
  signal: AbortSignal,
): AsyncGenerator<{ readonly seq: number }> {
  for (let seq = afterSeq; !signal.aborted; ) {
    const newest = await db.read(
      (sql) => requireRun(sql, runId),
      () => refuse(runId),
    );
    if (newest > seq) {
      seq = newest;
      yield { seq };
    } else await clock.wait(WATCH_MS, signal);
  }
}
