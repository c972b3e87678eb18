import { createHash } from "node:crypto";
import type { BlobStore, Lease, LogStore } from "@troupe/core";
import { createMemoryStore } from "@troupe/core/memory";
import { collect, testPlantedBugs } from "../test/planted-store-bug.js";

testPlantedBugs([
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
    bug: "forgets how long a lease lasts",
    caughtBy: "shows the holder without taking anything, with the time that it may go without a renewal",
    plant: (good) => ({
      async holder(runId) {
        const holder = await good.holder(runId);
        return holder && { ...holder, ttlMs: 1_000 };
      },
    }),
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
    plant: () => ({ logs: createMemoryStore().logs }),
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
    bug: "forgets what a log held before it was opened",
    caughtBy: "opens the log of a turn again without losing what is in it",
    plant: ({ logs }) => ({ logs: openedAnew(logs) }),
  },
  {
    bug: "holds a turn up while it writes its log",
    caughtBy: "takes much output at once without holding up the turn, and has all of it when the log is closed",
    plant: ({ logs }) => ({
      logs: {
        ...logs,
        async open(runId, turn) {
          const log = await logs.open(runId, turn);
          return {
            close: () => log.close(),
            write(chunk) {
              for (const end = performance.now() + 40; performance.now() < end; );
              log.write(chunk);
            },
          };
        },
      },
    }),
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
      watch: (runId, afterSeq) => good.watch?.(runId, afterSeq, new AbortController().signal) ?? nothing(),
    }),
  },
]);

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

/** Another name each time; reading gives the newest. */
function openedAnew(logs: LogStore): LogStore {
  let times = 0;
  return {
    open: (runId, turn) => {
      times += 1;
      return logs.open(runId, `${turn}.${times}`);
    },
    read: (runId, turn, offset) => logs.read(runId, `${turn}.${times}`, offset),
  };
}

async function* nothing(): AsyncGenerator<{ readonly seq: number }> {}
