import type { JournalEntry, NewEntry, StateStore } from "@troupe/core";
import { collect, testPlantedBugs } from "../test/planted-store-bug.js";

testPlantedBugs([
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
]);

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
