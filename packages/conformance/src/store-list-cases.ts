import assert from "node:assert/strict";
import type { ListedRun, RunId, RunSummary, StateStore } from "@troupe/core";
import {
  ability,
  bytesOf,
  contentOf,
  listAll,
  makeRun,
  newEntry,
  readAll,
  refuses,
  type StoreCase,
  type StoreSubject,
  summaryOf,
} from "./store-subject.js";

const RUN: RunId = "run-1";

export const listCases: readonly StoreCase[] = [
  {
    name: "lists nothing when there is nothing",
    rule: "StateStore.list: Newest first (by `createdAt`).",
    needs: [],
    run: listsNothing,
  },
  {
    name: "lists the newest run first, whatever the order of creation",
    rule: "StateStore.list: Newest first (by `createdAt`).",
    needs: [],
    run: listsNewestFirst,
  },
  {
    name: "lists each run as its newest entry has it",
    rule: "ListedRun: One line of a listing",
    needs: [],
    run: listsNewestSummary,
  },
  {
    name: "lists only runs of the statuses asked for",
    rule: "ListFilter: statuses?: readonly RunStatus[]",
    needs: [],
    run: filters,
  },
  {
    name: "lists a damaged run as damaged; it hides no other and is never read as if whole",
    rule: "ListedRun: a damaged run is listed with its error and never hides the others",
    needs: ["damage"],
    run: listsDamaged,
  },
  {
    name: "removes a run with its content and logs, and no other's",
    rule: "StateStore.remove: The run with its blobs and logs.",
    needs: [],
    run: removes,
  },
  {
    name: "takes a removed run's id for a new run",
    rule: "StateStore.create: Writes the first entry, seq 1.",
    needs: [],
    run: takesIdAgain,
  },
];

async function listsNothing({ store }: StoreSubject): Promise<void> {
  assert.deepEqual(await listAll(store.list()), []);
}

async function listsNewestFirst({ store }: StoreSubject): Promise<void> {
  for (const [runId, createdAt] of [
    ["b", 2_000],
    ["c", 3_000],
    ["a", 1_000],
  ] as const) {
    await store.create(runId, newEntry(runId, `${runId}-1`, { createdAt }));
  }
  const expected = [
    ["c", 3_000],
    ["b", 2_000],
    ["a", 1_000],
  ] as const;
  assert.deepEqual(
    await listAll(store.list()),
    expected.map(([runId, createdAt]) => whole(summaryOf(runId, { createdAt }))),
  );
}

async function listsNewestSummary({ store }: StoreSubject): Promise<void> {
  await makeRun(store, RUN, 2);
  // long enough that a store which only looks at the end of its records is put to the test
  const steps = Array.from({ length: 40 }, (_, index) => index + 2);
  for (const seq of steps)
    await store.append(RUN, seq, newEntry(RUN, `step-${seq}`, { updatedAt: 9 }, "x".repeat(4_000)));
  const last = { status: "failed", updatedAt: 10 } as const;
  await store.append(RUN, 42, newEntry(RUN, "last", last));
  assert.deepEqual(await listAll(store.list()), [whole(summaryOf(RUN, last))]);
}

async function filters({ store }: StoreSubject): Promise<void> {
  const statuses = { one: "running", two: "failed", three: "succeeded" } as const;
  for (const [runId, status] of Object.entries(statuses)) await store.create(runId, newEntry(runId, runId, { status }));
  const listed = await listAll(store.list({ statuses: ["failed", "succeeded"] }));
  assert.deepEqual(
    new Set(listed),
    new Set([whole(summaryOf("two", { status: "failed" })), whole(summaryOf("three", { status: "succeeded" }))]),
  );
}

async function listsDamaged(subject: StoreSubject): Promise<void> {
  const { store } = subject;
  const good = await makeRun(store, "good", 3);
  await makeRun(store, "bad", 3);
  await makeRun(store, "fine", 2);
  await ability(subject, "damage")("bad");
  const listed = await listAll(store.list());
  assert.deepEqual(
    new Set(listed.map((run) => (run.damaged ? `${run.code} ${run.runId}` : run.summary.runId))),
    new Set(["good", "fine", "JOURNAL_CORRUPT bad"]),
  );
  await refuses("JOURNAL_CORRUPT", "read the damaged run", () => readAll(store, "bad"));
  assert.deepEqual(await readAll(store, "good"), good);
}

async function removes({ store }: StoreSubject): Promise<void> {
  const kept = await fill(store, "kept");
  const gone = await fill(store, "gone");
  await store.remove("gone");
  await refuses("RUN_NOT_FOUND", "read the removed run", () => readAll(store, "gone"));
  await refuses("BLOB_MISSING", "content of the removed run", () => contentOf(store.blobs, "gone", gone.sha256));
  assert.equal((await bytesOf(store.logs.read("gone", "WORK.1"))).length, 0, "log of the removed run");
  assert.deepEqual(await listAll(store.list()), [whole(summaryOf("kept"))]);
  assert.deepEqual(await readAll(store, "kept"), kept.entries);
  assert.equal((await contentOf(store.blobs, "kept", kept.sha256)).toString(), "shared by both runs");
  assert.equal((await bytesOf(store.logs.read("kept", "WORK.1"))).toString(), "log of kept");
}

async function fill(store: StateStore, runId: RunId) {
  const entries = await makeRun(store, runId, 2);
  const { sha256 } = await store.blobs.put(runId, Buffer.from("shared by both runs"));
  const log = await store.logs.open(runId, "WORK.1");
  log.write(Buffer.from(`log of ${runId}`));
  await log.close();
  return { entries, sha256 };
}

async function takesIdAgain({ store }: StoreSubject): Promise<void> {
  await makeRun(store, RUN, 3);
  await store.remove(RUN);
  const first = await store.create(RUN, newEntry(RUN, "anew"));
  const second = await store.append(RUN, 1, newEntry(RUN, "goes on"));
  assert.deepEqual(await readAll(store, RUN), [first, second]);
}

function whole(summary: RunSummary): ListedRun {
  return { damaged: false, summary };
}
