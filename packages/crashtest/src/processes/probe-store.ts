import { cpSync, existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  type JournalEntry,
  loadRun,
  type PluginDefinition,
  type PluginHost,
  type RunState,
  randomHex,
  type StateStore,
  silentLogger,
  systemClock,
} from "@troupe/core";
import type { CrashProject } from "./crash-project.js";

/** What the state folder says of the only run. */
export interface Probe {
  readonly runId: string;
  readonly state: RunState;
  readonly entries: readonly JournalEntry[];
}

/**
 * Reads the project's run in this process, or null when there is none yet. A database is read from a copy: opening it
 * where it lies would fold its log into it, and the command under test must find what the crash left.
 */
export async function probeRun(project: CrashProject): Promise<Probe | null> {
  const stateFolder = join(project.folder, ".troupe");
  if (!existsSync(stateFolder)) return null;
  if (project.store === "store-fs") return await probeFolder(project, stateFolder);
  const copy = await mkdtemp(join(project.outside, "copy-"));
  try {
    for (const name of readdirSync(stateFolder)) {
      // without -shm: it is an index that the next opener makes anew
      if (/\.(db|sqlite)(-wal)?$/.test(name)) cpSync(join(stateFolder, name), join(copy, name));
    }
    return readdirSync(copy).length === 0 ? null : await probeFolder(project, copy);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

async function probeFolder(project: CrashProject, stateFolder: string): Promise<Probe | null> {
  if (project.store === "store-fs" && !existsSync(join(stateFolder, "runs"))) return null;
  const store = await openStore(project, stateFolder);
  try {
    for await (const listed of store.list()) {
      if (listed.damaged) throw new Error(`run ${listed.runId} is damaged: ${listed.code} ${listed.message}`);
      const { runId } = listed.summary;
      const { state } = await loadRun(store, runId);
      const entries: JournalEntry[] = [];
      for await (const entry of store.read(runId)) entries.push(entry);
      return { runId, state, entries };
    }
    return null;
  } finally {
    await store.close();
  }
}

async function openStore(project: CrashProject, stateFolder: string): Promise<StateStore> {
  const sink = { write: () => {}, isTerminal: false, size: () => ({ columns: 80, rows: 24 }) };
  const host: PluginHost = {
    clock: systemClock,
    randomHex,
    environment: {},
    streams: { stdout: sink, stderr: sink },
    projectFolder: project.folder,
    stateFolder,
    logger: silentLogger,
  };
  const name = `@troupe/${project.store}`;
  const { default: plugin }: { readonly default: PluginDefinition<"store", object> } = await import(name);
  return await plugin.create({}, host);
}
