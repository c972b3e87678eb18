import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isTroupeError, type JournalEntry, type StateStore } from "@troupe/core";
import { expect, test } from "vitest";
import { type DamageCase, damageCases, RUN, soundLines } from "../test/damage-cases.js";
import { newEntry, openStore, tempFolder } from "../test/temp-store.js";

const MIN_CASES = 500;
const expected = soundLines().map(({ entry }, index) => ({ ...entry, seq: index + 1 }));

interface Reading {
  readonly entries: readonly JournalEntry[];
  readonly fault: { readonly code: string; readonly offset: unknown } | null;
}

async function read(store: StateStore): Promise<Reading> {
  const entries: JournalEntry[] = [];
  try {
    for await (const entry of store.read(RUN)) entries.push(entry);
    return { entries, fault: null };
  } catch (error) {
    if (!isTroupeError(error)) throw error;
    return { entries, fault: { code: error.code, offset: error.details?.offset } };
  }
}

/** What is wrong with how the case is read; empty = nothing. */
async function judge(folder: string, { name, bytes, kept, fault }: DamageCase): Promise<readonly string[]> {
  const path = join(folder, "runs", RUN, "journal.jsonl");
  await writeFile(path, bytes);
  const store = openStore(folder);
  const reading = await read(store);
  const wrong: string[] = [];
  const ids = (entries: readonly JournalEntry[]) => entries.map(({ seq, id }) => `${seq}:${id.slice(0, 4)}`).join(" ");
  if (JSON.stringify(reading.entries) !== JSON.stringify(expected.slice(0, kept)))
    wrong.push(`${name}: reads ${ids(reading.entries)}, not ${kept}`);
  if (JSON.stringify(reading.fault) !== JSON.stringify(fault))
    wrong.push(`${name}: ${JSON.stringify(reading.fault)}, not ${JSON.stringify(fault)}`);
  const append = await store.append(RUN, kept, newEntry(RUN, "new")).then(
    () => null,
    (error: unknown) => (isTroupeError(error) ? error.code : String(error)),
  );
  if (append !== (fault?.code ?? null)) wrong.push(`${name}: an append ends with ${append}`);
  const now = await readFile(path);
  if (!now.subarray(0, bytes.length).equals(bytes)) wrong.push(`${name}: bytes were changed`);
  if (fault !== null && now.length !== bytes.length) wrong.push(`${name}: a refused append wrote`);
  if (fault === null && (await read(openStore(folder))).entries.at(-1)?.id !== "new")
    wrong.push(`${name}: the next entry is not read again`);
  return wrong;
}

test("damage of every kind: only torn writes are passed over, all else is named with its offset, nothing is changed", {
  timeout: 120_000,
}, async () => {
  const folder = join(await tempFolder(), ".troupe");
  await mkdir(join(folder, "runs", RUN), { recursive: true });
  const cases = damageCases();
  const wrong: string[] = [];
  for (const one of cases) wrong.push(...(await judge(folder, one)));
  console.log(`damage cases: ${cases.length}, wrong: ${wrong.length}`);
  expect(wrong).toEqual([]);
  expect(cases.length).toBeGreaterThanOrEqual(MIN_CASES);
});
