import type { RunId } from "@troupe/core";
import { readFully } from "./durable-file.js";
import type { OpenFile } from "./file-system-port.js";

/** The journal of a run as a listing has read and judged it, all of it: each line in it is an entry. */
interface ListedJournal {
  readonly runId: RunId;
  /** Of the run, ms since the epoch. */
  readonly createdAt: number;
  readonly bytes: Buffer;
}

/** The newest run of a listing, which is the one that is mostly read next. */
export interface NewestListed {
  offer(journal: ListedJournal): void;
  /** The same bytes, in memory, where `file` still holds just those; null otherwise. */
  find(runId: RunId, file: OpenFile, sizeBytes: number): Promise<OpenFile | null>;
}

export function createNewestListed(): NewestListed {
  let newest: ListedJournal | null = null;
  return {
    offer(journal) {
      if (newest === null || journal.createdAt >= newest.createdAt) newest = journal;
    },
    async find(runId, file, sizeBytes) {
      if (newest?.runId !== runId || newest.bytes.length !== sizeBytes) return null;
      const { bytes } = newest;
      newest = null; // once: nobody knows whether it is read again
      const now = await readFully(file, Buffer.allocUnsafe(sizeBytes), 0);
      return now.equals(bytes) ? inMemory(file, bytes) : null;
    },
  };
}

/** `file`, whose content is `bytes`. */
export function inMemory(file: OpenFile, bytes: Buffer): OpenFile {
  return {
    ...file,
    read: async (buffer, position) => (position >= bytes.length ? 0 : bytes.copy(buffer, 0, position)),
  };
}
