import { expect, test } from "vitest";
import { entry, faultyRun, isJournal, RUN } from "../test/faulty-run.js";
import { openStore } from "../test/temp-store.js";

const APPENDS = 300;

test("a watcher reads no line that its own store has written, however fast they come", async () => {
  const { store, faults } = await faultyRun();
  await store.append(RUN, 1, entry("e2")); // opens and reads the journal
  const told: number[] = [];
  const reads: string[] = [];
  faults.current = { read: (path) => void (isJournal(path) && reads.push(path)) };
  const watching = (async () => {
    for await (const { seq } of store.watch?.(RUN, 1, AbortSignal.timeout(60_000)) ?? []) {
      told.push(seq);
      if (seq === APPENDS + 2) break;
    }
  })();
  for (let seq = 2; seq < APPENDS + 2; seq += 1) await store.append(RUN, seq, entry(`e${seq + 1}`));
  await watching;
  expect([told[0], told.at(-1)]).toEqual([2, APPENDS + 2]);
  expect(reads).toHaveLength(APPENDS); // each append has read its line back
});

test("a watcher tells of what another store appends between the appends of its own", async () => {
  const { store, folder } = await faultyRun();
  const other = openStore(folder);
  const watch = store.watch?.(RUN, 1, AbortSignal.timeout(60_000))[Symbol.asyncIterator]();
  let seq = 1;
  for (const writer of [store, other, store, other]) {
    await writer.append(RUN, seq, entry(`e${seq + 1}`));
    seq += 1;
    expect(await watch?.next()).toEqual({ done: false, value: { seq } });
  }
  await watch?.return?.();
});
