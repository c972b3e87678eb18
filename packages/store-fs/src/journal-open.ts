import type { RunId } from "@troupe/core";
import { READ } from "./durable-file.js";
import type { FileSystemPort, OpenFile } from "./file-system-port.js";
import { faultError, isMissing, isNoFile, notFound, storeError } from "./fs-errors.js";
import type { Layout } from "./layout.js";

/** What a journal is opened with. */
export interface JournalPlace {
  readonly fs: FileSystemPort;
  readonly layout: Layout;
}

/**
 * Opens the journal of a run. Rejects `RUN_NOT_FOUND`, and `JOURNAL_CORRUPT` when something else than a file stands in
 * its place: a link is not followed, a FIFO does not hang.
 */
export async function openJournalFile(place: JournalPlace, runId: RunId, flags: number = READ): Promise<OpenFile> {
  const { fs, layout } = place;
  const path = layout.journal(runId);
  await requireRunFolder(place, runId);
  try {
    const file = await fs.open(path, flags);
    if ((await file.status()).kind === "file") return file;
    await file.close();
  } catch (error) {
    if (isMissing(error)) await requireRunFolder(place, runId); // removed since the look above: then it is not damaged
    if (isMissing(error)) throw faultError(runId, path, { kind: "corrupt", offset: 0, reason: "no file" });
    if (!isNoFile(error)) throw await storeError(fs, error, "open", path);
  }
  throw notAFile(runId, path);
}

/** Rejects `RUN_NOT_FOUND` when there is none, `JOURNAL_CORRUPT` when it is not a folder. */
export async function requireRunFolder({ fs, layout }: JournalPlace, runId: RunId): Promise<void> {
  const path = layout.runFolder(runId);
  const status = await fs.status(path).catch(async (error: unknown) => {
    throw isMissing(error) ? notFound(runId) : await storeError(fs, error, "look at", path);
  });
  if (status.kind !== "folder") throw notAFile(runId, path);
}

function notAFile(runId: RunId, path: string): Error {
  const reason = "something else than a file of its own";
  return faultError(runId, path, { kind: "corrupt", offset: 0, reason });
}
