import assert from "node:assert/strict";
import type { RunId, StateStore } from "@troupe/core";
import { makeRun, newEntry, type StoreCase, type StoreSubject, withSecond } from "./store-subject.js";
import { within } from "./within.js";

const RUN: RunId = "run-1";
const PATIENCE_MS = 5_000;

export const watchCases: readonly StoreCase[] = [
  {
    name: "tells a watcher of entries that came before it began to watch",
    rule: "StateStore.watch: also those that came before the call",
    needs: ["watch"],
    run: tellsOfEarlier,
  },
  {
    name: "tells a watcher of entries as they come",
    rule: "StateStore.watch: Yields the newest position known whenever entries after `afterSeq` may exist",
    needs: ["watch"],
    run: tellsOfNew,
  },
  {
    name: "tells a watcher of another handle's entries",
    rule: "StateStore.watch: Yields the newest position known whenever entries after `afterSeq` may exist",
    needs: ["watch", "reopen"],
    run: tellsOfOthers,
  },
  {
    name: "ends a watch when its signal aborts, also while nothing happens",
    rule: "StateStore.watch: ends when `signal` aborts",
    needs: ["watch"],
    run: endsWatch,
  },
];

async function tellsOfEarlier({ store }: StoreSubject): Promise<void> {
  await makeRun(store, RUN, 3);
  await watching(store, 1, async (next) => assert.equal(await next(), 3));
}

async function tellsOfNew({ store }: StoreSubject): Promise<void> {
  await makeRun(store, RUN, 2);
  await watching(store, 2, async (next) => {
    for (const seq of [3, 4]) {
      const told = next();
      await store.append(RUN, seq - 1, newEntry(RUN, `e${seq}`));
      assert.equal(await told, seq);
    }
  });
}

async function tellsOfOthers(subject: StoreSubject): Promise<void> {
  await makeRun(subject.store, RUN);
  await withSecond(subject, (second) =>
    watching(second, 1, async (next) => {
      const told = next();
      await subject.store.append(RUN, 1, newEntry(RUN, "theirs"));
      assert.equal(await told, 2);
    }),
  );
}

async function endsWatch({ store }: StoreSubject): Promise<void> {
  await makeRun(store, RUN);
  const ended = new AbortController();
  const pending = watchOf(store, 1, ended.signal).next();
  setImmediate(() => ended.abort());
  assert.equal((await within(PATIENCE_MS, "the end of the watch", pending)).done, true);
  const afterwards = watchOf(store, 0, ended.signal).next();
  assert.equal((await within(PATIENCE_MS, "the end of a watch that was over before", afterwards)).done, true);
}

async function watching(
  store: StateStore,
  afterSeq: number,
  use: (next: () => Promise<number | undefined>) => Promise<void>,
): Promise<void> {
  const ended = new AbortController();
  const watch = watchOf(store, afterSeq, ended.signal);
  try {
    await use(async () => {
      const { value } = await within(PATIENCE_MS, "word of a new entry", watch.next());
      return value?.seq;
    });
  } finally {
    ended.abort();
    await watch.return?.();
  }
}

function watchOf(store: StateStore, afterSeq: number, signal: AbortSignal): AsyncIterator<{ readonly seq: number }> {
  assert.ok(store.watch !== undefined, "the store has no watch: offer it, or give the reason why not");
  return store.watch(RUN, afterSeq, signal)[Symbol.asyncIterator]();
}
