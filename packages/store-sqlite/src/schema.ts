import type { DatabaseSync } from "node:sqlite";
import { TroupeError } from "@troupe/core";
import { damagedFile } from "./sqlite-errors.js";

/** "trou", at byte 68 of the file: tells a database of Troupe from any other. */
export const APPLICATION_ID: number = 0x74726f75;

/**
 * Number n leads from version n - 1 of the schema to n; a released one is never changed. `user_version` counts them.
 * - `entries`: the unique (run, seq) is the compare-and-append. `crc` seals `run`, `seq` and `body`.
 * - `content`: bytes by name, in parts that begin at `start`; see `content.ts`.
 * - `leases`: who works on a run; a hint, so a row of its own that is replaced.
 */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE entries (run TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL, crc INTEGER NOT NULL,
     PRIMARY KEY (run, seq)) STRICT;
   CREATE TABLE content (run TEXT NOT NULL, name TEXT NOT NULL, start INTEGER NOT NULL, bytes BLOB NOT NULL,
     PRIMARY KEY (run, name, start)) STRICT;
   CREATE TABLE leases (run TEXT PRIMARY KEY, nonce TEXT NOT NULL, record TEXT NOT NULL,
     renewed_at INTEGER NOT NULL) STRICT;`,
];

/** Throws `JOURNAL_NEWER` for a schema that this version does not know, `JOURNAL_CORRUPT` for no schema at all. */
export function checkVersion(db: DatabaseSync, path: string, known: number = MIGRATIONS.length): number {
  const version = Number(db.prepare("PRAGMA user_version").get()?.user_version);
  if (version < 1) throw damagedFile(path, "it has no tables of Troupe");
  if (version <= known) return version;
  throw new TroupeError("JOURNAL_NEWER", `${path} has schema ${version}, this version knows ${known}`, {
    hint: "Update the store: npm install --save-dev @troupe/store-sqlite@latest",
    details: { path, version, known },
  });
}

/** Brings a database to the newest schema, in one transaction. One that others have brought there meanwhile stays. */
export function migrate(db: DatabaseSync, migrations: readonly string[] = MIGRATIONS): void {
  inTransaction(db, () => {
    const version = Number(db.prepare("PRAGMA user_version").get()?.user_version);
    for (const migration of migrations.slice(version)) db.exec(migration);
    if (version < migrations.length) db.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

/** All of `work` or nothing of it; no other process writes meanwhile. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    try {
      db.exec("ROLLBACK");
    } catch {
      // SQLite has rolled back by itself, as it does when the disk is full
    }
    throw error;
  }
}
