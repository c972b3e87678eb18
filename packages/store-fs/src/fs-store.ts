import { isAbsolute } from "node:path";
import {
  type Clock,
  type JournalEntry,
  type Lease,
  type ProcessWitness,
  type RunId,
  randomHex,
  type StateStore,
  systemClock,
  systemWitness,
  TroupeError,
} from "@troupe/core";
import { createBlobs } from "./blobs.js";
import { createRun } from "./create-run.js";
import type { FileSystemPort } from "./file-system-port.js";
import { refuseForeignParts } from "./foreign-parts.js";
import { faultError, storeError } from "./fs-errors.js";
import { makeDurable, makeNamesDurable } from "./journal-durable.js";
import { type JournalPlace, openJournalFile, requireRunFolder } from "./journal-open.js";
import { readBatches, startOf } from "./journal-reader.js";
import { createLayout } from "./layout.js";
import { readHolder, takeLease } from "./leases.js";
import { listRuns } from "./list-runs.js";
import { createLogs } from "./logs.js";
import { createNewestListed, type NewestListed } from "./newest-listed.js";
import { nodeFileSystem } from "./node-file-system.js";
import { createOpenJournals, type OpenJournals } from "./open-journals.js";
import { partBehind } from "./part-behind.js";
import { removeRun } from "./remove-run.js";
import { createStatePreparation } from "./state-folder.js";
import { watchRun } from "./watch-run.js";

/** 64 MiB. */
export const DEFAULT_MAX_LOG_BYTES: number = 64 * 1024 * 1024;

/** Where runs are kept, and with what. */
export interface FsStoreOptions {
  /** Absolute path of `.troupe`; made when it is first needed, with a `.gitignore` of `*` in it. */
  readonly folder: string;
  /** Also on a network file system, where appends of two machines may get lost. Default false. */
  readonly force?: boolean;
  /** Bytes kept of one log, at least 1,024: its beginning and its end. Default {@link DEFAULT_MAX_LOG_BYTES}. */
  readonly maxLogBytes?: number;
  readonly clock?: Clock;
  readonly randomHex?: (bytes: number) => string;
  /** Another file system, for tests of what happens when one fails. */
  readonly fileSystem?: FileSystemPort;
  /** Another judge of which processes live, for tests of takeovers. */
  readonly witness?: ProcessWitness;
}

/**
 * Keeps runs below one folder of a local file system; see `StateStore` for what it promises. Throws `STORE_UNSUPPORTED`
 * when the folder is not absolute.
 */
export function createFsStore(options: FsStoreOptions): StateStore {
  if (!isAbsolute(options.folder)) {
    throw new TroupeError("STORE_UNSUPPORTED", `the folder of the store is not absolute: ${options.folder}`, {
      hint: "Give the absolute path of the .troupe folder.",
    });
  }
  const place = {
    fs: options.fileSystem ?? nodeFileSystem,
    layout: createLayout(options.folder),
    clock: options.clock ?? systemClock,
    randomHex: options.randomHex ?? randomHex,
    witness: options.witness ?? systemWitness,
  };
  const prepare = createStatePreparation({ ...place, force: options.force ?? false });
  const journals = createOpenJournals(place);
  const newest = createNewestListed();
  const leases = new Set<Lease>();
  return {
    async create(runId, entry) {
      place.layout.runFolder(runId); // before anything is written
      await prepare();
      await journals.forget(runId); // of a removed run of the same name
      const { entry: first, journal } = await createRun(place, runId, entry);
      if (journal !== null) journals.note(runId, journal.identity, { ...journal, cursor: startOf(runId), seen: null });
      return first;
    },
    append: (runId, expectedSeq, entry) => journals.append(runId, expectedSeq, entry),
    read: (runId, afterSeq = 0) => readEntries({ ...place, journals, newest }, runId, afterSeq),
    list: (filter = {}) => listRuns({ ...place, journals, newest }, filter),
    holder: async (runId) => await readHolder(place, runId),
    async acquireLease(runId, request) {
      await (await openJournalFile(place, runId)).close(); // a run without a journal is not taken
      await refuseForeignParts(place, runId);
      await prepare();
      const lease = await takeLease(place, runId, request);
      leases.add(lease);
      return forgetWhenReleased(lease, leases);
    },
    blobs: createBlobs({ ...place, prepare }),
    logs: createLogs(place, Math.max(1_024, options.maxLogBytes ?? DEFAULT_MAX_LOG_BYTES)),
    async remove(runId) {
      await journals.forget(runId);
      await requireRunFolder(place, runId);
      await prepare(); // without its folders there is nowhere to move the run to
      await removeRun(place, runId);
    },
    watch: (runId, afterSeq, signal) => watchRun({ ...place, journals }, runId, afterSeq, signal),
    async close() {
      for (const lease of [...leases]) await lease[Symbol.asyncDispose]();
      await journals.close();
    },
  };
}

function forgetWhenReleased(lease: Lease, leases: Set<Lease>): Lease {
  const { owner, previous, lost } = lease;
  return {
    owner,
    previous,
    lost,
    async [Symbol.asyncDispose]() {
      leases.delete(lease);
      await lease[Symbol.asyncDispose]();
    },
  };
}

interface ReadPlace extends JournalPlace {
  readonly journals: OpenJournals;
  readonly newest: NewestListed;
}

async function* readEntries(place: ReadPlace, runId: RunId, afterSeq: number): AsyncGenerator<JournalEntry> {
  const { journals, newest } = place;
  const file = await openJournalFile(place, runId);
  const path = place.layout.journal(runId);
  try {
    const durable = await makeDurable(place, runId, file, journals.known);
    const { identity, known, sizeBytes, status } = durable;
    if (known.syncedBytes === 0) await makeNamesDurable(place);
    let last = known.cursor.chain.seq <= afterSeq && known.cursor.offset <= sizeBytes ? known.cursor : startOf(runId);
    const listed = await newest.find(runId, durable.file, sizeBytes);
    const batches = readBatches(listed ?? durable.file, last, listed === null ? "all" : "all again");
    for await (const { entries, cursor, fault } of batches) {
      for (const entry of entries) if (entry.seq > afterSeq) yield entry;
      if (fault !== null) throw faultError(runId, path, fault, await partBehind(file, fault.offset, cursor.chain.seq));
      last = cursor;
    }
    if (last.chain.seq === 0) throw faultError(runId, path, { kind: "corrupt", offset: 0, reason: "no entry" });
    journals.note(runId, identity, { cursor: last, syncedBytes: sizeBytes, seen: status });
  } catch (error) {
    throw await storeError(place.fs, error, "read", path);
  } finally {
    await file.close();
  }
}
