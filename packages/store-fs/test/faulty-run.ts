import { join } from "node:path";
import type { NewEntry, StateStore } from "@troupe/core";
import { type Faults, faultyFileSystem } from "./faulty-file-system.js";
import { collect, newEntry, openStore, tempFolder } from "./temp-store.js";

export const RUN = "run-1";

export function isJournal(path: string): boolean {
  return path.endsWith("runs/run-1/journal.jsonl");
}

export function entry(id: string): NewEntry {
  return newEntry(RUN, id);
}

/** A run of one entry, in a store whose faults begin when the test says so. */
export async function faultyRun(): Promise<{
  readonly store: StateStore;
  readonly folder: string;
  readonly faults: { current: Faults };
}> {
  const folder = join(await tempFolder(), ".troupe");
  const faults: { current: Faults } = { current: {} };
  const fileSystem = faultyFileSystem({
    write: (path, bytes) => faults.current.write?.(path, bytes),
    afterWrite: (path) => faults.current.afterWrite?.(path),
    datasync: (path) => faults.current.datasync?.(path),
    sync: (path) => faults.current.sync?.(path),
    read: (path) => faults.current.read?.(path),
    fileStatus: (path) => faults.current.fileStatus?.(path),
    call: (name, path) => faults.current.call?.(name, path),
  });
  const store = openStore(folder, { fileSystem });
  await store.create(RUN, entry("e1"));
  return { store, folder, faults };
}

/** Ids in the journal as a fresh process reads them. */
export async function idsIn(folder: string): Promise<readonly string[]> {
  return (await collect(openStore(folder).read(RUN))).map(({ id }) => id);
}
