import type { RunId } from "@troupe/core";
import { READ_APPEND, syncFolder } from "./durable-file.js";
import type { FileStatus, OpenFile } from "./file-system-port.js";
import { systemCode } from "./fs-errors.js";
import { type JournalPlace, openJournalFile } from "./journal-open.js";
import type { KnownJournal } from "./known-journal.js";

/** A journal as far as it is on the disk. */
export interface DurableJournal {
  readonly identity: string;
  /** What this store knew of it before. */
  readonly known: KnownJournal;
  /** Ends where the bytes end that were synced; what was written since comes with the next look. */
  readonly file: OpenFile;
  readonly sizeBytes: number;
  /** The file as it was before it is read. */
  readonly status: FileStatus;
}

/**
 * What others wrote is believed only once it is on the disk: a writer that was killed between its write and its sync
 * leaves an entry that everybody sees and a loss of power takes, so whoever reads it syncs first. `knownOf` tells what
 * this store has synced already: a journal with nothing new costs nothing.
 */
export async function makeDurable(
  place: JournalPlace,
  runId: RunId,
  journal: OpenFile,
  knownOf: (runId: RunId, identity: string) => KnownJournal,
): Promise<DurableJournal> {
  const status = await journal.status();
  const { identity, size: sizeBytes } = status;
  const known = knownOf(runId, identity);
  if (known.syncedBytes < sizeBytes) await bringToDisk(place, runId, journal);
  return { identity, known, sizeBytes, status, file: upTo(journal, sizeBytes) };
}

/** Whoever made a run may have died before its name was on the disk. */
export async function makeNamesDurable({ fs, layout }: JournalPlace): Promise<void> {
  await syncFolder(fs, layout.runs).catch(passOverReadOnly);
}

async function bringToDisk(place: JournalPlace, runId: RunId, file: OpenFile): Promise<void> {
  try {
    await file.datasync();
  } catch (error) {
    if (systemCode(error) === "EPERM") await syncAsWriter(place, runId);
    else passOverReadOnly(error);
  }
}

/** Windows syncs only what is open for writing. Who may not write there can only believe what is there. */
async function syncAsWriter(place: JournalPlace, runId: RunId): Promise<void> {
  const file = await openJournalFile(place, runId, READ_APPEND).catch(() => null);
  try {
    await file?.datasync();
  } finally {
    await file?.close();
  }
}

/** On a file system that is only read, such as an image, nothing waits for the disk. */
function passOverReadOnly(error: unknown): void {
  if (!["EINVAL", "EROFS"].includes(systemCode(error))) throw error;
}

function upTo(file: OpenFile, endBytes: number): OpenFile {
  return {
    ...file,
    read: async (buffer, position) =>
      position >= endBytes ? 0 : file.read(buffer.subarray(0, endBytes - position), position),
  };
}
