import { lstatSync, statfsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from "node:sqlite";
import { type Clock, networkFileSystem, TroupeError } from "@troupe/core";
import { createDatabase, identityOf, openDatabase } from "./database-file.js";
import { checkVersion, inTransaction } from "./schema.js";
import { damagedFile, isBusy, storeError } from "./sqlite-errors.js";

/** How long a busy database is waited for, and how often it is tried. Waiting costs less than a run that is lost. */
const PATIENCE_MS = 30_000;
const RETRY_MS = 10;

export type Row = Readonly<Record<string, SQLOutputValue>>;

/** Statements of one transaction. */
export interface Sql {
  all(text: string, ...values: readonly SQLInputValue[]): readonly Row[];
  get(text: string, ...values: readonly SQLInputValue[]): Row | undefined;
  /** The number of rows that changed. */
  run(text: string, ...values: readonly SQLInputValue[]): number;
}

export interface Change<T> {
  readonly work: (sql: Sql) => T;
  /** What to do when there is no file yet; without it the file is made. */
  readonly absent?: () => T;
  /** false: survives the end of the process, but a power loss only with the next durable change. Default true. */
  readonly durable?: boolean;
}

/** The file: opened, and made, when it is first needed. Work is synchronous, so that no transaction waits for anything. */
export interface Database {
  readonly path: string;
  read<T>(work: (sql: Sql) => T, absent: () => T): Promise<T>;
  /** On the disk when it resolves. */
  write<T>(change: Change<T>): Promise<T>;
  /** At once or, as false, not at all because another process is writing. Throws as `write` rejects. */
  tryWrite(change: Change<void>): boolean;
  close(): void;
}

export interface DatabaseOptions {
  /** Absolute path of `.troupe`. */
  readonly folder: string;
  readonly force: boolean;
  readonly clock: Clock;
  readonly randomHex: (bytes: number) => string;
  /** `type` of statfs(2) for a folder. */
  readonly volumeType: (folder: string) => number;
}

interface Opened {
  readonly db: DatabaseSync;
  readonly identity: string;
  readonly sql: Sql;
}

export function createDatabaseAccess(options: DatabaseOptions): Database {
  const { folder, clock } = options;
  const path = join(folder, "troupe.db");
  let opened: Opened | null = null;

  function close(): void {
    opened?.db.close();
    opened = null;
  }

  /** After a clean end nothing is in the write-ahead log alone, also when other processes go on with the file. */
  function emptyLog(): void {
    try {
      opened?.db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch {
      // what is in the log is on the disk, and the next one that ends tries again
    }
  }

  /** Also again, when another file has the name since; null = there is none. */
  function connect(): Opened | null {
    const identity = identityOf(path);
    if (opened !== null && opened.identity !== identity) close();
    if (identity === null) {
      // it would be taken for the log of a new database
      if (identityOf(`${path}-wal`) === null) return null;
      throw damagedFile(path, "it is missing, and its write-ahead log is there");
    }
    if (opened === null) {
      if (!options.force) refuseNetwork(folder, options.volumeType);
      const db = openDatabase(path);
      opened = { db, identity, sql: createSql(db) };
    }
    return opened;
  }

  function change<T>({ work, absent, durable = true }: Change<T>): T {
    let target = connect();
    if (target === null && absent !== undefined) return absent();
    if (target === null) {
      if (!options.force) refuseNetwork(folder, options.volumeType);
      createDatabase(path, options.randomHex(8));
      target = connect();
    }
    if (target === null) throw new Error("it was deleted at once");
    const { db, sql } = target;
    if (!durable) db.exec("PRAGMA synchronous = NORMAL");
    try {
      return inTransaction(db, () => {
        checkVersion(db, path); // a newer version may have changed the schema under us
        return work(sql);
      });
    } finally {
      if (!durable) db.exec("PRAGMA synchronous = FULL");
    }
  }

  async function patiently<T>(attempt: () => T): Promise<T> {
    const start = clock.monotonic();
    for (;;) {
      try {
        return attempt();
      } catch (error) {
        if (!isBusy(error) || clock.monotonic() - start >= PATIENCE_MS) throw storeError(error, path);
      }
      await clock.wait(RETRY_MS);
    }
  }

  return {
    path,
    read: (work, absent) =>
      patiently(() => {
        const target = connect();
        return target === null ? absent() : work(target.sql);
      }),
    write: (request) => patiently(() => change(request)),
    tryWrite(request) {
      try {
        change(request);
        return true;
      } catch (error) {
        if (isBusy(error)) return false;
        throw storeError(error, path);
      }
    },
    close() {
      emptyLog();
      close();
    },
  };
}

function createSql(db: DatabaseSync): Sql {
  const statements = new Map<string, ReturnType<DatabaseSync["prepare"]>>();
  const prepared = (text: string): ReturnType<DatabaseSync["prepare"]> => {
    const statement = statements.get(text) ?? db.prepare(text);
    statements.set(text, statement);
    return statement;
  };
  return {
    all: (text, ...values) => prepared(text).all(...values),
    get: (text, ...values) => prepared(text).get(...values),
    run: (text, ...values) => Number(prepared(text).run(...values).changes),
  };
}

/** The locks of SQLite and the memory that its processes share do not work there. */
function refuseNetwork(folder: string, volumeType: (folder: string) => number): void {
  const name = networkFileSystem(volumeType(nearestFolder(folder)));
  if (name === null) return;
  throw new TroupeError("STORE_UNSUPPORTED", `${folder} lies on a network file system (${name})`, {
    hint: 'Work in a folder on a local disk, or set "force": true in the options of the store to take the risk.',
    details: { path: folder, fileSystem: name },
  });
}

function nearestFolder(path: string): string {
  const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  return isThere || dirname(path) === path ? path : nearestFolder(dirname(path));
}

export function volumeType(folder: string): number {
  return statfsSync(folder).type;
}
