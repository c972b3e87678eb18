import { readFileSync } from "node:fs";
import { damagedFile } from "./sqlite-errors.js";

// The format: sqlite.org/fileformat2.html#the_write_ahead_log
const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC = 0x377f0682;
/** The first byte of a page that holds rows. */
const LEAF_OF_TABLE = 0x0d;

type Sums = readonly [number, number];

interface Log {
  readonly bytes: Buffer;
  readonly frameBytes: number;
  /** Whether the checksums are over big-endian words. */
  readonly isBig: boolean;
}

/**
 * SQLite takes the first frame of a write-ahead log that does not match its checksum for the end of the log, which it is
 * after a power loss. Where it is damage instead, acknowledged entries behind it would be gone without a word: that is
 * `JOURNAL_CORRUPT`, before SQLite opens the file, and nothing is changed.
 */
export function inspectLog(path: string): void {
  const seen = findDamage(path);
  // a process that writes meanwhile makes the same impression, but never twice at the same place
  if (seen === null || findDamage(path) !== seen) return;
  const reason = `it is damaged at byte ${seen}, and what was committed behind it would be lost`;
  throw damagedFile(path, reason, { file: `${path}-wal`, details: { offset: seen } });
}

/** The byte; null = the log is sound, or torn as a power loss leaves it. */
function findDamage(path: string): number | null {
  const bytes = readLog(`${path}-wal`);
  if (bytes.length <= HEADER_BYTES) return null;
  const magic = bytes.readUInt32BE(0);
  const log = { bytes, frameBytes: FRAME_HEADER_BYTES + bytes.readUInt32BE(8), isBig: magic === MAGIC + 1 };
  const start = addSums([0, 0], log, 0, 24);
  // SQLite syncs the header before it writes the first frame
  if ((magic & ~1) >>> 0 !== MAGIC || !isSums(start, bytes, 24)) return 0;
  let sums = start;
  let at = HEADER_BYTES;
  let transaction = at;
  for (; isWhole(log, at); at += log.frameBytes) {
    const next = sumsOfFrame(log, at, sums);
    if (!isOfLog(log, at) || !isSums(next, bytes, at + 16)) break;
    sums = next;
    if (isCommit(log, at)) transaction = at + log.frameBytes;
  }
  return hasSyncedEntry(log, transaction) ? at : null;
}

function readLog(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}

/**
 * Whether, from the first frame of a transaction on, one that changed entries ends and another frame continues it: then its sync
 * had ended, and with it all before it was on the disk. Log output is not synced, so its frames prove nothing.
 */
function hasSyncedEntry(log: Log, from: number): boolean {
  let hasEntry = false;
  for (let at = from; isWhole(log, at + log.frameBytes); at += log.frameBytes) {
    if (hasRowOfEntries(log.bytes.subarray(at + FRAME_HEADER_BYTES, at + log.frameBytes))) hasEntry = true;
    if (!isCommit(log, at)) continue;
    if (hasEntry && isContinued(log, at)) return true;
    hasEntry = false;
  }
  return false;
}

function isCommit({ bytes }: Log, at: number): boolean {
  return bytes.readUInt32BE(at + 4) !== 0;
}

/** By the checksum, so that what an earlier power loss left at this place does not count. */
function isContinued(log: Log, at: number): boolean {
  const next = at + log.frameBytes;
  const before = at === HEADER_BYTES ? 24 : at - log.frameBytes + 16;
  const sums = readSums(log, at + 16);
  const computed = sumsOfFrame(log, at, readSums(log, before)); // where the damage is in the checksum itself
  const continues = (from: Sums): boolean => isSums(sumsOfFrame(log, next, from), log.bytes, next + 16);
  return isOfLog(log, next) && (continues(sums) || continues(computed));
}

function readSums({ bytes }: Log, at: number): Sums {
  return [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)];
}

function isWhole({ bytes, frameBytes }: Log, at: number): boolean {
  return at + frameBytes <= bytes.length;
}

/** Frames of earlier rounds stay behind the end; their salts are others. */
function isOfLog({ bytes }: Log, at: number): boolean {
  return bytes.compare(bytes, 16, 24, at + 8, at + 16) === 0;
}

function isSums([first, second]: Sums, bytes: Buffer, at: number): boolean {
  return bytes.readUInt32BE(at) === first && bytes.readUInt32BE(at + 4) === second;
}

function sumsOfFrame(log: Log, at: number, before: Sums): Sums {
  return addSums(addSums(before, log, at, at + 8), log, at + FRAME_HEADER_BYTES, at + log.frameBytes);
}

function addSums([first, second]: Sums, { bytes, isBig }: Log, from: number, to: number): Sums {
  let [a, b] = [first, second];
  for (let at = from; at < to; at += 8) {
    a = (a + (isBig ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)) + b) >>> 0;
    b = (b + (isBig ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4)) + a) >>> 0;
  }
  return [a, b];
}

/** Its rows are told by their types: only in `entries` a number comes second. */
function hasRowOfEntries(page: Buffer): boolean {
  if (page[0] !== LEAF_OF_TABLE || page.readUInt16BE(3) === 0) return false;
  const cell = page.readUInt16BE(8);
  const record = afterNumber(page, afterNumber(page, cell)); // behind the row's size and number
  const second = afterNumber(page, afterNumber(page, record)); // behind the header's size and the first type
  return (page[second] ?? 255) <= 9;
}

/** The position behind a number of variable length. */
function afterNumber(page: Buffer, at: number): number {
  let end = at;
  while (end < at + 8 && (page[end] ?? 0) >= 0x80) end += 1;
  return end + 1;
}
