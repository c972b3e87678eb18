import { expect, test } from "vitest";
import { recordedStore } from "../test/recorded-calls.js";
import { newEntry } from "../test/temp-store.js";

const RUN = "run-1";
const TURN = "WORK.1";

test("the first run: .gitignore first, then the folders, then the run, all on the disk before create resolves", async () => {
  const { store, calls } = await recordedStore();
  await store.create(RUN, newEntry(RUN, "e1"));
  expect(calls()).toMatchInlineSnapshot(`
    [
      "makeFolder .troupe",
      "sync (parent)",
      "write .troupe/.gitignore-RANDOM",
      "sync .troupe/.gitignore-RANDOM",
      "rename .troupe/.gitignore",
      "sync .troupe",
      "makeFolder .troupe/runs",
      "sync .troupe",
      "makeFolder .troupe/blobs",
      "sync .troupe",
      "makeFolder .troupe/staging",
      "sync .troupe",
      "makeFolder .troupe/staging/run-1-RANDOM",
      "write .troupe/staging/run-1-RANDOM/journal.jsonl",
      "sync .troupe/staging/run-1-RANDOM/journal.jsonl",
      "sync .troupe/staging/run-1-RANDOM",
      "rename .troupe/runs/run-1",
      "sync .troupe/runs",
    ]
  `);
});

test("another run: its journal is whole and synced before it gets its name, and its name is synced", async () => {
  const { store, calls } = await recordedStore();
  await store.create("run-0", newEntry("run-0", "e1"));
  calls();
  await store.create(RUN, newEntry(RUN, "e1"));
  expect(calls()).toMatchInlineSnapshot(`
    [
      "makeFolder .troupe/staging/run-1-RANDOM",
      "write .troupe/staging/run-1-RANDOM/journal.jsonl",
      "sync .troupe/staging/run-1-RANDOM/journal.jsonl",
      "sync .troupe/staging/run-1-RANDOM",
      "rename .troupe/runs/run-1",
      "sync .troupe/runs",
    ]
  `);
});

test("the same first entry again: the name of the run is synced once more before it counts", async () => {
  const { store, calls } = await recordedStore();
  await store.create(RUN, newEntry(RUN, "e1"));
  calls();
  await store.create(RUN, newEntry(RUN, "e1"));
  expect(calls().slice(-2)).toMatchInlineSnapshot(`
    [
      "removeTree .troupe/staging/run-1-RANDOM",
      "sync .troupe/runs",
    ]
  `);
});

test("an append: written, then synced; an entry that is there already is synced before it counts", async () => {
  const { store, calls } = await recordedStore();
  await store.create(RUN, newEntry(RUN, "e1"));
  calls();
  await store.append(RUN, 1, newEntry(RUN, "e2"));
  await store.append(RUN, 1, newEntry(RUN, "e2"));
  expect(calls()).toMatchInlineSnapshot(`
    [
      "sync .troupe/runs",
      "write .troupe/runs/run-1/journal.jsonl",
      "datasync .troupe/runs/run-1/journal.jsonl",
      "datasync .troupe/runs/run-1/journal.jsonl",
    ]
  `);
});

test("content: synced before it gets its name, which is synced; content that is there has its name synced again", async () => {
  const { store, calls } = await recordedStore();
  await store.create(RUN, newEntry(RUN, "e1"));
  calls();
  await store.blobs.put(RUN, Buffer.from("content"));
  await store.blobs.put(RUN, Buffer.from("content"));
  expect(calls()).toMatchInlineSnapshot(`
    [
      "write .troupe/staging/blob-RANDOM",
      "sync .troupe/staging/blob-RANDOM",
      "makeFolder .troupe/blobs/run-1",
      "sync .troupe/blobs",
      "rename .troupe/blobs/run-1/HASH",
      "sync .troupe/blobs/run-1",
      "sync .troupe/blobs/run-1",
      "sync .troupe/blobs",
    ]
  `);
});

test("a log: synced with its name and its folder's before close resolves", async () => {
  const { store, calls } = await recordedStore();
  await store.create(RUN, newEntry(RUN, "e1"));
  calls();
  const log = await store.logs.open(RUN, TURN);
  log.write(Buffer.from("text"));
  await log.close();
  expect(calls()).toMatchInlineSnapshot(`
    [
      "makeFolder .troupe/runs/run-1/logs",
      "write .troupe/runs/run-1/logs/WORK.1.log",
      "datasync .troupe/runs/run-1/logs/WORK.1.log",
      "sync .troupe/runs/run-1/logs",
      "sync .troupe/runs/run-1",
    ]
  `);
});

test("a lease: whole and synced before it gets its number", async () => {
  const { store, calls } = await recordedStore();
  await store.create(RUN, newEntry(RUN, "e1"));
  calls();
  await using _lease = await store.acquireLease(RUN, { command: "test", ttlMs: 600_000 });
  expect(calls()).toMatchInlineSnapshot(`
    [
      "makeFolder .troupe/runs/run-1/lease",
      "write .troupe/runs/run-1/lease/draft-RANDOM",
      "sync .troupe/runs/run-1/lease/draft-RANDOM",
      "link .troupe/runs/run-1/lease/1",
      "unlink .troupe/runs/run-1/lease/draft-RANDOM",
    ]
  `);
});

test("a removal: the run goes at once and its going is synced before its content goes", async () => {
  const { store, calls } = await recordedStore();
  await store.create(RUN, newEntry(RUN, "e1"));
  await store.blobs.put(RUN, Buffer.from("content"));
  calls();
  await store.remove(RUN);
  expect(calls().filter((call) => !call.includes("lease"))).toMatchInlineSnapshot(`
    [
      "rename .troupe/staging/removed-RANDOM",
      "sync .troupe/runs",
      "removeTree .troupe/staging/removed-RANDOM",
      "rename .troupe/staging/removed-RANDOM",
      "sync .troupe/blobs",
      "removeTree .troupe/staging/removed-RANDOM",
    ]
  `);
});
