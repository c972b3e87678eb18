import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { collect, newEntry, openStore, tempFolder, tempStore } from "../test/temp-store.js";

const RUN = "run-1";
const FRAME = 24 + 4096;
const FRAMES_START = 32;
const ENTRIES = 6;

/** What a process that was killed leaves: entries, and log output behind them, in the write-ahead log alone. */
async function leftBehind(lastOutput: number): Promise<{ readonly folder: string; readonly entriesEnd: number }> {
  const { store, folder } = await tempStore();
  const wal = join(folder, "troupe.db-wal");
  await store.create(RUN, newEntry(RUN, "e1"));
  for (let seq = 1; seq < ENTRIES; seq += 1) await store.append(RUN, seq, newEntry(RUN, `e${seq + 1}`));
  const entriesEnd = statSync(wal).size;
  const log = await store.logs.open(RUN, "WORK.1");
  for (let count = 0; count < lastOutput; count += 1) {
    const before = statSync(wal).size;
    log.write(Buffer.from(`output ${count}`));
    await expect.poll(() => statSync(wal).size, { timeout: 60_000 }).toBeGreaterThan(before);
  }
  const copy = join(await tempFolder(), ".troupe");
  mkdirSync(copy);
  for (const name of ["troupe.db", "troupe.db-wal"]) copyFileSync(join(folder, name), join(copy, name));
  return { folder: copy, entriesEnd };
}

/** Flips a bit of the log. */
function flip(folder: string, at: number): void {
  const wal = join(folder, "troupe.db-wal");
  const bytes = readFileSync(wal);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(wal, bytes);
}

const contents = (folder: string) => readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "hex")]);

async function idsIn(folder: string): Promise<readonly string[]> {
  return (await collect(openStore(folder).read(RUN))).map(({ id }) => id);
}

const ALL = ["e1", "e2", "e3", "e4", "e5", "e6"];

test("takes up what a killed process left in the write-ahead log", async () => {
  const { folder } = await leftBehind(1);
  expect(await idsIn(folder)).toEqual(ALL);
});

for (const [name, place, offset] of [
  ["a page", FRAMES_START + FRAME + 200, FRAMES_START + FRAME],
  ["the checksum of a frame", FRAMES_START + FRAME + 16, FRAMES_START + FRAME],
  ["the salt of a frame", FRAMES_START + FRAME + 8, FRAMES_START + FRAME],
  ["the header", 9, 0],
  ["the magic number", 0, 0],
] as const) {
  test(`a changed bit in ${name} of the write-ahead log is JOURNAL_CORRUPT with its byte, and nothing is changed`, async () => {
    const { folder } = await leftBehind(0);
    flip(folder, place);
    const before = contents(folder);
    const store = openStore(folder);
    const path = join(folder, "troupe.db");
    const refusal = {
      code: "JOURNAL_CORRUPT",
      message: `${path}-wal cannot be used: it is damaged at byte ${offset}, and what was committed behind it would be lost`,
      hint: expect.stringContaining(`mv "${path}"* `),
      details: expect.objectContaining({ path: `${path}-wal`, offset }),
    };
    await expect(collect(store.read(RUN))).rejects.toMatchObject(refusal);
    await expect(store.append(RUN, ENTRIES, newEntry(RUN, "e7"))).rejects.toMatchObject(refusal);
    await store.close();
    expect(contents(folder)).toEqual(before);
  });
}

test("passes over a last transaction that is torn, as a power loss leaves it", async () => {
  const { folder } = await leftBehind(0);
  const wal = join(folder, "troupe.db-wal");
  writeFileSync(wal, readFileSync(wal).subarray(0, -100));
  expect(await idsIn(folder)).toEqual(ALL.slice(0, -1));
});

test("passes over log output that a power loss left with a gap: nobody was told that it is on the disk", async () => {
  const { folder, entriesEnd } = await leftBehind(3);
  flip(folder, entriesEnd + 100);
  expect(await idsIn(folder)).toEqual(ALL);
});

test("the last entry is not lost silently once anything was written behind it", async () => {
  for (const fromFrame of [8, 16, 2_000]) {
    const { folder, entriesEnd } = await leftBehind(1);
    flip(folder, entriesEnd - FRAME + fromFrame);
    await expect(idsIn(folder)).rejects.toMatchObject({ code: "JOURNAL_CORRUPT" });
  }
});

test("leaves nothing in the write-ahead log alone when it is closed, also while another store has the file", async () => {
  const { store, folder } = await tempStore();
  await store.create(RUN, newEntry(RUN, "e1"));
  const other = openStore(folder);
  expect(await collect(other.read(RUN))).toHaveLength(1);
  await store.close();
  expect(statSync(join(folder, "troupe.db-wal")).size).toBe(0);
  expect((await other.append(RUN, 1, newEntry(RUN, "e2"))).seq).toBe(2);
});
