import { watch } from "node:fs";
import type { RunId } from "@troupe/core";
import type { OpenFile } from "./file-system-port.js";
import { faultError, storeError } from "./fs-errors.js";
import { type JournalPlace, openJournalFile } from "./journal-open.js";
import { readBatches } from "./journal-reader.js";
import type { OpenJournals } from "./open-journals.js";

/** Notifications get lost on some file systems and where a limit of the kernel is reached. */
const POLL_MS = 1_000;
/** Many changes in a row cost one look. */
const SETTLE_MS = 25;

/** What watching needs. */
export interface WatchPlace extends JournalPlace {
  readonly journals: OpenJournals;
}

/**
 * Yields the newest position whenever it has grown beyond `afterSeq` and what was yielded; ends on abort. It says that
 * there is something to read, and does not sync: what is there counts once it was read.
 */
export async function* watchRun(
  place: WatchPlace,
  runId: RunId,
  afterSeq: number,
  signal: AbortSignal,
): AsyncGenerator<{ readonly seq: number }> {
  const file = await openJournalFile(place, runId);
  const bell = createBell(place.layout.runFolder(runId), signal);
  try {
    let seq = afterSeq;
    while (!signal.aborted) {
      const newest = await newestSeq(place, runId, file, bell);
      if (newest > seq) {
        seq = newest;
        yield { seq };
      }
      await bell.rung();
    }
  } catch (error) {
    throw await storeError(place.fs, error, "watch", place.layout.journal(runId));
  } finally {
    bell.close();
    await file.close();
  }
}

/**
 * Reads only what this store neither wrote nor read before, and nothing while it appends: a look at each line of our own
 * on its way would cost a busy run more than the appends do. What is found in the end is looked at again then.
 */
async function newestSeq(
  { journals, layout }: WatchPlace,
  runId: RunId,
  file: OpenFile,
  bell: Pick<Bell, "again">,
): Promise<number> {
  const status = await file.status();
  const { identity, size } = status;
  let { cursor } = journals.known(runId, identity);
  if (cursor.offset >= size) return cursor.chain.seq;
  if (journals.isAppending(runId)) {
    bell.again();
    return cursor.chain.seq;
  }
  for await (const batch of readBatches(file, cursor)) {
    if (batch.fault !== null) throw faultError(runId, layout.journal(runId), batch.fault);
    cursor = batch.cursor;
  }
  journals.note(runId, identity, { cursor, syncedBytes: 0, seen: status });
  return cursor.chain.seq;
}

interface Bell {
  /** Resolves when something may have changed since it last did, and when the signal aborts. */
  rung(): Promise<void>;
  /** Rings in a moment, whether or not anything changes. */
  again(): void;
  close(): void;
}

function createBell(folder: string, signal: AbortSignal): Bell {
  let hasRung = false;
  let wake = (): void => {};
  let settling: NodeJS.Timeout | null = null;
  const ring = (): void => {
    settling = null;
    hasRung = true;
    wake();
  };
  const changed = (): void => {
    settling ??= setTimeout(ring, SETTLE_MS).unref();
  };
  const poll = setInterval(ring, POLL_MS).unref();
  signal.addEventListener("abort", ring);
  const closeWatcher = watchFolder(folder, changed);
  return {
    async rung() {
      if (!hasRung && !signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      hasRung = false;
    },
    again: changed,
    close() {
      clearInterval(poll);
      if (settling !== null) clearTimeout(settling);
      signal.removeEventListener("abort", ring);
      closeWatcher();
    },
  };
}

function watchFolder(folder: string, changed: () => void): () => void {
  try {
    const watcher = watch(folder, { persistent: false }, changed);
    watcher.on("error", () => watcher.close()); // the poll goes on
    return () => watcher.close();
  } catch {
    return () => {}; // no watches left: the poll goes on
  }
}
