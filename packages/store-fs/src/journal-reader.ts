import type { JournalEntry, RunId } from "@troupe/core";
import { readFully } from "./durable-file.js";
import type { OpenFile } from "./file-system-port.js";
import { type Chain, emptyChain, extendChain, faultAtEnd, type JournalFault } from "./journal-chain.js";
import { splitSegments, type WantedParts } from "./journal-line.js";

const CHUNK_BYTES = 64 * 1024;

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
  let { chain, offset } = cursor;
  let size = CHUNK_BYTES;
  for (;;) {
    const bytes = await readFully(file, Buffer.allocUnsafe(size), offset);
    const isEnd = bytes.length < size;
    const { segments, rest } = splitSegments(bytes);
    if (segments.length === 0 && !isEnd) {
      size *= 2; // one line larger than the chunk: doubling keeps the cost linear
      continue;
    }
    const judged = judge(chain, segments, offset, wanted);
    ({ chain, offset } = judged.cursor);
    if (judged.fault !== null) return yield judged;
    if (isEnd) return yield judgeRest(judged, rest, wanted);
    yield judged;
    size = CHUNK_BYTES;
  }
}

/** Judges whole segments that begin at `offset`. */
function judge(
  chain: Chain,
  segments: readonly Buffer[],
  offset: number,
  wanted: WantedParts | undefined,
): JournalBatch {
  const entries: JournalEntry[] = [];
  let cursor: Cursor = { chain, offset };
  for (const segment of segments) {
    const step = extendChain(cursor.chain, segment, cursor.offset, wanted);
    if (step.kind === "fault") return { entries, cursor, fault: step.fault };
    if (step.kind === "entry") entries.push(step.entry);
    cursor = { chain: step.chain, offset: cursor.offset + segment.length + 1 };
  }
  return { entries, cursor, fault: null };
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
