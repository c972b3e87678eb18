import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { faultyFileSystem } from "../test/faulty-file-system.js";
import { collect, newEntry, openStore, tempStore } from "../test/temp-store.js";

const RUN = "run-1";

/** A folder with a run of two entries that another store has written, and the path of its journal. */
async function writtenRun(): Promise<{ readonly folder: string; readonly path: string }> {
  const { store, folder } = await tempStore();
  await store.create(RUN, newEntry(RUN, "e1"));
  await store.append(RUN, 1, newEntry(RUN, "e2"));
  return { folder, path: join(folder, "runs", RUN, "journal.jsonl") };
}

test("who lists and then reads the newest run gets all of it, and what was added since, and syncs once", async () => {
  const { folder } = await writtenRun();
  const synced: string[] = [];
  const fileSystem = faultyFileSystem({ datasync: (path) => void synced.push(path) });
  const store = openStore(folder, { fileSystem });
  const fresh = await collect(openStore(folder).read(RUN));
  await collect(store.list());
  expect(await collect(store.read(RUN))).toEqual(fresh);
  expect(await collect(store.read(RUN, 1))).toEqual(fresh.slice(1));
  expect(synced).toHaveLength(1);
  await collect(store.list());
  const third = await openStore(folder).append(RUN, 2, newEntry(RUN, "e3"));
  expect(await collect(store.read(RUN))).toEqual([...fresh, third]);
});

test("what was damaged after a listing is found by the reading", async () => {
  const { folder, path } = await writtenRun();
  const store = openStore(folder);
  await collect(store.list());
  const text = await readFile(path, "utf8");
  await writeFile(path, text.replace('"by":"e1"', '"by":"e9"'));
  await expect(collect(store.read(RUN))).rejects.toMatchObject({ code: "JOURNAL_CORRUPT", details: { offset: 1 } });
});

test.each([
  ["a byte of it is another", (line: string) => line.replace('"by":"e2"', '"by":"e9"')],
  [
    "a part of it never came to the disk",
    (line: string) => `${line.slice(0, 40)}${"\0".repeat(600)}${line.slice(-30)}`,
  ],
])("a line that does not count, since %s, does not count for who has listed before either", async (_why, spoil) => {
  const { folder, path } = await writtenRun();
  const fresh = await collect(openStore(folder).read(RUN));
  const [first = "", , second = ""] = (await readFile(path, "utf8")).trimEnd().split("\n").slice(-3);
  await writeFile(path, `\n${first}\n\n${spoil(second)}\n\n${second}\n`);
  expect(await collect(openStore(folder).read(RUN))).toEqual(fresh);
  const store = openStore(folder);
  await collect(store.list());
  expect(await collect(store.read(RUN))).toEqual(fresh);
});
