import { constants } from "node:fs";
import type { LogStore, RunId, TurnId } from "@troupe/core";
import { READ, READ_APPEND, readChunks, syncFolder } from "./durable-file.js";
import type { OpenFile } from "./file-system-port.js";
import { refuseForeignFolder } from "./foreign-parts.js";
import { orMissing, storeError, systemCode } from "./fs-errors.js";
import { type JournalPlace, requireRunFolder } from "./journal-open.js";
import { createLogWriter } from "./log-writer.js";
import { createWaitingRoom } from "./waiting-room.js";

const CHUNK_BYTES = 64 * 1024;

/** Logs below the folder of their run; `maxBytes` caps each. */
export function createLogs(place: JournalPlace, maxBytes: number): LogStore {
  const room = createWaitingRoom();
  return {
    async open(runId, turn) {
      const { fs, layout } = place;
      const path = layout.log(runId, turn);
      await requireRunFolder(place, runId);
      const existing = await orMissing(fs.status(path));
      return createLogWriter({
        turn,
        open: () => openForAppend(place, runId, path),
        settle: (file) => settle(place, runId, file, path),
        existingBytes: existing?.size ?? 0,
        maxBytes,
        room,
      });
    },
    read: (runId, turn, offset = 0) => readLog(place, runId, turn, offset),
  };
}

async function openForAppend({ fs, layout }: JournalPlace, runId: RunId, path: string): Promise<OpenFile> {
  await fs.makeFolder(layout.logs(runId)).catch((error: unknown) => {
    if (systemCode(error) !== "EEXIST") throw error;
  });
  await refuseForeignFolder(fs, layout.logs(runId));
  const file = await fs.open(path, READ_APPEND | constants.O_CREAT);
  if ((await file.status()).kind === "file") return file;
  await file.close();
  throw new Error(`${path} is not a file`);
}

/** Bytes before entry: the result of the turn refers to its log. */
async function settle(place: JournalPlace, runId: RunId, file: OpenFile, path: string): Promise<void> {
  try {
    await file.datasync();
    await syncFolder(place.fs, place.layout.logs(runId));
    await syncFolder(place.fs, place.layout.runFolder(runId));
  } catch (error) {
    throw await storeError(place.fs, error, "sync", path);
  } finally {
    await file.close();
  }
}

async function* readLog(
  { fs, layout }: JournalPlace,
  runId: RunId,
  turn: TurnId,
  offset: number,
): AsyncGenerator<Uint8Array> {
  const path = layout.log(runId, turn);
  try {
    await refuseForeignFolder(fs, layout.logs(runId));
    const file = await orMissing(fs.open(path, READ));
    if (file === null) return;
    try {
      if ((await file.status()).kind === "file") yield* readChunks(file, offset, CHUNK_BYTES);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw await storeError(fs, error, "read", path);
  }
}
