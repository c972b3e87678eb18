import { dirname } from "node:path";
import { isTroupeError, type RunId, TroupeError } from "@troupe/core";
import type { FileSystemPort } from "./file-system-port.js";
import type { JournalFault } from "./journal-chain.js";
import { NEWEST_VERSION } from "./journal-line.js";
import { quotedPath } from "./quoted-path.js";

/** The `code` of a system error such as `ENOENT`; empty when it has none. */
export function systemCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

export function isMissing(error: unknown): boolean {
  return systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR";
}

/** What opening says of a link, of a folder opened for writing and of a socket. */
export function isNoFile(error: unknown): boolean {
  return ["ELOOP", "EMLINK", "EISDIR", "ENXIO"].includes(systemCode(error));
}

/** `null` where the path does not exist. */
export async function orMissing<T>(result: Promise<T>): Promise<T | null> {
  return result.catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
}

/** Turns a system error into `STORE_FULL` (with the free bytes) or `STORE_FAILED`; Troupe's own errors pass. */
export async function storeError(
  fs: FileSystemPort,
  error: unknown,
  action: string,
  path: string,
): Promise<TroupeError> {
  if (isTroupeError(error)) return error;
  const code = systemCode(error);
  if (code === "ENOSPC" || code === "EDQUOT") return fullError(fs, path, error);
  const reason = code === "" && error instanceof Error ? error.message : code;
  // what stands in the way stands at the path itself, else it is the folder that says no
  const looked = code === "ENOTDIR" || code === "EEXIST" ? path : dirname(path);
  const hint =
    code === "EFBIG"
      ? "Files may not grow that large here; see how large, and raise it: ulimit -f"
      : `Check the permissions and the disk with: ls -ld ${quotedPath(looked)}`;
  return new TroupeError("STORE_FAILED", `cannot ${action} ${path}: ${reason}`, {
    hint,
    details: { path, reason },
    cause: error,
  });
}

/** `STORE_FULL` with the bytes that are left. */
export async function fullError(fs: FileSystemPort, path: string, cause: unknown): Promise<TroupeError> {
  const { place, freeBytes } = await volumeOf(fs, path);
  return new TroupeError("STORE_FULL", `no space left for ${path} (${freeBytes ?? "unknown"} bytes free)`, {
    hint: `Free some space; see what is left with: df -h ${quotedPath(place)}`,
    details: { path, freeBytes },
    cause,
  });
}

/** Of the path itself, where its links lead, else of the nearest folder above that is there. */
async function volumeOf(fs: FileSystemPort, place: string): Promise<{ place: string; freeBytes: number | null }> {
  try {
    return { place, freeBytes: (await fs.volume(place)).freeBytes };
  } catch (error) {
    if (isMissing(error) && dirname(place) !== place) return volumeOf(fs, dirname(place));
    return { place, freeBytes: null }; // the figure is a help for the person, not worth another error
  }
}

export function notFound(runId: RunId): TroupeError {
  return new TroupeError("RUN_NOT_FOUND", `there is no run ${JSON.stringify(runId)}`, {
    hint: "See all runs: troupe list",
    details: { runId },
  });
}

/** Where the first line of a journal begins, behind its newline: before that there is nothing to repair from. */
const FIRST_LINE = 1;

/** What stands from a fault to the end of a journal. */
export interface PartBehind {
  readonly bytesAfter: number;
  /** Intact entries that no longer continue anything. */
  readonly entriesAfter: number;
}

/** The error of a journal that cannot be read on. */
export function faultError(
  runId: RunId,
  path: string,
  fault: JournalFault,
  behind: PartBehind | null = null,
): TroupeError {
  const { offset } = fault;
  if (fault.kind === "newer") {
    const message = `the journal of run ${runId} has format ${fault.version} at byte ${offset}, this version knows ${NEWEST_VERSION}`;
    return new TroupeError("JOURNAL_NEWER", message, {
      hint: "Use the version of Troupe that wrote it, or a later one.",
      details: { runId, path, offset, version: fault.version },
    });
  }
  const hint =
    offset <= FIRST_LINE
      ? `Restore ${path} from a copy; without one the run cannot be taken up again: start a new one.\nTo be rid of it: troupe clean ${runId}`
      : `Make a new run of what is intact, everything before byte ${offset}: troupe repair ${runId}\nor restore ${path} from a copy.`;
  return new TroupeError("JOURNAL_CORRUPT", `the journal of run ${runId} has ${fault.reason} at byte ${offset}`, {
    hint,
    details: { runId, path, offset, reason: fault.reason, ...behind },
  });
}

/** A link, a pipe, a device or the like where the store keeps a file or folder of its own: never used, never followed. */
export function notOurs(path: string): TroupeError {
  return new TroupeError("STORE_FAILED", `${path}, where Troupe keeps its state, has been replaced by something else`, {
    hint: `See what is there and take it away: ls -ld ${quotedPath(path)}`,
    details: { path },
  });
}
