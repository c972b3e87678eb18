import {
  hasCode,
  isId,
  isTroupeError,
  type ListedRun,
  type ListFilter,
  type RunId,
  type RunSummary,
} from "@troupe/core";
import { readFully } from "./durable-file.js";
import type { OpenFile } from "./file-system-port.js";
import { faultError, orMissing, storeError } from "./fs-errors.js";
import { emptyChain, extendChain, faultAtEnd } from "./journal-chain.js";
import { type DurableJournal, makeDurable, makeNamesDurable } from "./journal-durable.js";
import { NEWLINE, parseLine, splitSegments } from "./journal-line.js";
import { type JournalPlace, openJournalFile } from "./journal-open.js";
import { readBatches, startOf } from "./journal-reader.js";
import { inMemory, type NewestListed } from "./newest-listed.js";
import type { OpenJournals } from "./open-journals.js";

const TAIL_BYTES = 64 * 1024;
/** Runs looked at at the same time. */
const WIDTH = 16;

/** What listing needs. */
export interface ListPlace extends JournalPlace {
  readonly journals: OpenJournals;
  readonly newest: NewestListed;
}

/** All runs, newest first, damaged ones last. */
export async function* listRuns(place: ListPlace, filter: ListFilter): AsyncGenerator<ListedRun> {
  const runs = await listAll(place);
  const { statuses } = filter;
  for (const run of runs.toSorted(byAge)) {
    if (run.damaged || statuses === undefined || statuses.includes(run.summary.status)) yield run;
  }
}

async function runIds(place: JournalPlace): Promise<readonly RunId[]> {
  const { fs, layout } = place;
  try {
    const names = await orMissing(fs.list(layout.runs));
    if (names === null) return [];
    await makeNamesDurable(place);
    return names.filter(isId);
  } catch (error) {
    throw await storeError(fs, error, "list", layout.runs);
  }
}

async function listAll(place: ListPlace): Promise<readonly ListedRun[]> {
  const waiting = [...(await runIds(place))];
  const listed: ListedRun[] = [];
  const lane = async (): Promise<void> => {
    for (let runId = waiting.pop(); runId !== undefined; runId = waiting.pop()) {
      const run = await look(place, runId);
      if (run !== null) listed.push(run);
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, lane));
  return listed;
}

function byAge(a: ListedRun, b: ListedRun): number {
  if (a.damaged || b.damaged) return Number(a.damaged) - Number(b.damaged);
  return b.summary.createdAt - a.summary.createdAt || (a.summary.runId < b.summary.runId ? -1 : 1);
}

/** Null = it was removed since its name was read. */
async function look(place: ListPlace, runId: RunId): Promise<ListedRun | null> {
  try {
    const journal = await openJournalFile(place, runId);
    try {
      const durable = await makeDurable(place, runId, journal, place.journals.known);
      const { file, sizeBytes } = durable;
      const summary = (await summaryOfTail(runId, file, sizeBytes)) ?? (await summaryOfAll(place, runId, durable));
      return { damaged: false, summary };
    } finally {
      await journal.close();
    }
  } catch (error) {
    if (hasCode(error, "RUN_NOT_FOUND")) return null;
    const known = isTroupeError(error) ? error : await storeError(place.fs, error, "read", place.layout.journal(runId));
    return { damaged: true, runId, code: known.code, message: known.message };
  }
}

/**
 * The last summary by a look at the end of the file. It needs two lines that follow each other, else a line that lost
 * its position could pass for the last one; null when that is not to be seen there.
 */
async function summaryOfTail(runId: RunId, file: OpenFile, sizeBytes: number): Promise<RunSummary | null> {
  const start = Math.max(0, sizeBytes - TAIL_BYTES);
  if (start === 0) return null; // reading all of it costs the same
  const bytes = await readFully(file, Buffer.alloc(TAIL_BYTES), start);
  const { segments, rest } = splitSegments(bytes);
  let chain = emptyChain(runId);
  let summary: RunSummary | null = null;
  for (const segment of [...segments.slice(1), rest]) {
    if (chain.seq === 0) {
      const first = parseLine(segment, "summary");
      if (first.kind === "valid") chain = { ...chain, seq: first.entry.seq, crc: first.crc };
      continue;
    }
    const step = extendChain(chain, segment, 0, "summary");
    if (step.kind === "fault") return null;
    if (step.kind === "entry") summary = step.entry.summary;
    chain = step.chain;
  }
  return faultAtEnd(chain) === null ? summary : null;
}

/**
 * A short journal is kept as it was read, for {@link NewestListed}, unless something in it was passed over: what is kept
 * is not summed again, and then whatever is not intact would be taken for a line.
 */
async function summaryOfAll(place: ListPlace, runId: RunId, durable: DurableJournal): Promise<RunSummary> {
  const { file, sizeBytes, identity, status } = durable;
  const path = place.layout.journal(runId);
  const bytes = sizeBytes > TAIL_BYTES ? null : await readFully(file, Buffer.allocUnsafe(sizeBytes), 0);
  let summary: RunSummary | null = null;
  let last = startOf(runId);
  for await (const batch of readBatches(bytes === null ? file : inMemory(file, bytes), last, "summary")) {
    if (batch.fault !== null) throw faultError(runId, path, batch.fault);
    summary = batch.entries.at(-1)?.summary ?? summary;
    last = batch.cursor;
  }
  if (summary === null) throw faultError(runId, path, { kind: "corrupt", offset: 0, reason: "no entry" });
  if (bytes !== null && linesIn(bytes) === last.chain.seq) {
    place.newest.offer({ runId, createdAt: summary.createdAt, bytes });
  }
  place.journals.note(runId, identity, { cursor: last, syncedBytes: sizeBytes, seen: status });
  return summary;
}

/** Blank ones not counted. */
function linesIn(bytes: Buffer): number {
  let count = 0;
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline;
    if (end > start) count += 1;
    start = end + 1;
  }
  return count;
}
