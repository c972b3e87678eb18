import { createHash } from "node:crypto";
import { cp, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type JournalEntry, loadRun, type StateStore } from "@troupe/core";
import { expect, test } from "vitest";
import { collect, openStore, tempFolder } from "../test/temp-store.js";

const RUN = "settle-2026-11-28-89f02c";
const FORMATS = ["version-1", "version-2"] as const;

/** A run of the built-in workflow with five reviews, two of which had work mended, as a version of Troupe has stored it. */
async function storedAs(format: (typeof FORMATS)[number]): Promise<{ store: StateStore; path: string }> {
  const folder = await tempFolder();
  const path = join(folder, "runs", RUN, "journal.jsonl");
  await mkdir(join(folder, "runs", RUN), { recursive: true });
  await cp(fileURLToPath(new URL(`../test/journals/${format}.jsonl`, import.meta.url)), path);
  return { store: openStore(folder), path };
}

function hashOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}

/** With keys in one order: that of fields within an event says nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([key, field]) => [key, sorted(field)]));
}

test.each(FORMATS)("a journal of %s reads as it was written, with its fingerprints", async (format) => {
  const { store } = await storedAs(format);
  const entries = await collect(store.read(RUN));
  const { state } = await loadRun(store, RUN);
  expect({
    entries: entries.length,
    events: hashOf(sorted(entries.map(({ events }) => events))),
    definition: hashOf(state.definition),
    fingerprints: hashOf(state.definition.fingerprints),
    started: hashOf(
      entries.flatMap(({ events }) => events.map((event) => "fingerprint" in event && event.fingerprint)),
    ),
    completed: state.counts.completed,
    status: state.status,
  }).toEqual({
    entries: 21,
    events: "bb19f2a20a7a1d4f617f13b3d4304071ed65f3a37152d9f4349bff80ed7d1dfc",
    definition: "b3b6775aa93eabbb9e4634b90abfaa7b15373107a34f0f8c5f3d9f4eca8e191a",
    fingerprints: "d18d589b31771f7eb1e86fbebc076d6b77f65c77b15daff0de1a2a650ecf1b69",
    started: "ed3436cf537f09cf0342bced808489596a65e8e9f621ae6879512b0ea3261f2d",
    completed: 14,
    status: "succeeded",
  });
});

test("what a journal of version 1 holds is stored in fewer bytes, and reads the same", async () => {
  const { store: old, path } = await storedAs("version-1");
  const entries: readonly JournalEntry[] = await collect(old.read(RUN));
  const folder = await tempFolder();
  const store = openStore(folder);
  for (const { seq, ...entry } of entries) {
    if (seq === 1) await store.create(RUN, entry);
    else await store.append(RUN, seq - 1, entry);
  }
  expect(await collect(openStore(folder).read(RUN))).toEqual(entries);
  const after = await readFile(join(folder, "runs", RUN, "journal.jsonl"));
  expect(after.length).toBeLessThan(0.85 * (await readFile(path)).length);
  expect(after.toString()).toBe(await readFile((await storedAs("version-2")).path, "utf8"));
});

test("lines of version 2 follow those of version 1 in one journal", async () => {
  const { store, path } = await storedAs("version-1");
  const [first] = await collect(store.read(RUN));
  if (first === undefined) throw new Error("the journal has entries");
  const events = [{ type: "stage.completed", stage: "A", turn: "A.1" }] as const;
  await store.append(RUN, 21, { id: "e22", at: first.at, events, summary: first.summary });
  const versions = [...(await readFile(path, "utf8")).matchAll(/^\{"v":(\d)/gmu)].map(([, version]) => version);
  expect(versions).toEqual([...Array(21).fill("1"), "2"]);
  expect((await collect(store.read(RUN))).at(-1)?.events).toEqual(events);
});
