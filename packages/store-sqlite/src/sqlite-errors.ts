import { statfsSync } from "node:fs";
import { dirname, join } from "node:path";
import { type ErrorCode, isTroupeError, type RunId, TroupeError } from "@troupe/core";
import { quotedPath } from "./quoted-path.js";

// Result codes of sqlite.org/rescode.html; the low byte is the primary one.
const BUSY = new Set([5, 6, 15]); // SQLITE_BUSY, _LOCKED, _PROTOCOL (lost a race for the WAL's locks)
const DAMAGED = new Set([11, 26]); // SQLITE_CORRUPT, _NOTADB
const FULL = 13;
/** SQLITE_IOERR and SQLITE_CANTOPEN: also what a full disk looks like where a file cannot grow or be made. */
const FAILED_FILE = new Set([10, 14]);
/** SQLITE_IOERR_FSYNC and SQLITE_IOERR_DIR_FSYNC: what was written may be gone, so it is never tried again. */
const FAILED_SYNC = new Set([1034, 1290]);
/** The index of a write-ahead log grows by 32 KiB. */
const NEEDED_BYTES = 64 * 1024;

/** The result code of SQLite that an error carries; null = it is no error of SQLite. */
function resultCode(error: unknown): number | null {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number" ? error.errcode : null;
}

/** Whether another process has the database: nothing was done, and later it may work. */
export function isBusy(error: unknown): boolean {
  return BUSY.has((resultCode(error) ?? 0) & 0xff);
}

/** What an error of SQLite or of the system means for whoever uses the store at `path`; Troupe's own errors pass. */
export function storeError(error: unknown, path: string): TroupeError {
  if (isTroupeError(error)) return error;
  const code = resultCode(error) ?? 0;
  const reason = error instanceof Error ? error.message : String(error);
  const fail = (kind: ErrorCode, message: string, hint: string, details = {}): TroupeError =>
    new TroupeError(kind, message, { hint, details: { path, reason, ...details }, cause: error });
  if (isBusy(error)) {
    return fail(
      "STORE_FAILED",
      `${path} is busy: another process has been writing to it`,
      `See which: fuser -v ${quotedPath(path)}`,
    );
  }
  if (DAMAGED.has(code & 0xff)) return damagedFile(path, reason, { cause: error });
  const freeBytes = freeBytesAt(dirname(path));
  const isFull = code === FULL || /^(ENOSPC|EDQUOT)/.test(reason);
  const mayBeFull = FAILED_FILE.has(code & 0xff) && !FAILED_SYNC.has(code);
  if (isFull || (mayBeFull && freeBytes !== null && freeBytes < NEEDED_BYTES)) {
    const hint = `Free some space; see what is left with: df -h ${quotedPath(dirname(path))}`;
    return fail("STORE_FULL", `no space left for ${path} (${freeBytes ?? "unknown"} bytes free)`, hint, { freeBytes });
  }
  const hint = `Check the permissions and the disk with: ls -ld ${quotedPath(dirname(path))}`;
  return fail("STORE_FAILED", `cannot use ${path}: ${reason}`, hint);
}

function freeBytesAt(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null; // the figure is a help for the person, not worth another error
  }
}

interface FileDamage {
  /** The file beside the database that is wrong, if it is not the database itself. */
  readonly file?: string;
  readonly details?: Readonly<Record<string, number>>;
  readonly cause?: unknown;
}

/** The database at `path` cannot be used. It is left as it is. Its files only make sense together. */
export function damagedFile(path: string, reason: string, damage: FileDamage = {}): TroupeError {
  const { file = path, details, cause } = damage;
  const old = join(dirname(path), "damaged");
  return new TroupeError("JOURNAL_CORRUPT", `${file} cannot be used: ${reason}`, {
    hint: `Restore ${path} from a copy, or begin with an empty one: mkdir ${quotedPath(old)} && mv ${quotedPath(path)}* ${quotedPath(old)}`,
    details: { path: file, reason, ...details },
    cause,
  });
}

/** The journal of one run cannot be read on at `seq`. */
export function damagedRun(path: string, runId: RunId, seq: number, reason: string): TroupeError {
  const hint =
    seq === 1
      ? `Restore ${path} from a copy; without one the run cannot be taken up again: start a new one.\nTo be rid of it: troupe clean ${runId}`
      : `Make a new run of what is intact, entries 1 to ${seq - 1}: troupe repair ${runId}\nor restore ${path} from a copy.`;
  return new TroupeError("JOURNAL_CORRUPT", `the journal of run ${runId} has ${reason} at entry ${seq}`, {
    hint,
    details: { runId, path, seq, reason },
  });
}

export function notFound(runId: RunId): TroupeError {
  return new TroupeError("RUN_NOT_FOUND", `there is no run ${JSON.stringify(runId)}`, {
    hint: "See all runs: troupe list",
    details: { runId },
  });
}
