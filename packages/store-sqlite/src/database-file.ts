import {
  closeSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { DatabaseSync as Connection } from "node:sqlite";
import { TroupeError } from "@troupe/core";
import { DatabaseSync } from "./node-sqlite.js";
import { APPLICATION_ID, checkVersion, MIGRATIONS, migrate } from "./schema.js";
import { damagedFile } from "./sqlite-errors.js";
import { inspectLog } from "./write-ahead-log.js";

/** How long SQLite itself waits for another writer, which blocks the process; longer waits are the caller's. */
const BUSY_MS = 20;
// fullfsync: on macOS a plain fsync leaves the bytes in the disk's cache. cell_size_check: damage is seen earlier.
const PRAGMAS = `PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;
  PRAGMA checkpoint_fullfsync = ON; PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF;`;

/** The very file that has the name now, also when another of that name gets its inode; null = there is none. */
export function identityOf(path: string): string | null {
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? null : `${stats.dev}:${stats.ino}:${stats.birthtimeNs}`;
}

/** Opens a database that is there. What is no database of Troupe is `JOURNAL_CORRUPT`, and stays as it is. */
export function openDatabase(path: string): Connection {
  inspect(path);
  const db = new DatabaseSync(path);
  try {
    db.exec(PRAGMAS);
    requireWal(db, path);
    syncWhatIsThere(path);
    if (checkVersion(db, path) < MIGRATIONS.length) migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * What others committed is believed only once it is on the disk. A writer that was killed between the write and the sync
 * of its commit leaves it in the write-ahead log, and who opens the file next recovers it as if it were durable. While
 * anybody has the file open such a commit stays unseen, so once after opening is enough. The names are synced too: who
 * made the file may not have got that far.
 */
function syncWhatIsThere(path: string): void {
  for (const [place, flags] of [
    [`${path}-wal`, "r+"], // Windows syncs only what is open for writing
    [dirname(path), "r"],
  ] as const) {
    try {
      syncPath(place, flags);
    } catch (error) {
      // no log, or nothing can be written there: then nothing waits for the disk
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      if (!["ENOENT", "EACCES", "EPERM", "EROFS", "EINVAL"].includes(code)) throw error;
    }
  }
}

/**
 * Looks without writing. Only SQLite may open the file itself: closing another descriptor of it would drop the locks
 * that a connection of this process holds.
 */
function inspect(path: string): void {
  for (const suffix of ["", "-wal", "-shm"]) {
    const stats = lstatSync(path + suffix, { throwIfNoEntry: false });
    if (stats?.isFile() === false) throw damagedFile(path, "it is not a plain file", { file: path + suffix });
    // SQLite would take it for a new database and delete what the write-ahead log holds
    if (suffix === "" && stats?.size === 0) throw damagedFile(path, "it is empty");
  }
  inspectLog(path);
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    db.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    const id = db.prepare("PRAGMA application_id").get()?.application_id;
    if (id !== APPLICATION_ID) throw damagedFile(path, "it is a database of another program");
    checkVersion(db, path);
  } finally {
    db.close();
  }
}

function requireWal(db: Connection, path: string): void {
  const mode = db.prepare("PRAGMA journal_mode = WAL").get()?.journal_mode;
  if (mode === "wal") return;
  throw new TroupeError("STORE_UNSUPPORTED", `${path} cannot have a write-ahead log there (${mode})`, {
    hint: "Work in a folder on a local disk.",
    details: { path },
  });
}

/**
 * Makes the state folder, with its `.gitignore` of `*` first, and a database with the whole schema under another name,
 * which then gets its own: so the file is never there half made, and of two that make it one stays.
 */
export function createDatabase(path: string, suffix: string): void {
  const folder = dirname(path);
  if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) syncPath(dirname(folder));
  const ignore = join(folder, ".gitignore");
  if (identityOf(ignore) === null) {
    writeFileSync(`${ignore}-${suffix}`, "*\n", { flag: "wx", mode: 0o600, flush: true });
    renameSync(`${ignore}-${suffix}`, ignore);
  }
  const draft = `${path}-${suffix}`;
  try {
    closeSync(openSync(draft, "wx", 0o600)); // SQLite gives its other files the mode of this one
    const db = new DatabaseSync(draft);
    try {
      db.exec(`${PRAGMAS} PRAGMA application_id = ${APPLICATION_ID};`);
      requireWal(db, path);
      migrate(db);
    } finally {
      db.close();
    }
    if (identityOf(path) === null) linkSync(draft, path); // refused when it is there since
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    for (const end of ["", "-wal", "-shm", "-journal"]) rmSync(draft + end, { force: true });
  }
  syncPath(folder);
}

/** Never of the database itself: closing a descriptor of it drops the locks of a connection, see {@link inspect}. */
function syncPath(path: string, flags: "r" | "r+" = "r"): void {
  const descriptor = openSync(path, flags);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
