import { TroupeError } from "../errors/troupe-error.js";
import type { JournalEntry, NewEntry } from "../model/events.js";
import type { RunId } from "../model/ids.js";
import type { Clock } from "../plugin/host.js";
import type { ListedRun, ListFilter, StateStore } from "../plugin/store.js";
import { createMemoryBlobs } from "./memory-blobs.js";
import { createMemoryLeases } from "./memory-leases.js";
import { createMemoryLogs } from "./memory-logs.js";
import { systemClock } from "./system.js";

/** Another clock, for tests of what depends on time. */
export interface MemoryStoreOptions {
  readonly clock?: Clock;
}

interface MemoryRun {
  readonly entries: JournalEntry[];
  /** Called when an entry is added. */
  readonly listeners: Set<() => void>;
}

/**
 * A store that keeps everything in this process and nothing after it: for tests and for runs that need not outlive
 * their process. It keeps the whole contract of `StateStore` but what has to do with other processes.
 */
export function createMemoryStore(options: MemoryStoreOptions = {}): StateStore {
  const runs = new Map<RunId, MemoryRun>();
  const leases = createMemoryLeases(options.clock ?? systemClock);
  const blobs = createMemoryBlobs();
  const logs = createMemoryLogs();
  const runOf = (runId: RunId): MemoryRun => {
    const run = runs.get(runId);
    if (run !== undefined) return run;
    throw new TroupeError("RUN_NOT_FOUND", `there is no run ${JSON.stringify(runId)}`, {
      hint: "See all runs: troupe list",
      details: { runId },
    });
  };
  return {
    blobs,
    logs,
    async create(runId, entry) {
      const first = runs.get(runId)?.entries[0];
      if (first?.id === entry.id) return first;
      if (first !== undefined) {
        const message = `run ${runId} exists already`;
        throw new TroupeError("RUN_EXISTS", message, { hint: `troupe status ${runId}`, details: { runId } });
      }
      const written = copy(entry, 1);
      runs.set(runId, { entries: [written], listeners: new Set() });
      return written;
    },
    append: async (runId, expectedSeq, entry) => append(runId, runOf(runId), expectedSeq, entry),
    async *read(runId, afterSeq = 0) {
      const { entries } = runOf(runId);
      yield* entries.slice(afterSeq);
    },
    list: (filter = {}) => list(runs, filter),
    holder: async (runId) => leases.holder(runId),
    async acquireLease(runId, request) {
      runOf(runId);
      return leases.acquire(runId, request);
    },
    async remove(runId) {
      runOf(runId);
      leases.refuseHeld(runId);
      runs.delete(runId);
      blobs.forget(runId);
      logs.forget(runId);
    },
    watch: (runId, afterSeq, signal) => watch(runOf(runId), afterSeq, signal),
    async close() {
      leases.close();
    },
  };
}

function append(runId: RunId, run: MemoryRun, expectedSeq: number, entry: NewEntry): JournalEntry {
  const { entries, listeners } = run;
  const there = entries[expectedSeq];
  if (there?.id === entry.id) return there;
  if (entries.length !== expectedSeq) {
    const message = `run ${runId} has ${entries.length} entries, the new one was to be number ${expectedSeq + 1}`;
    throw new TroupeError("JOURNAL_CONFLICT", message, {
      hint: `troupe status ${runId}`,
      details: { runId, expectedSeq, seq: entries.length },
    });
  }
  const written = copy(entry, expectedSeq + 1);
  entries.push(written);
  for (const listener of listeners) listener();
  return written;
}

/** As it would come back from a file: what JSON drops is dropped here too, and nobody else holds a part of it. */
function copy({ id, at, events, summary }: NewEntry, seq: number): JournalEntry {
  return JSON.parse(JSON.stringify({ id, at, events, summary, seq }));
}

async function* list(runs: ReadonlyMap<RunId, MemoryRun>, { statuses }: ListFilter): AsyncGenerator<ListedRun> {
  const summaries = [...runs.values()].flatMap(({ entries }) => entries.at(-1)?.summary ?? []);
  summaries.sort((a, b) => b.createdAt - a.createdAt || (a.runId < b.runId ? -1 : 1));
  for (const summary of summaries) {
    if (statuses === undefined || statuses.includes(summary.status)) yield { damaged: false, summary };
  }
}

async function* watch(
  { entries, listeners }: MemoryRun,
  afterSeq: number,
  signal: AbortSignal,
): AsyncGenerator<{ readonly seq: number }> {
  let seq = afterSeq;
  while (!signal.aborted) {
    if (entries.length > seq) {
      seq = entries.length;
      yield { seq };
      continue;
    }
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        signal.removeEventListener("abort", wake);
        listeners.delete(wake);
        resolve();
      };
      signal.addEventListener("abort", wake);
      listeners.add(wake);
    });
  }
}
