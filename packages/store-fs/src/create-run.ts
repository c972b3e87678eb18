import { join } from "node:path";
import { type JournalEntry, type NewEntry, type RunId, TroupeError } from "@troupe/core";
import { syncFolder, writeNewFile } from "./durable-file.js";
import { orMissing, storeError, systemCode } from "./fs-errors.js";
import { encodeLine, NO_LINE } from "./journal-line.js";
import { type JournalPlace, openJournalFile } from "./journal-open.js";
import { readBatches, startOf } from "./journal-reader.js";

/** What making a run needs. */
export interface CreatePlace extends JournalPlace {
  readonly randomHex: (bytes: number) => string;
}

/** A run that is there with its first entry. */
export interface CreatedRun {
  readonly entry: JournalEntry;
  /** Its journal, all on the disk with its name; null = an earlier call has made it. */
  readonly journal: { readonly identity: string; readonly syncedBytes: number } | null;
}

/**
 * Makes a run with its first entry. The folder is made elsewhere and renamed to its place with the journal in it, so
 * the run is there with its first entry or not at all, and of two that race one is refused.
 */
export async function createRun(place: CreatePlace, runId: RunId, entry: NewEntry): Promise<CreatedRun> {
  const { fs, layout } = place;
  const target = layout.runFolder(runId);
  const draft = join(layout.staging, `${runId}-${place.randomHex(8)}`);
  const path = join(draft, "journal.jsonl");
  const { bytes } = encodeLine(entry, 1, NO_LINE);
  try {
    await fs.makeFolder(draft);
    await writeNewFile(fs, path, bytes);
    const { identity } = await fs.status(path); // stays the same whatever name it gets
    await syncFolder(fs, draft);
    await fs.rename(draft, target); // refused when a folder with anything in it is there
    await syncFolder(fs, layout.runs);
    const { id, at, events, summary } = entry;
    return { entry: { id, at, events, summary, seq: 1 }, journal: { identity, syncedBytes: bytes.length } };
  } catch (error) {
    await fs.removeTree(draft).catch(() => {}); // the first error is the one to report
    const isTaken = ["ENOTEMPTY", "EEXIST", "ENOTDIR", "EPERM"].includes(systemCode(error));
    if (!isTaken || (await orMissing(fs.status(target))) === null) throw await storeError(fs, error, "create", target);
    return { entry: await sameOrRefused(place, runId, entry.id), journal: null };
  }
}

/** The first entry of the run that is there, durable, if it has this id; else `RUN_EXISTS`. */
async function sameOrRefused(place: CreatePlace, runId: RunId, id: string): Promise<JournalEntry> {
  const first = await firstEntry(place, runId).catch(() => null); // whatever is wrong with it, it is there
  if (first?.id !== id) {
    const message = `run ${runId} exists already`;
    throw new TroupeError("RUN_EXISTS", message, { hint: `troupe status ${runId}`, details: { runId } });
  }
  await syncFolder(place.fs, place.layout.runs).catch(async (error: unknown) => {
    throw await storeError(place.fs, error, "create", place.layout.runFolder(runId));
  });
  return first;
}

async function firstEntry(place: CreatePlace, runId: RunId): Promise<JournalEntry | null> {
  const file = await openJournalFile(place, runId);
  try {
    for await (const { entries } of readBatches(file, startOf(runId))) {
      if (entries[0] !== undefined) return entries[0];
    }
    return null;
  } finally {
    await file.close();
  }
}
