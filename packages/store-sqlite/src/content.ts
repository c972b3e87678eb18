import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type BlobRef, type BlobStore, type Content, type RunId, type Sha256, TroupeError } from "@troupe/core";
import type { Database, Sql } from "./database.js";

/** One transaction each, so that large content blocks nobody for long and never lies in memory as a whole. */
const PART_BYTES = 1024 * 1024;

const INSERT = "INSERT OR REPLACE INTO content (run, name, start, bytes) VALUES (?, ?, ?, ?)";
const PART = "SELECT start, bytes FROM content WHERE run = ? AND name = ? AND start <= ? ORDER BY start DESC LIMIT 1";

/** The name of a run's bytes; `draft:` = parts of content, `blob:` = the name of the draft that has this hash. */
export type ContentName = `log:${string}` | `draft:${string}` | `blob:${Sha256}`;

/** Adds bytes to the end of a name. */
export function addPart(sql: Sql, runId: RunId, name: ContentName, bytes: Uint8Array): void {
  sql.run(INSERT, runId, name, endOf(sql, runId, name), bytes);
}

/** Bytes that a name has. */
export function endOf(sql: Sql, runId: RunId, name: ContentName): number {
  const last =
    "SELECT start + length(bytes) AS size FROM content WHERE run = ? AND name = ? ORDER BY start DESC LIMIT 1";
  return Number(sql.get(last, runId, name)?.size ?? 0);
}

/** From a position to the end as it is then. */
export async function* readParts(
  db: Database,
  runId: RunId,
  name: ContentName,
  offset: number,
): AsyncGenerator<Uint8Array> {
  for (let position = offset; ; await nextTurn()) {
    const at = position;
    const row = await db.read(
      (sql) => sql.get(PART, runId, name, at),
      () => undefined,
    );
    const bytes = row?.bytes instanceof Uint8Array ? row.bytes.subarray(at - Number(row.start)) : new Uint8Array();
    if (bytes.length === 0) return;
    yield bytes;
    position += bytes.length;
  }
}

export function createBlobs(db: Database, randomHex: (bytes: number) => string): BlobStore {
  return {
    async put(runId, content) {
      if (content instanceof Uint8Array) {
        const ref = { sha256: createHash("sha256").update(content).digest("hex"), bytes: content.length };
        const work = (sql: Sql): boolean => confirm(sql, runId, ref.sha256);
        if ((await isKept(db, runId, ref.sha256)) && (await db.write({ work }))) return ref;
      }
      return await write(db, runId, `draft:${randomHex(12)}`, content);
    },
    get: (runId, sha256) => readBlob(db, runId, sha256),
  };
}

/** All but the last part are written as they come; the last one together with the name, so most content is one change. */
async function write(db: Database, runId: RunId, draft: ContentName, content: Content): Promise<BlobRef> {
  const hash = createHash("sha256");
  let bytes = 0;
  let last: Uint8Array | null = null;
  try {
    for await (const part of inParts(content)) {
      const before = last;
      if (before !== null) await db.write({ work: (sql) => addPart(sql, runId, draft, before) });
      hash.update(part);
      bytes += part.length;
      last = part;
    }
    const sha256 = hash.digest("hex");
    const isThere = await isKept(db, runId, sha256);
    const end = last;
    await db.write({
      work(sql) {
        if (isThere && confirm(sql, runId, sha256)) return drop(sql, runId, draft);
        const known = draftOf(sql, runId, sha256);
        if (end !== null) addPart(sql, runId, draft, end);
        sql.run(INSERT, runId, `blob:${sha256}`, 0, Buffer.from(draft));
        if (known !== null) drop(sql, runId, known);
      },
    });
    return { sha256, bytes };
  } catch (error) {
    const work = (sql: Sql): void => drop(sql, runId, draft);
    await db.write({ work, absent: () => {} }).catch(() => {}); // the first error is the one to report
    throw error;
  }
}

/** Pieces of one size, whatever the source gives. */
async function* inParts(content: Content): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content instanceof Uint8Array ? [content] : content) {
    for (let rest = chunk; rest.length > 0; ) {
      const piece = rest.subarray(0, PART_BYTES - size);
      waiting.push(Buffer.from(piece)); // a copy: the source may use its buffer again
      size += piece.length;
      rest = rest.subarray(piece.length);
      if (size < PART_BYTES) continue;
      yield Buffer.concat(waiting);
      waiting = [];
      size = 0;
    }
  }
  if (size > 0) yield Buffer.concat(waiting);
}

function draftOf(sql: Sql, runId: RunId, sha256: Sha256): ContentName | null {
  const bytes = sql.get(PART, runId, `blob:${sha256}`, 0)?.bytes;
  return bytes instanceof Uint8Array ? `draft:${Buffer.from(bytes).toString().slice("draft:".length)}` : null;
}

function drop(sql: Sql, runId: RunId, name: ContentName): void {
  sql.run("DELETE FROM content WHERE run = ? AND name = ?", runId, name);
}

/** Content that is there may be from a process that ended before its bytes were synced: one more change syncs them. */
function confirm(sql: Sql, runId: RunId, sha256: Sha256): boolean {
  return sql.run("UPDATE content SET start = start WHERE run = ? AND name = ?", runId, `blob:${sha256}`) === 1;
}

/** Whether the content is there and intact; damaged content is mended by putting it again. */
async function isKept(db: Database, runId: RunId, sha256: Sha256): Promise<boolean> {
  try {
    for await (const _ of readBlob(db, runId, sha256)); // reading costs less than writing and syncing
    return true;
  } catch {
    return false; // missing or damaged; whatever else is wrong, writing reports it
  }
}

async function* readBlob(db: Database, runId: RunId, sha256: Sha256): AsyncGenerator<Uint8Array> {
  const details = { runId, sha256 };
  const hint = `Restore ${db.path} from a copy.`;
  const draft = await db.read(
    (sql) => draftOf(sql, runId, sha256),
    () => null,
  );
  if (draft === null) throw new TroupeError("BLOB_MISSING", `run ${runId} has no content ${sha256}`, { hint, details });
  const hash = createHash("sha256");
  for await (const part of readParts(db, runId, draft, 0)) {
    hash.update(part);
    yield part;
  }
  if (hash.digest("hex") === sha256) return;
  const message = `the content ${sha256} of run ${runId} does not match its hash`;
  throw new TroupeError("BLOB_CORRUPT", message, { hint, details });
}
