import type { JournalEntry, RunId } from "@troupe/core";
import { readFully } from "./durable-file.js";
import type { OpenFile } from "./file-system-port.js";
import { type Chain, emptyChain, extendChain, faultAtEnd, type JournalFault } from "./journal-chain.js";
import { NEWLINE, type WantedParts } from "./journal-line.js";

const CHUNK_BYTES = 256 * 1024;
/** Parsed at once: what is parsed and not yet used survives a collection of garbage, which makes that several times slower. */
const BATCH_ENTRIES = 32;

/** A place in a journal from which reading can go on. */
export interface Cursor {
  readonly chain: Chain;
  /** Where the first byte lies that has not been judged. */
  readonly offset: number;
}

/** Before the first line of a journal. */
export function startOf(runId: RunId): Cursor {
  return { chain: emptyChain(runId), offset: 0 };
}

/** Some entries in order, and where reading goes on after them. A fault ends the reading. */
export interface JournalBatch {
  readonly entries: readonly JournalEntry[];
  readonly cursor: Cursor;
  readonly fault: JournalFault | null;
}

/** Reads from `cursor` to the end as it is then; the last batch carries the fault, if there is one. */
export async function* readBatches(
  file: OpenFile,
  cursor: Cursor,
  wanted?: WantedParts,
): AsyncGenerator<JournalBatch, void, void> {
  let last = cursor;
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES); // for all of it: nothing of a line stays but what was parsed
  for (let isEnd = false; !isEnd; ) {
    let bytes = await readFully(file, chunk, last.offset);
    isEnd = bytes.length < chunk.length;
    if (!isEnd && !bytes.includes(NEWLINE)) {
      bytes = await readFully(file, Buffer.allocUnsafe(await lengthOfLine(file, last.offset)), last.offset);
      isEnd = bytes.at(-1) !== NEWLINE;
    }
    for (let hasLines = true; hasLines; ) {
      const { batch, rest } = judge(last, bytes, wanted);
      last = batch.cursor;
      if (batch.fault !== null) return yield batch;
      hasLines = rest.includes(NEWLINE);
      if (isEnd && !hasLines) return yield judgeRest(batch, rest, wanted);
      yield batch;
      bytes = rest;
    }
  }
}

/**
 * Of the one that begins at `offset` and is longer than a chunk, with the newline behind it, or to the end of the file.
 * Such a line is looked at twice, so that it takes no more memory than it is long.
 */
async function lengthOfLine(file: OpenFile, offset: number): Promise<number> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let length = 0; ; ) {
    const bytes = await readFully(file, chunk, offset + length);
    const end = bytes.indexOf(NEWLINE);
    if (end !== -1) return length + end + 1;
    length += bytes.length;
    if (bytes.length < chunk.length) return length;
  }
}

/** Judges whole lines in bytes that begin at a cursor, a batch of them at most; `rest` is what follows. */
function judge(
  { chain, offset }: Cursor,
  bytes: Buffer,
  wanted: WantedParts | undefined,
): { readonly batch: JournalBatch; readonly rest: Buffer } {
  const entries: JournalEntry[] = [];
  let after = chain;
  let start = 0;
  while (entries.length < BATCH_ENTRIES) {
    const end = bytes.indexOf(NEWLINE, start);
    if (end === -1) break;
    if (end > start) {
      const step = extendChain(after, bytes.subarray(start, end), offset + start, wanted);
      if (step.kind === "fault") {
        return { batch: { entries, cursor: { chain: after, offset: offset + start }, fault: step.fault }, rest: bytes };
      }
      if (step.kind === "entry") entries.push(step.entry);
      after = step.chain;
    }
    start = end + 1;
  }
  const cursor = { chain: after, offset: offset + start };
  return { batch: { entries, cursor, fault: null }, rest: bytes.subarray(start) };
}

/**
 * What follows the last newline. Whole, it counts (a write may be cut off just before its last newline); otherwise it
 * may be a write under way: it is judged for now, and the cursor stays before it.
 */
function judgeRest(batch: JournalBatch, rest: Buffer, wanted: WantedParts | undefined): JournalBatch {
  const step = extendChain(batch.cursor.chain, rest, batch.cursor.offset, wanted);
  if (step.kind === "fault") return { ...batch, fault: step.fault };
  if (step.kind === "passed") return { ...batch, fault: faultAtEnd(step.chain) };
  const cursor = { chain: step.chain, offset: batch.cursor.offset + rest.length };
  return { entries: [...batch.entries, step.entry], cursor, fault: null };
}
