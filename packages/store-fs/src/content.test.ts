import { createHash } from "node:crypto";
import {
  appendFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import type { LogWriter, StateStore } from "@troupe/core";
import { describe, expect, test } from "vitest";
import { type Faults, faultyFileSystem, systemError } from "../test/faulty-file-system.js";
import { collect, newEntry, openStore, tempFolder, tempStore } from "../test/temp-store.js";
import { createLogTail } from "./log-tail.js";

const RUN = "run-1";
const TURN = "WORK.1";

async function storedRun(options: { maxLogBytes?: number; faults?: Faults } = {}) {
  const folder = join(await tempFolder(), ".troupe");
  const { maxLogBytes, faults } = options;
  const store = openStore(folder, {
    ...(maxLogBytes === undefined ? {} : { maxLogBytes }),
    ...(faults === undefined ? {} : { fileSystem: faultyFileSystem(faults) }),
  });
  await openStore(folder).create(RUN, newEntry(RUN, "e1"));
  return { store, folder, log: join(folder, "runs", RUN, "logs", `${TURN}.log`), blobs: join(folder, "blobs", RUN) };
}

async function contentOf(store: StateStore, sha256: string): Promise<string> {
  return Buffer.concat(await collect(store.blobs.get(RUN, sha256))).toString();
}

function fill(log: LogWriter, chunks: readonly string[]): void {
  for (const chunk of chunks) log.write(Buffer.from(chunk));
}

describe("content", () => {
  const hash = createHash("sha256").update("content").digest("hex");

  test("lies under its hash, for the owner only, and costs no second write", async () => {
    const written: string[] = [];
    const { store, folder, blobs } = await storedRun({ faults: { write: (path) => void written.push(path) } });
    await store.blobs.put(RUN, Buffer.from("content"));
    const before = written.length;
    await store.blobs.put(RUN, Buffer.from("content"));
    expect(written.length).toBe(before);
    expect(await readdir(blobs)).toEqual([hash]);
    expect((await stat(join(blobs, hash))).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, "staging"))).toEqual([]);
  });

  test("that was damaged is reported when read and mended when put again", async () => {
    const { store, blobs } = await storedRun();
    const path = join(blobs, hash);
    await store.blobs.put(RUN, Buffer.from("content"));
    for (const damage of [() => writeFile(path, "c0ntent"), () => truncate(path, 3), () => appendFile(path, "!")]) {
      await damage();
      await expect(contentOf(store, hash)).rejects.toMatchObject({ code: "BLOB_CORRUPT", details: { sha256: hash } });
      await store.blobs.put(RUN, Buffer.from("content"));
      expect(await contentOf(store, hash)).toBe("content");
    }
  });

  test("is never read through a link", async () => {
    const { store, blobs, folder } = await storedRun();
    await store.blobs.put(RUN, Buffer.from("content"));
    await writeFile(join(folder, "copy"), "content");
    await rm(join(blobs, hash));
    await symlink(join(folder, "copy"), join(blobs, hash));
    await expect(contentOf(store, hash)).rejects.toMatchObject({ code: "BLOB_CORRUPT" });
    await store.blobs.put(RUN, Buffer.from("content")); // replaces the link, not what it leads to
    expect((await lstat(join(blobs, hash))).isFile()).toBe(true);
  });

  test.each([
    ["ENOSPC", "STORE_FULL"],
    ["EIO", "STORE_FAILED"],
  ])("that cannot be written leaves nothing: %s is %s", async (system, code) => {
    for (const fault of ["write", "sync"] as const) {
      const faults = { [fault]: (path: string) => (path.includes("blob-") ? systemError(system) : undefined) };
      const { store, folder } = await storedRun({ faults });
      await expect(store.blobs.put(RUN, Buffer.from("content"))).rejects.toMatchObject({ code });
      expect(await readdir(join(folder, "staging"))).toEqual([]);
      await expect(contentOf(store, hash)).rejects.toMatchObject({ code: "BLOB_MISSING" });
    }
  });

  test("refuses the id of a run that could be a path", async () => {
    const { store } = await storedRun();
    await expect(store.blobs.put("../x", Buffer.from("content"))).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
  });
});

describe("a log", () => {
  test("of a turn that wrote nothing has no file", async () => {
    const { store, log } = await storedRun();
    const writer = await store.logs.open(RUN, TURN);
    expect(await writer.close()).toEqual({ turn: TURN, bytes: 0, truncated: false });
    await expect(stat(log)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("within its cap is kept whole, to the byte", async () => {
    const { store, log } = await storedRun({ maxLogBytes: 2_000 });
    for (const [index, length] of [900, 1_000, 1_001, 2_000].entries()) {
      const turn = `WORK.${index + 1}`;
      const writer = await store.logs.open(RUN, turn);
      const text = "abcdefghij".repeat(300).slice(0, length);
      fill(writer, text.match(/.{1,170}/g) ?? []);
      expect(await writer.close()).toEqual({ turn, bytes: length, truncated: false });
      expect(await readFile(log.replace(TURN, turn), "utf8")).toBe(text);
    }
  });

  test("beyond its cap keeps its beginning and its end, and says what is missing", async () => {
    const { store, log } = await storedRun({ maxLogBytes: 2_000 });
    const writer = await store.logs.open(RUN, TURN);
    fill(writer, ["a".repeat(900), "b".repeat(50_000), "c".repeat(900)]);
    expect(await writer.close()).toEqual({ turn: TURN, bytes: 2_000, truncated: true });
    const expected = `${"a".repeat(900)}${"b".repeat(100)}\n[49800 bytes left out]\n${"b".repeat(100)}${"c".repeat(900)}`;
    expect(await readFile(log, "utf8")).toBe(expected);
  });

  test("takes nothing after it was closed", async () => {
    const { store, log } = await storedRun();
    const writer = await store.logs.open(RUN, TURN);
    fill(writer, ["one"]);
    await writer.close();
    fill(writer, ["two"]);
    expect(await readFile(log, "utf8")).toBe("one");
  });

  test("that is opened again goes on where it was", async () => {
    const { store, log } = await storedRun();
    for (const text of ["one ", "two"]) {
      const writer = await store.logs.open(RUN, TURN);
      fill(writer, [text]);
      await writer.close();
    }
    expect(await readFile(log, "utf8")).toBe("one two");
  });

  test("keeps a slow disk from filling the memory: what waits beyond 4 MiB is left out of the middle", async () => {
    const { store, log } = await storedRun();
    const writer = await store.logs.open(RUN, TURN);
    const chunk = Buffer.alloc(1024 * 1024, "x");
    for (let count = 0; count < 40; count += 1) writer.write(chunk); // in one go: nothing is written meanwhile
    writer.write(Buffer.from("the end"));
    const ref = await writer.close();
    expect(ref.truncated).toBe(true);
    expect(ref.bytes).toBeGreaterThan(4 * 1024 * 1024);
    expect(ref.bytes).toBeLessThan(6 * 1024 * 1024);
    const text = await readFile(log, "latin1");
    expect(text.endsWith("the end")).toBe(true);
    expect(text).toContain(`\n[${40 * chunk.length + 7 - ref.bytes} bytes left out]\n`);
  });

  test("never harms its turn when the disk is full: it keeps what it could write and says what is missing", async () => {
    let isFull = false;
    const write = (path: string) => (isFull && path.endsWith(".log") ? systemError("ENOSPC") : undefined);
    const { store, log } = await storedRun({ faults: { write } });
    const writer = await store.logs.open(RUN, TURN);
    fill(writer, ["kept"]);
    while ((await readFile(log, "utf8").catch(() => "")) !== "kept");
    isFull = true;
    fill(writer, ["lost"]);
    await new Promise((resolve) => setImmediate(resolve));
    isFull = false;
    fill(writer, ["at the end"]);
    const ref = await writer.close();
    const text = await readFile(log, "utf8");
    expect([text, ref]).toEqual(["kept\n[4 bytes left out]\nat the end", { turn: TURN, bytes: 14, truncated: true }]);
  });

  test("that cannot be written at all is empty and truncated", async () => {
    const call = (name: string, path: string) =>
      name === "open" && path.endsWith(".log") ? systemError("EACCES") : undefined;
    const { store } = await storedRun({ faults: { call } });
    const writer = await store.logs.open(RUN, TURN);
    fill(writer, ["text"]);
    expect(await writer.close()).toEqual({ turn: TURN, bytes: 0, truncated: true });
  });

  test("whose sync fails is reported: its turn's entry would refer to it", async () => {
    const datasync = (path: string) => (path.endsWith(".log") ? systemError("EIO") : undefined);
    const { store } = await storedRun({ faults: { datasync } });
    const writer = await store.logs.open(RUN, TURN);
    fill(writer, ["text"]);
    await expect(writer.close()).rejects.toMatchObject({ code: "STORE_FAILED" });
  });

  test("refuses ids that could be paths, and a run that is not there", async () => {
    const { store, folder } = await storedRun();
    for (const turn of ["../x.1", "WORK", "WORK.x", "a/b.1"]) {
      await expect(store.logs.open(RUN, turn)).rejects.toMatchObject({ code: "STORE_FAILED" });
    }
    await expect(store.logs.open("none", TURN)).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
    expect(await readdir(join(folder, "runs"))).toEqual([RUN]);
  });

  test("is not written or read through what is no file", async () => {
    const { store, log } = await storedRun();
    await mkdir(log, { recursive: true });
    const writer = await store.logs.open(RUN, TURN);
    fill(writer, ["text"]);
    expect(await writer.close()).toMatchObject({ truncated: true });
    expect(await collect(store.logs.read(RUN, TURN))).toEqual([]);
    await rm(log, { recursive: true });
    await symlink("/dev/null", log);
    await expect(collect(store.logs.read(RUN, TURN))).rejects.toMatchObject({ code: "STORE_FAILED" });
  });
});

test("the tail of a log keeps the last bytes, whatever the pieces they came in", () => {
  const text = "abcdefghijklmnopqrstuvwxyz";
  for (let size = 1; size <= text.length; size += 1) {
    const tail = createLogTail(10);
    for (let at = 0; at < text.length; at += size) tail.push(Buffer.from(text.slice(at, at + size)));
    expect([tail.kept().toString(), tail.droppedBytes()]).toEqual(["qrstuvwxyz", 16]);
  }
});

describe("the staging folder", () => {
  test("is swept of what a dead process left there a day ago, and of nothing newer", async () => {
    const { folder } = await tempStore();
    const staging = join(folder, "staging");
    await mkdir(join(staging, "old-run"), { recursive: true });
    await writeFile(join(staging, "old-run", "journal.jsonl"), "");
    await writeFile(join(staging, "new-blob"), "");
    const twoDaysAgo = Date.now() / 1000 - 2 * 86_400;
    await utimes(join(staging, "old-run"), twoDaysAgo, twoDaysAgo);
    await openStore(folder).create(RUN, newEntry(RUN, "e1"));
    expect(await readdir(staging)).toEqual(["new-blob"]);
  });
});

test("a removal that fails is reported and leaves the run whole", async () => {
  const folder = join(await tempFolder(), ".troupe");
  await openStore(folder).create(RUN, newEntry(RUN, "e1"));
  const call = (name: string, path: string) =>
    name === "rename" && path.includes("removed") ? systemError("EIO") : undefined;
  const store = openStore(folder, { fileSystem: faultyFileSystem({ call }) });
  await expect(store.remove(RUN)).rejects.toMatchObject({ code: "STORE_FAILED" });
  expect(await collect(openStore(folder).read(RUN))).toHaveLength(1);
  expect(await openStore(folder).holder(RUN)).toBeNull();
});
