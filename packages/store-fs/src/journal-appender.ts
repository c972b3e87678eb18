import { type JournalEntry, type NewEntry, type RunId, TroupeError } from "@troupe/core";
import { conflictError, vanishedError } from "./append-errors.js";
import { READ_APPEND, readFully, syncFolder } from "./durable-file.js";
import type { FileStatus, OpenFile } from "./file-system-port.js";
import { faultError, fullError, orMissing, storeError } from "./fs-errors.js";
import { type EncodedLine, encodeLine } from "./journal-line.js";
import { type JournalPlace, openJournalFile } from "./journal-open.js";
import { type Cursor, readBatches, startOf } from "./journal-reader.js";
import type { KnownJournal } from "./known-journal.js";

// Of writes that the system cut short without naming a reason.
const WRITE_ATTEMPTS = 3;

/** An open journal that entries are appended to. */
export interface JournalAppender {
  /** Of the file that is open: another file at its path is another journal. */
  readonly identity: string;
  /** As `StateStore.append`. */
  append(expectedSeq: number, entry: NewEntry): Promise<JournalEntry>;
  /** Everything before it is judged; after an append it is on the disk, too. */
  cursor(): Cursor;
  /** After the append under way, if there is one. */
  close(): Promise<void>;
}

interface AppenderState extends JournalPlace {
  readonly runId: RunId;
  readonly path: string;
  readonly file: OpenFile;
  readonly identity: string;
  cursor: Cursor;
  /** So many bytes from the beginning are on the disk. */
  syncedBytes: number;
  /** Nothing is written before the journal has been read to its end again. */
  isUnsure: boolean;
  /** The file when it was last synced, or read before it was opened; null = neither. */
  seen: FileStatus | null;
  /**
   * The error of a failed sync: the kernel may have forgotten what it could not write, so nothing may rest on it. Or of
   * a file that is not in its place any more.
   */
  broken: TroupeError | null;
}

/**
 * Opens a journal. It is read once, unless it was read before and looks as it did then; from then on an append costs one
 * look at the file, one write, one sync, one look at its path and one read of what was just written. Appends of one
 * appender run one after the other: a writer that has not seen its line win never writes another. `knownOf` tells how far
 * the file with an identity was judged, and how much of it is on the disk.
 */
export async function openAppender(
  place: JournalPlace,
  runId: RunId,
  knownOf: (identity: string) => KnownJournal,
): Promise<JournalAppender> {
  const file = await openJournalFile(place, runId, READ_APPEND);
  const { identity, size } = await makeSure(place, runId, file);
  const { cursor, seen, syncedBytes } = knownOf(identity);
  // whether it was written to since is looked at before each append
  const isKnown = seen !== null && size >= Math.max(seen.size, cursor.offset);
  const path = place.layout.journal(runId);
  const state: AppenderState = {
    ...place,
    runId,
    path,
    file,
    identity,
    cursor: isKnown ? cursor : startOf(runId),
    syncedBytes,
    isUnsure: true,
    seen: isKnown ? seen : null,
    broken: null,
  };
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const result = last.then(task);
    last = result.catch(() => {}); // whoever asked has the error
    return result;
  };
  return {
    identity,
    append: (expectedSeq, entry) => inTurn(() => appendEntry(state, expectedSeq, entry)),
    cursor: () => state.cursor,
    close: () => inTurn(() => file.close()),
  };
}

/** Whoever made the run may have died before its name was on the disk: nothing is appended to a file that could vanish. */
async function makeSure({ fs, layout }: JournalPlace, runId: RunId, file: OpenFile): Promise<FileStatus> {
  try {
    await syncFolder(fs, layout.runs);
    return await file.status();
  } catch (error) {
    await file.close();
    throw await storeError(fs, error, "open", layout.journal(runId));
  }
}

async function appendEntry(state: AppenderState, expectedSeq: number, entry: NewEntry): Promise<JournalEntry> {
  if (state.broken !== null) throw state.broken;
  await judgeAgainIfChanged(state);
  if (state.isUnsure || state.cursor.chain.seq !== expectedSeq) {
    const there = await findSettled(state, expectedSeq, entry.id);
    if (there !== null) return there;
    if (state.cursor.chain.seq < expectedSeq) throw conflictError(state.runId, state.cursor.chain.seq, expectedSeq);
  }
  await syncWhatItContinues(state);
  const seq = expectedSeq + 1;
  const line = encodeLine(entry, seq, state.cursor.chain.crc);
  for (let attempt = 1; attempt <= WRITE_ATTEMPTS; attempt += 1) {
    const outcome = await writeLine(state, line);
    if (outcome === "whole" && (await syncLine(state, line, seq))) {
      const { id, at, events, summary } = entry;
      return { id, at, events, summary, seq };
    }
    // Not simply ours: what the journal says decides, also after a write that reported a failure.
    const there = await findSettled(state, expectedSeq, entry.id);
    if (there !== null) return there;
    if (outcome === "whole") throw vanishedError(state.path);
    if (outcome !== "short") throw await storeError(state.fs, outcome.error, "append to", state.path);
  }
  throw await fullError(state.fs, state.path, new Error("every write was cut short"));
}

/**
 * Lines of other writers may not be on the disk yet, and a loss of power could keep ours and take the one that it
 * continues. The first line is older than the name of the run.
 */
async function syncWhatItContinues(state: AppenderState): Promise<void> {
  const { chain, offset } = state.cursor;
  if (chain.seq > 1 && offset > state.syncedBytes) await syncJournal(state);
}

/** One write of the whole line, so that no other process's line gets into it. */
async function writeLine(
  state: AppenderState,
  line: EncodedLine,
): Promise<"whole" | "short" | { readonly error: unknown }> {
  state.isUnsure = true; // until our line has been seen to win
  try {
    return (await state.file.write(line.bytes)) === line.bytes.length ? "whole" : "short";
  } catch (error) {
    return { error };
  }
}

/**
 * Brings our line to the disk; whether it is the next entry. Whether it has won was settled by the write, so that is
 * looked at, and the path too, while the disk is at work. Nothing follows from either before the sync has succeeded.
 */
async function syncLine(state: AppenderState, line: EncodedLine, seq: number): Promise<boolean> {
  const syncing = syncFile(state);
  const looking = isNext(state, line);
  looking.catch(() => {}); // it is asked below: a sync that fails weighs more than what a look found
  try {
    await syncing;
  } catch (error) {
    await looking.catch(() => {}); // nothing reads on when the append has ended
    throw error;
  }
  if (!(await looking)) return false;
  const { chain, offset } = state.cursor;
  state.cursor = { chain: { ...chain, seq, crc: line.crc }, offset: offset + line.bytes.length };
  state.syncedBytes = state.cursor.offset; // the sync came after our line, and all before it
  state.isUnsure = false;
  return true;
}

/** What was there when the call began is on the disk when it resolves, at least all that has been judged. */
async function syncJournal(state: AppenderState): Promise<void> {
  const { offset } = state.cursor;
  await syncFile(state);
  state.syncedBytes = Math.max(state.syncedBytes, offset);
  await requireInPlace(state);
}

async function syncFile(state: AppenderState): Promise<void> {
  try {
    await state.file.datasync();
  } catch (error) {
    const path = state.path;
    state.broken = new TroupeError("STORE_FAILED", `${path} could not be brought to the disk`, {
      hint: `Look for errors of the disk with: dmesg | tail; then resume the run`,
      details: { path },
      cause: error,
    });
    throw state.broken;
  }
}

/**
 * A file that is not at its path any more takes every write and keeps none: nobody finds what it holds. Also notes what
 * the file looks like now that we have written it.
 */
async function requireInPlace(state: AppenderState): Promise<void> {
  const { fs, path, identity } = state;
  const there = await attempt(state, () => orMissing(fs.status(path)));
  if (there?.identity === identity) {
    state.seen = there;
    return;
  }
  state.broken = new TroupeError("STORE_FAILED", `${path} was deleted or moved while the run was going on`, {
    hint: "Put it back, or a copy of it, and resume; nothing may delete or move .troupe meanwhile (git clean -x does).",
    details: { path },
  });
  throw state.broken;
}

/**
 * Whether somebody has changed lines that were judged already: the file has not grown and yet was written to. Then they
 * are judged again; what another process appends meanwhile, whose write may show in the time before it shows in the size,
 * is not theirs. Rejects `STORE_FAILED` for a file that is shorter, or whose last judged line is another one now.
 */
async function judgeAgainIfChanged(state: AppenderState): Promise<void> {
  const { seen, file, cursor } = state;
  if (seen === null) return;
  const now = await attempt(state, () => file.status());
  if (now.size > seen.size || (now.size === seen.size && now.modifiedAtMs === seen.modifiedAtMs)) return;
  const again = await attempt(state, () => judgeUpTo(state, cursor.offset));
  if (now.size < seen.size || again.chain.crc !== cursor.chain.crc) throw vanishedError(state.path);
  state.isUnsure = true; // of what may have come since
  state.seen = now;
}

/** The lines in the first bytes of the journal, from its start. */
async function judgeUpTo({ runId, path, file }: AppenderState, end: number): Promise<Cursor> {
  const read: OpenFile["read"] = (buffer, position) => file.read(buffer.subarray(0, end - position), position);
  let judged = startOf(runId);
  for await (const { cursor, fault } of readBatches({ ...file, read }, judged)) {
    if (fault !== null) throw faultError(runId, path, fault);
    judged = cursor;
  }
  return judged;
}

/** The common case, without parsing: our bytes lie right behind the last line that counts, so ours is the next one. */
async function isNext(state: AppenderState, line: EncodedLine): Promise<boolean> {
  await requireInPlace(state);
  const { offset } = state.cursor;
  const found = await attempt(state, () => readFully(state.file, Buffer.allocUnsafe(line.bytes.length), offset));
  return found.equals(line.bytes);
}

/**
 * Reads what has come since. When the position after `expectedSeq` is taken: the entry there, durable, if it has this
 * id, else `JOURNAL_CONFLICT`; null when it is free.
 */
async function findSettled(state: AppenderState, expectedSeq: number, id: string): Promise<JournalEntry | null> {
  const seq = expectedSeq + 1;
  const seen = await catchUp(state, seq);
  if (state.cursor.chain.seq < seq) return null;
  const there = seen ?? (await attempt(state, () => entryAt(state, seq)));
  if (there?.id !== id) throw conflictError(state.runId, state.cursor.chain.seq, expectedSeq);
  await syncJournal(state); // whoever wrote it may not have got that far
  return there;
}

/** Reads to the end; the entry at `seq`, if it was passed on the way. */
async function catchUp(state: AppenderState, seq: number): Promise<JournalEntry | null> {
  state.isUnsure = true;
  const found = await attempt(state, () => readOn(state, seq));
  state.isUnsure = false;
  return found;
}

async function readOn(state: AppenderState, seq: number): Promise<JournalEntry | null> {
  let found: JournalEntry | null = null;
  for await (const { entries, cursor, fault } of readBatches(state.file, state.cursor)) {
    if (fault !== null) throw faultError(state.runId, state.path, fault);
    state.cursor = cursor;
    found = entries.find((entry) => entry.seq === seq) ?? found;
  }
  return found;
}

async function entryAt(state: AppenderState, seq: number): Promise<JournalEntry | null> {
  for await (const { entries } of readBatches(state.file, startOf(state.runId))) {
    const found = entries.find((entry) => entry.seq === seq);
    if (found !== undefined) return found;
  }
  return null;
}

async function attempt<T>(state: AppenderState, read: () => Promise<T>): Promise<T> {
  return read().catch(async (error: unknown) => {
    throw await storeError(state.fs, error, "read", state.path);
  });
}
