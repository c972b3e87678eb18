import { crc32 } from "node:zlib";
import {
  type JournalEntry,
  type ListedRun,
  type ListFilter,
  type NewEntry,
  type RunId,
  TroupeError,
} from "@troupe/core";
import type { Database, Row, Sql } from "./database.js";
import { damagedRun, notFound, storeError } from "./sqlite-errors.js";

/** Entries read in one go. */
const BATCH = 64;

/** Entries of all runs. A run that this process has not read whole is read before it is appended to. */
export interface Journal {
  create(runId: RunId, entry: NewEntry): Promise<JournalEntry>;
  append(runId: RunId, expectedSeq: number, entry: NewEntry): Promise<JournalEntry>;
  read(runId: RunId, afterSeq: number): AsyncGenerator<JournalEntry>;
}

export function createJournal(db: Database): Journal {
  /** How far each run is known to be sound. */
  const sound = new Map<RunId, number>();

  async function* read(runId: RunId, afterSeq: number): AsyncGenerator<JournalEntry> {
    for (let seq = afterSeq; ; ) {
      const rows = await readBatch(db, runId, seq);
      for (const row of rows) {
        const entry = parseEntry(db.path, runId, seq + 1, row);
        if ((sound.get(runId) ?? 0) === seq) sound.set(runId, seq + 1);
        seq += 1;
        yield entry;
      }
      if (rows.length < BATCH) return;
    }
  }

  return {
    read,
    async create(runId, entry) {
      const written = await db.write({ work: (sql) => create(sql, runId, entry) });
      sound.set(runId, 1);
      return written;
    },
    async append(runId, expectedSeq, entry) {
      const known = sound.get(runId) ?? 0;
      if (known < expectedSeq) for await (const _ of read(runId, known)); // throws where it is damaged
      const work = (sql: Sql): JournalEntry => append(sql, runId, expectedSeq, entry);
      const written = await db.write({ work, absent: () => refuse(runId) });
      sound.set(runId, written.seq);
      return written;
    },
  };
}

function readBatch(db: Database, runId: RunId, after: number): Promise<readonly Row[]> {
  return db.read(
    (sql) => {
      requireRun(sql, runId);
      return sql.all(`${SELECT} AND seq > ? ORDER BY seq LIMIT ${BATCH}`, runId, after);
    },
    () => refuse(runId),
  );
}

function create(sql: Sql, runId: RunId, entry: NewEntry): JournalEntry {
  const same = sameEntry(sql, runId, 1, entry.id);
  if (same !== null) return same;
  if (headOf(sql, runId) === 0) return insert(sql, runId, 1, entry);
  const message = `run ${runId} exists already`;
  throw new TroupeError("RUN_EXISTS", message, { hint: `troupe status ${runId}`, details: { runId } });
}

function append(sql: Sql, runId: RunId, expectedSeq: number, entry: NewEntry): JournalEntry {
  const same = sameEntry(sql, runId, expectedSeq + 1, entry.id);
  if (same !== null) return same;
  const seq = requireRun(sql, runId);
  if (seq === expectedSeq) return insert(sql, runId, seq + 1, entry);
  const message = `run ${runId} has ${seq} entries, the new one was to be number ${expectedSeq + 1}`;
  const details = { runId, expectedSeq, seq };
  throw new TroupeError("JOURNAL_CONFLICT", message, { hint: `troupe status ${runId}`, details });
}

/** Newest first, damaged ones last. */
export async function* listRuns(db: Database, { statuses }: ListFilter): AsyncGenerator<ListedRun> {
  const runs = await db.read(
    (sql) => sql.all("SELECT DISTINCT run FROM entries"),
    () => [],
  );
  const listed: ListedRun[] = [];
  for (const { run } of runs) listed.push(await look(db, String(run)));
  for (const run of listed.sort(byAge)) {
    if (run.damaged || statuses === undefined || statuses.includes(run.summary.status)) yield run;
  }
}

function byAge(a: ListedRun, b: ListedRun): number {
  if (a.damaged || b.damaged) return Number(a.damaged) - Number(b.damaged);
  return b.summary.createdAt - a.summary.createdAt || (a.summary.runId < b.summary.runId ? -1 : 1);
}

/** Reads all of it, as whoever goes on with the run will: a damaged run is never listed as a sound one. */
async function look(db: Database, runId: RunId): Promise<ListedRun> {
  try {
    let last: Row | undefined;
    let seq = 0;
    for (let rows = await readBatch(db, runId, 0); rows.length > 0; rows = await readBatch(db, runId, seq)) {
      for (const row of rows) {
        seq += 1;
        last = requireSound(db.path, runId, seq, row);
      }
    }
    return { damaged: false, summary: parseEntry(db.path, runId, seq, last).summary };
  } catch (error) {
    const { code, message } = storeError(error, db.path);
    return { damaged: true, runId, code, message };
  }
}

/** The newest position of a run; 0 = there is no such run. */
function headOf(sql: Sql, runId: RunId): number {
  return Number(sql.get("SELECT max(seq) AS head FROM entries WHERE run = ?", runId)?.head ?? 0);
}

/** As {@link headOf}; throws `RUN_NOT_FOUND`. */
export function requireRun(sql: Sql, runId: RunId): number {
  return headOf(sql, runId) || refuse(runId);
}

export function refuse(runId: RunId): never {
  throw notFound(runId);
}

const SELECT = "SELECT seq, body, crc FROM entries WHERE run = ?";

/** The entry that has the position, if it has this id. Written once more, so that it is durable whoever wrote it. */
function sameEntry(sql: Sql, runId: RunId, seq: number, id: string): JournalEntry | null {
  const row = sql.get(`${SELECT} AND seq = ?`, runId, seq);
  const entry = row !== undefined && isSound(runId, row) ? parseEntry("", runId, seq, row) : null;
  if (entry?.id !== id) return null;
  sql.run("UPDATE entries SET crc = crc WHERE run = ? AND seq = ?", runId, seq);
  return entry;
}

function insert(sql: Sql, runId: RunId, seq: number, { id, at, events, summary }: NewEntry): JournalEntry {
  const body = JSON.stringify({ id, at, events, summary });
  sql.run("INSERT INTO entries (run, seq, body, crc) VALUES (?, ?, ?, ?)", runId, seq, body, seal(runId, seq, body));
  return { id, at, events, summary, seq };
}

function seal(runId: RunId, seq: number, body: string): number {
  return crc32(`${runId}\n${seq}\n${body}`);
}

function isSound(runId: RunId, { seq, body, crc }: Row): boolean {
  return typeof body === "string" && crc === seal(runId, Number(seq), body);
}

/** Throws `JOURNAL_CORRUPT` where there is no such entry or not what was written. */
function requireSound(path: string, runId: RunId, seq: number, row: Row | undefined): Row {
  if (row?.seq !== seq) throw damagedRun(path, runId, seq, "nothing");
  if (!isSound(runId, row)) throw damagedRun(path, runId, seq, "changed bytes");
  return row;
}

/** As {@link requireSound}. */
function parseEntry(path: string, runId: RunId, seq: number, row: Row | undefined): JournalEntry {
  return { ...JSON.parse(String(requireSound(path, runId, seq, row).body)), seq };
}
