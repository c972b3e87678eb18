import { createHash } from "node:crypto";
import type { BlobStore, JournalEntry, Lease, LogStore, NewEntry, StateStore } from "@troupe/core";
import { createMemoryStore } from "@troupe/core/memory";
import { expect, test } from "vitest";
import { storeCases } from "./store-cases.js";

/** A store with one planted bug, and a case that must catch it. */
interface PlantedBug {
  readonly bug: string;
  readonly caughtBy: string;
  readonly plant: (good: StateStore) => Partial<StateStore>;
}

const cases = storeCases({
  reopen: "in memory",
  damage: "in memory",
  childAppender: "in memory",
  childHolder: "in memory",
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const bugs: readonly PlantedBug[] = [
  {
    bug: "ignores expectedSeq and appends at the end",
    caughtBy: "refuses a stale append and writes nothing",
    plant: (good) => ({
      append: async (runId, _, entry) => good.append(runId, (await collect(good.read(runId))).length, entry),
    }),
  },
  {
    bug: "appends the same id twice",
    caughtBy: "takes the same id at its place as one entry, however often it comes",
    plant: (good) => ({
      async append(runId, expectedSeq, entry) {
        const length = (await collect(good.read(runId))).length;
        const at = Math.max(length, expectedSeq);
        return good
          .append(runId, at, { ...entry, id: `${entry.id}/${at}` })
          .then((written) => ({ ...written, id: entry.id }));
      },
    }),
  },
  {
    bug: "refuses the same id at its place",
    caughtBy: "takes the same id at its place as one entry, however often it comes",
    plant: (good) => ({
      append: (runId, seq, entry) => good.append(runId, seq, { ...entry, id: `${entry.id}${Math.random()}` }),
    }),
  },
  {
    bug: "takes the same id anywhere as done",
    caughtBy: "refuses the same id at another place",
    plant: (good) => ({
      async append(runId, seq, entry) {
        const there = (await collect(good.read(runId))).find(({ id }) => id === entry.id);
        return there ?? (await good.append(runId, seq, entry));
      },
    }),
  },
  {
    bug: "writes before it refuses",
    caughtBy: "refuses a stale append and writes nothing",
    plant: (good) => ({
      append: (runId, seq, entry) =>
        good.append(runId, seq, entry).catch(async (error: unknown) => {
          const { length } = await collect(good.read(runId));
          await good.append(runId, length, entry);
          throw error;
        }),
    }),
  },
  {
    bug: "looks first and writes later, so two that race both win",
    caughtBy: "lets one of many appends win that race for a position",
    plant: overwritingStore,
  },
  {
    bug: "lets an append leave a gap",
    caughtBy: "refuses an append beyond the end and writes nothing",
    plant: (good) => ({
      async append(runId, seq, entry) {
        const { length } = await collect(good.read(runId));
        return good.append(runId, Math.min(seq, length), entry);
      },
    }),
  },
  {
    bug: "reads afterSeq as an index from the entry itself",
    caughtBy: "reads only the entries after a position, none after the last",
    plant: (good) => ({ read: (runId, afterSeq = 0) => good.read(runId, Math.max(0, afterSeq - 1)) }),
  },
  {
    bug: "reads newest first",
    caughtBy: "reads entries back whole and in order, numbered from 1 without gaps",
    plant: (good) => ({
      async *read(runId, afterSeq) {
        yield* (await collect(good.read(runId, afterSeq))).reverse();
      },
    }),
  },
  {
    bug: "overwrites a run of the same id",
    caughtBy: "refuses a second run of the same id and leaves the first as it was",
    plant: (good) => ({
      create: (runId, entry) =>
        good
          .remove(runId)
          .catch(() => {})
          .then(() => good.create(runId, entry)),
    }),
  },
  {
    bug: "reads an unknown run as empty",
    caughtBy: "does not know a run that was never created",
    plant: (good) => ({
      async *read(runId, afterSeq) {
        yield* await collect(good.read(runId, afterSeq)).catch(() => []);
      },
    }),
  },
  {
    bug: "lists oldest first",
    caughtBy: "lists the newest run first, whatever the order of creation",
    plant: (good) => ({
      async *list(filter) {
        yield* (await collect(good.list(filter))).reverse();
      },
    }),
  },
  {
    bug: "lists the summary of the first entry",
    caughtBy: "lists each run as its newest entry has it",
    plant: (good) => ({
      async *list(filter) {
        for await (const run of good.list(filter)) {
          const [first] = run.damaged ? [] : await collect(good.read(run.summary.runId));
          if (first !== undefined) yield { damaged: false, summary: first.summary };
        }
      },
    }),
  },
  {
    bug: "ignores the filter of a listing",
    caughtBy: "lists only runs of the statuses asked for",
    plant: (good) => ({ list: () => good.list() }),
  },
  {
    bug: "grants every lease",
    caughtBy: "refuses a lease while another is held, and names its holder",
    plant: (good) => ({
      async acquireLease(runId, request): Promise<Lease> {
        return good.acquireLease(runId, request).catch(() => good.acquireLease("shadow", request));
      },
      create: async (runId, entry) => {
        await good.create("shadow", entry).catch(() => {});
        return good.create(runId, entry);
      },
    }),
  },
  {
    bug: "never gives a lease back",
    caughtBy: "gives a released lease to the next, which an old one cannot release",
    plant: (good) => ({
      acquireLease: async (runId, request) => ({
        ...(await good.acquireLease(runId, request)),
        [Symbol.asyncDispose]: async () => {},
      }),
    }),
  },
  {
    bug: "lets an old lease release the new one",
    caughtBy: "gives a released lease to the next, which an old one cannot release",
    plant(good) {
      const held = new Map<string, Lease>();
      return {
        async acquireLease(runId, request) {
          const lease = await good.acquireLease(runId, request);
          held.set(runId, lease);
          return { ...lease, [Symbol.asyncDispose]: async () => held.get(runId)?.[Symbol.asyncDispose]() };
        },
      };
    },
  },
  {
    bug: "removes a run that is held",
    caughtBy: "refuses to remove a run that is held",
    plant(good) {
      const held = new Map<string, Lease>();
      return {
        async acquireLease(runId, request) {
          const lease = await good.acquireLease(runId, request);
          held.set(runId, lease);
          return lease;
        },
        async remove(runId) {
          await held.get(runId)?.[Symbol.asyncDispose]();
          await good.remove(runId);
        },
      };
    },
  },
  {
    bug: "refuses every append while the run is held",
    caughtBy: "lets anybody append while a run is held: exclusion is the journal's",
    plant: (good) => ({
      async append(runId, seq, entry) {
        if ((await good.holder(runId)) !== null) throw new Error("held");
        return good.append(runId, seq, entry);
      },
    }),
  },
  {
    bug: "forgets what a removed run left in the log",
    caughtBy: "removes a run with its content and logs, and no other's",
    plant: (good) => ({ logs: withoutRun(good.logs) }),
  },
  {
    bug: "hashes only the first piece of content",
    caughtBy: "gives content back by its hash, also content that comes in pieces",
    plant: (good) => ({ blobs: firstPieceOnly(good.blobs) }),
  },
  {
    bug: "shares content between runs",
    caughtBy: "does not know content that nobody put, nor another run's",
    plant: ({ blobs }) => ({
      blobs: { put: (_, content) => blobs.put("all", content), get: (_, sha256) => blobs.get("all", sha256) },
    }),
  },
  {
    bug: "gives missing content as empty",
    caughtBy: "does not know content that nobody put, nor another run's",
    plant: ({ blobs }) => ({
      blobs: {
        ...blobs,
        async *get(runId, sha256) {
          try {
            yield* blobs.get(runId, sha256);
          } catch {
            yield Buffer.alloc(0);
          }
        },
      },
    }),
  },
  {
    bug: "shows a log only when it is closed",
    caughtBy: "shows a log while it is written, from any offset, and keeps it when it is closed",
    plant: ({ logs }) => ({ logs: writtenAtTheEnd(logs) }),
  },
  {
    bug: "ignores the offset into a log",
    caughtBy: "shows a log while it is written, from any offset, and keeps it when it is closed",
    plant: ({ logs }) => ({ logs: { ...logs, read: (runId, turn) => logs.read(runId, turn) } }),
  },
  {
    bug: "keeps one log for all turns",
    caughtBy: "keeps the logs of turns apart; a log that was never opened is empty",
    plant: ({ logs }) => ({
      logs: { open: (runId) => logs.open(runId, "X.1"), read: (runId, _, offset) => logs.read(runId, "X.1", offset) },
    }),
  },
  {
    bug: "tells a watcher nothing of what came before",
    caughtBy: "tells a watcher of entries that came before it began to watch",
    plant: (good) => ({
      async *watch(runId, _, signal) {
        const { length } = await collect(good.read(runId));
        yield* good.watch?.(runId, length, signal) ?? [];
      },
    }),
  },
  {
    bug: "goes on watching after the abort",
    caughtBy: "ends a watch when its signal aborts, also while nothing happens",
    plant: (good) => ({
      watch: (runId, afterSeq) => good.watch?.(runId, afterSeq, new AbortController().signal) ?? collect0(),
    }),
  },
];

async function* collect0(): AsyncGenerator<{ readonly seq: number }> {}

/** Each append yields between looking and writing, as a careless implementation over files does. */
function overwritingStore(good: StateStore): Partial<StateStore> {
  const journals = new Map<string, JournalEntry[]>();
  return {
    async create(runId, entry) {
      const first = await good.create(runId, entry);
      journals.set(runId, [first]);
      return first;
    },
    async append(runId, expectedSeq, entry: NewEntry) {
      const entries = journals.get(runId) ?? [];
      if (entries.length !== expectedSeq) return good.append(runId, expectedSeq, entry);
      await Promise.resolve();
      const written = { ...entry, seq: expectedSeq + 1 };
      entries[expectedSeq] = written;
      return written;
    },
    async *read(runId, afterSeq = 0) {
      yield* (journals.get(runId) ?? []).slice(afterSeq);
    },
  };
}

function withoutRun(logs: LogStore): LogStore {
  const shared = createMemoryStore().logs;
  void logs;
  return shared; // a removal of the run does not reach it
}

function firstPieceOnly(blobs: BlobStore): BlobStore {
  return {
    ...blobs,
    async put(runId, content) {
      const chunks = content instanceof Uint8Array ? [content] : await collect(content);
      const ref = await blobs.put(runId, Buffer.concat(chunks));
      return {
        ...ref,
        sha256: createHash("sha256")
          .update(chunks[0] ?? "")
          .digest("hex"),
      };
    },
  };
}

function writtenAtTheEnd(logs: LogStore): LogStore {
  return {
    ...logs,
    async open(runId, turn) {
      const log = await logs.open(runId, turn);
      const waiting: Uint8Array[] = [];
      return {
        write: (chunk) => void waiting.push(chunk),
        close() {
          for (const chunk of waiting.splice(0)) log.write(chunk);
          return log.close();
        },
      };
    },
  };
}

test.concurrent.for(bugs)("the kit fails a store that $bug", { timeout: 30_000 }, async ({ caughtBy, plant }) => {
  const found = cases.find(({ name }) => name === caughtBy);
  expect(found, `a case named "${caughtBy}"`).toBeDefined();
  const good = createMemoryStore();
  await expect(found?.run({ store: { ...good, ...plant(good) } })).rejects.toThrow();
});

test("the kit passes the same store without a bug", async () => {
  for (const { run, skip } of cases) if (skip === undefined) await run({ store: createMemoryStore() });
});
