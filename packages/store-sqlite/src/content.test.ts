import { createHash } from "node:crypto";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { StateStore } from "@troupe/core";
import { expect, test } from "vitest";
import { collect, newEntry, openStore, tempStore, withDatabase } from "../test/temp-store.js";

const RUN = "run-1";
const MIB = 1024 * 1024;

async function* pieces(count: number, bytes: number): AsyncGenerator<Uint8Array> {
  for (let piece = 0; piece < count; piece += 1) yield Buffer.alloc(bytes, `${piece} `);
}

async function hashOf(chunks: AsyncIterable<Uint8Array>): Promise<{ sha256: string; largest: number }> {
  const hash = createHash("sha256");
  let largest = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    largest = Math.max(largest, chunk.length);
  }
  return { sha256: hash.digest("hex"), largest };
}

async function damagedStore(damage: string): Promise<{ store: StateStore; sha256: string }> {
  const { store, folder } = await tempStore();
  await store.create(RUN, newEntry(RUN, "e1"));
  const { sha256 } = await store.blobs.put(RUN, pieces(5, 700_000));
  await store.close();
  withDatabase(join(folder, "troupe.db"), (db) => db.exec(damage));
  return { store: openStore(folder), sha256 };
}

/** Bytes of buffers that somebody still holds: what the collector has not got round to on a busy machine is left out. */
function liveBytes(): () => number {
  setFlagsFromString("--expose-gc");
  const collectGarbage: () => void = runInNewContext("gc");
  return () => {
    collectGarbage();
    return process.memoryUsage().arrayBuffers;
  };
}

function names(folder: string): readonly unknown[] {
  return withDatabase(join(folder, "troupe.db"), (db) =>
    db.prepare("SELECT substr(name, 1, 5) AS name, count(*) AS parts FROM content GROUP BY 1").all(),
  ).map(({ name, parts }) => `${name} ${parts}`);
}

test("takes and gives 100 MB without holding more than a few parts of it in memory", async () => {
  const { store } = await tempStore();
  const { sha256, largest } = await hashOf(pieces(1_600, 64 * 1024));
  expect(largest).toBe(64 * 1024);
  const inUse = liveBytes();
  const before = inUse();
  let most = 0;
  async function* watched(): AsyncGenerator<Uint8Array> {
    let count = 0;
    for await (const piece of pieces(1_600, 64 * 1024)) {
      count += 1;
      if (count % 100 === 0) most = Math.max(most, inUse() - before);
      yield piece;
    }
  }
  expect(await store.blobs.put(RUN, watched())).toEqual({ sha256, bytes: 1_600 * 64 * 1024 });
  expect(most).toBeLessThan(50 * MIB); // a thread of its own frees what the collector has found
  expect(await hashOf(store.blobs.get(RUN, sha256))).toEqual({ sha256, largest: MIB });
});

test("keeps one copy of content that is put twice, and nothing of content that breaks off", async () => {
  const { store, folder } = await tempStore();
  for (let count = 0; count < 2; count += 1) await store.blobs.put(RUN, pieces(5, 700_000));
  await store.blobs.put(RUN, Buffer.concat(await collect(pieces(5, 700_000))));
  expect(names(folder)).toEqual(["blob: 1", "draft 4"]);
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield* pieces(4, 700_000);
    throw new Error("the source broke");
  }
  await expect(store.blobs.put(RUN, broken())).rejects.toThrow("the source broke");
  expect(names(folder)).toEqual(["blob: 1", "draft 4"]);
});

test("takes pieces whose buffer is used again", async () => {
  const { store } = await tempStore();
  async function* reused(): AsyncGenerator<Uint8Array> {
    const buffer = Buffer.alloc(3);
    for (const text of ["one", "two", "six"]) {
      buffer.write(text);
      yield buffer;
    }
  }
  const { sha256 } = await store.blobs.put(RUN, reused());
  expect(Buffer.concat(await collect(store.blobs.get(RUN, sha256))).toString()).toBe("onetwosix");
});

for (const [name, damage] of [
  ["a changed part", `UPDATE content SET bytes = x'0011' WHERE name LIKE 'draft:%' AND start = ${MIB}`],
  ["a missing part", `DELETE FROM content WHERE name LIKE 'draft:%' AND start = ${MIB}`],
  ["a missing last part", `DELETE FROM content WHERE name LIKE 'draft:%' AND start = ${3 * MIB}`],
  ["all parts missing", "DELETE FROM content WHERE name LIKE 'draft:%'"],
] as const) {
  test(`${name} is BLOB_CORRUPT, and putting the content again mends it`, async () => {
    const { store, sha256 } = await damagedStore(damage);
    await expect(collect(store.blobs.get(RUN, sha256))).rejects.toMatchObject({ code: "BLOB_CORRUPT" });
    expect(await store.blobs.put(RUN, pieces(5, 700_000))).toEqual({ sha256, bytes: 3_500_000 });
    expect((await hashOf(store.blobs.get(RUN, sha256))).sha256).toBe(sha256);
  });
}
