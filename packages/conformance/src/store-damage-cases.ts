import assert from "node:assert/strict";
import type { RunId } from "@troupe/core";
import {
  ability,
  contentOf,
  makeRun,
  newEntry,
  readAll,
  refuses,
  type StoreCase,
  type StoreSubject,
  withSecond,
} from "./store-subject.js";

const RUN: RunId = "run-1";

export const damageCases: readonly StoreCase[] = [
  {
    name: "appends nothing to a damaged run",
    rule: "StateStore.append: `JOURNAL_CORRUPT`",
    needs: ["damage", "reopen"],
    run: appendsNothing,
  },
  {
    name: "gives damaged content to nobody as if it were whole",
    rule: "BlobStore.get: verified against the hash by the end",
    needs: ["damageContent"],
    run: verifiesContent,
  },
  {
    name: "takes content again that was damaged, and gives it back whole",
    rule: "BlobStore.put: Durable when it resolves",
    needs: ["damageContent"],
    run: mendsContent,
  },
];

async function appendsNothing(subject: StoreSubject): Promise<void> {
  await makeRun(subject.store, RUN, 3);
  await ability(subject, "damage")(RUN);
  await withSecond(subject, async (second) => {
    await refuses("JOURNAL_CORRUPT", "append to a damaged run", () => second.append(RUN, 3, newEntry(RUN, "next")));
    await refuses("JOURNAL_CORRUPT", "read the damaged run", () => readAll(second, RUN));
  });
}

async function verifiesContent(subject: StoreSubject): Promise<void> {
  const { store } = subject;
  await makeRun(store, RUN);
  const { sha256 } = await store.blobs.put(RUN, Buffer.from("the only copy"));
  await ability(subject, "damageContent")(RUN, sha256);
  await refuses("BLOB_CORRUPT", "read damaged content", () => contentOf(store.blobs, RUN, sha256));
}

/** What `put` has acknowledged can be read, whatever lay there before. */
async function mendsContent(subject: StoreSubject): Promise<void> {
  const { store } = subject;
  await makeRun(store, RUN);
  const content = Buffer.from("the only copy");
  const { sha256 } = await store.blobs.put(RUN, content);
  await ability(subject, "damageContent")(RUN, sha256);
  await store.blobs.put(RUN, content);
  assert.deepEqual(await contentOf(store.blobs, RUN, sha256), content);
}
