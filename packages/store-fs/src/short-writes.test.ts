import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { faultyFileSystem } from "../test/faulty-file-system.js";
import { collect, newEntry, openStore, tempFolder } from "../test/temp-store.js";

const RUN = "run-1";

test("a system that writes a few bytes at a time loses none: of a new run, of content, of a lease and of a log", async () => {
  const folder = join(await tempFolder(), ".troupe");
  const write = (_: string, bytes: Uint8Array): number => Math.min(7, bytes.length);
  const store = openStore(folder, { fileSystem: faultyFileSystem({ write }) });
  await store.create(RUN, newEntry(RUN, "e1"));
  const content = "content that needs more than one write";
  const { sha256, bytes } = await store.blobs.put(RUN, Buffer.from(content));
  const log = await store.logs.open(RUN, "WORK.1");
  log.write(Buffer.from(content));
  expect(await log.close()).toEqual({ turn: "WORK.1", bytes, truncated: false });
  await using lease = await store.acquireLease(RUN, { command: "test", ttlMs: 600_000 });
  const fresh = openStore(folder);
  expect(await collect(fresh.read(RUN))).toEqual([{ ...newEntry(RUN, "e1"), seq: 1 }]);
  expect(Buffer.concat(await collect(fresh.blobs.get(RUN, sha256))).toString()).toBe(content);
  expect(Buffer.concat(await collect(fresh.logs.read(RUN, "WORK.1"))).toString()).toBe(content);
  expect((await fresh.holder(RUN))?.owner).toEqual(lease.owner);
  expect(await readFile(join(folder, ".gitignore"), "utf8")).toBe("*\n");
});

test("a system that writes nothing and says so is an error, not a loop", async () => {
  const folder = join(await tempFolder(), ".troupe");
  await openStore(folder).create(RUN, newEntry(RUN, "e1"));
  const store = openStore(folder, { fileSystem: faultyFileSystem({ write: () => 0 }) });
  await expect(store.blobs.put(RUN, Buffer.from("content"))).rejects.toMatchObject({ code: "STORE_FAILED" });
  await expect(store.append(RUN, 1, newEntry(RUN, "e2"))).rejects.toMatchObject({ code: "STORE_FULL" });
});
