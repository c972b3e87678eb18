import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync as Connection } from "node:sqlite";
import { fileURLToPath } from "node:url";
import type { NewEntry, RunId, RunSummary, StateStore } from "@troupe/core";
import { createSqliteStore, type SqliteStoreOptions } from "@troupe/store-sqlite";
import { onTestFinished } from "vitest";
import { DatabaseSync } from "../src/node-sqlite.js";

/** A folder that goes when the test ends. */
export async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "troupe-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A store on a fresh folder; both go when the test ends. */
export async function tempStore(
  options: Partial<SqliteStoreOptions> = {},
): Promise<{ readonly store: StateStore; readonly folder: string }> {
  const folder = join(await tempFolder(), ".troupe");
  return { folder, store: openStore(folder, options) };
}

/** One more store on a folder, closed when the test ends. */
export function openStore(folder: string, options: Partial<SqliteStoreOptions> = {}): StateStore {
  const store = createSqliteStore({ folder, ...options });
  onTestFinished(() => store.close());
  return store;
}

type Script = "append-forever" | "hold-forever" | "log-forever" | "read-once" | "race-forever";

/** The argv of a script beside this file, on a folder; it still needs the id of a run. */
export function childOn(script: Script, folder: string): readonly string[] {
  const path = fileURLToPath(new URL(`./${script}.ts`, import.meta.url));
  return [process.execPath, "--conditions=@troupe/source", "--import", import.meta.resolve("tsx"), path, folder];
}

export function newEntry(runId: RunId, id: string, changes: Partial<RunSummary> = {}): NewEntry {
  const summary: RunSummary = {
    runId,
    workflow: "test",
    objective: "Test the store",
    status: "running",
    createdAt: 1_000,
    updatedAt: 1_000,
    ...changes,
  };
  return { id, at: 1_000, events: [{ type: "run.stop-requested", by: id }], summary };
}

/** Everything an iterable yields. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Uses a database as another program would. */
export function withDatabase<T>(path: string, use: (db: Connection) => T): T {
  const db = new DatabaseSync(path);
  try {
    return use(db);
  } finally {
    db.close();
  }
}
