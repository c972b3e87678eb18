import { truncateSync } from "node:fs";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { systemError } from "../test/faulty-file-system.js";
import { entry, faultyRun, idsIn, isJournal, RUN } from "../test/faulty-run.js";
import { collect, openStore, tempStore } from "../test/temp-store.js";

/** The fault once, then never again. */
function once<Args extends readonly unknown[], T>(fault: (...args: Args) => T): (...args: Args) => T | undefined {
  let isLeft = true;
  return (...args) => {
    if (!isLeft) return undefined;
    isLeft = false;
    return fault(...args);
  };
}

test("an append costs one look at the file, one write, one sync, one look at its path, and one read", async () => {
  const { store, faults } = await faultyRun();
  await store.append(RUN, 1, entry("e2")); // opens and reads the journal
  const calls: string[] = [];
  const note = (name: string) => (path: string) => void calls.push(`${name} ${isJournal(path) ? "journal" : path}`);
  faults.current = {
    write: note("write"),
    datasync: note("datasync"),
    sync: note("sync"),
    read: note("read"),
    fileStatus: note("fileStatus"),
    call: (name, path) => note(name)(path),
  };
  await store.append(RUN, 2, entry("e3"));
  expect(calls).toEqual(["fileStatus journal", "write journal", "datasync journal", "status journal", "read journal"]);
});

describe("a write that is cut short", () => {
  test("is made again as a whole, and counts once", async () => {
    const { store, folder, faults } = await faultyRun();
    faults.current = { write: once(() => 40) };
    expect(await store.append(RUN, 1, entry("e2"))).toEqual({ ...entry("e2"), seq: 2 });
    faults.current = { write: once((_, bytes) => bytes.length - 1) };
    await store.append(RUN, 2, entry("e3"));
    expect(await idsIn(folder)).toEqual(["e1", "e2", "e3"]);
  });

  test("is not made again when all but its last newline arrived", async () => {
    const { store, folder, faults } = await faultyRun();
    let writes = 0;
    faults.current = {
      write(_, bytes) {
        writes += 1;
        return bytes.length - 1;
      },
    };
    await store.append(RUN, 1, entry("e2"));
    expect(writes).toBe(1);
    await store.append(RUN, 2, entry("e3"));
    expect(await idsIn(folder)).toEqual(["e1", "e2", "e3"]);
  });

  test("is STORE_FULL when it happens again and again; the same id goes through later", async () => {
    const { store, folder, faults } = await faultyRun();
    faults.current = { write: () => 100 };
    await expect(store.append(RUN, 1, entry("e2"))).rejects.toMatchObject({
      code: "STORE_FULL",
      details: { freeBytes: expect.any(Number), path: expect.stringContaining("journal.jsonl") },
    });
    faults.current = {};
    await store.append(RUN, 1, entry("e2"));
    expect(await idsIn(folder)).toEqual(["e1", "e2"]);
  });
});

describe("a write that fails", () => {
  test.each(["ENOSPC", "EDQUOT"])("is STORE_FULL after %s; the same id goes through later", async (code) => {
    const { store, folder, faults } = await faultyRun();
    faults.current = { write: () => systemError(code) };
    await expect(store.append(RUN, 1, entry("e2"))).rejects.toMatchObject({ code: "STORE_FULL" });
    await expect(store.append(RUN, 1, entry("e2"))).rejects.toMatchObject({ code: "STORE_FULL" });
    expect(await idsIn(folder)).toEqual(["e1"]);
    faults.current = {};
    expect(await store.append(RUN, 1, entry("e2"))).toEqual({ ...entry("e2"), seq: 2 });
    expect(await idsIn(folder)).toEqual(["e1", "e2"]);
  });

  test("counts all the same when its bytes arrived, and is synced before it counts", async () => {
    const { store, folder, faults } = await faultyRun();
    const synced: string[] = [];
    faults.current = { afterWrite: once(() => systemError("EIO")), datasync: (path) => void synced.push(path) };
    expect(await store.append(RUN, 1, entry("e2"))).toEqual({ ...entry("e2"), seq: 2 });
    expect(synced.map(isJournal)).toEqual([true]);
    await store.append(RUN, 2, entry("e3"));
    expect(await idsIn(folder)).toEqual(["e1", "e2", "e3"]);
  });

  test("is STORE_FAILED when nothing arrived and the reason is not space", async () => {
    const { store, folder, faults } = await faultyRun();
    faults.current = { write: () => systemError("EIO") };
    await expect(store.append(RUN, 1, entry("e2"))).rejects.toMatchObject({
      code: "STORE_FAILED",
      details: { reason: "EIO" },
    });
    expect(await idsIn(folder)).toEqual(["e1"]);
  });

  test("is looked up before anything else is written when even the look-up failed", async () => {
    const { store, folder, faults } = await faultyRun();
    await store.append(RUN, 1, entry("e2"));
    faults.current = { afterWrite: () => systemError("EIO"), read: () => systemError("EIO") };
    await expect(store.append(RUN, 2, entry("e3"))).rejects.toMatchObject({ code: "STORE_FAILED" });
    faults.current = {};
    await expect(store.append(RUN, 2, entry("other"))).rejects.toMatchObject({ code: "JOURNAL_CONFLICT" });
    expect(await store.append(RUN, 2, entry("e3"))).toEqual({ ...entry("e3"), seq: 3 });
    expect(await idsIn(folder)).toEqual(["e1", "e2", "e3"]);
  });

  test("is not written again when only reading it back failed", async () => {
    const { store, folder, faults } = await faultyRun();
    await store.append(RUN, 1, entry("e2"));
    faults.current = { read: once(() => systemError("EIO")) };
    await expect(store.append(RUN, 2, entry("e3"))).rejects.toMatchObject({ code: "STORE_FAILED" });
    const written: string[] = [];
    faults.current = { write: (path) => void written.push(path) };
    expect(await store.append(RUN, 2, entry("e3"))).toEqual({ ...entry("e3"), seq: 3 });
    expect([written, await idsIn(folder)]).toEqual([[], ["e1", "e2", "e3"]]);
  });

  test("loses to another writer that took the position meanwhile", async () => {
    const { store, folder, faults } = await faultyRun();
    await store.append(RUN, 1, entry("e2"));
    const other = openStore(folder);
    await other.append(RUN, 2, entry("theirs"));
    faults.current = { write: () => systemError("ENOSPC") };
    await expect(store.append(RUN, 2, entry("ours"))).rejects.toMatchObject({ code: "JOURNAL_CONFLICT" });
  });
});

describe("a sync that fails", () => {
  test("is fatal for the run: nothing is appended after it, by this store", async () => {
    const { store, faults } = await faultyRun();
    const written: string[] = [];
    faults.current = { datasync: () => systemError("EIO"), write: (path) => void written.push(path) };
    await expect(store.append(RUN, 1, entry("e2"))).rejects.toMatchObject({ code: "STORE_FAILED" });
    faults.current = { write: (path) => void written.push(path) };
    await expect(store.append(RUN, 1, entry("e2"))).rejects.toMatchObject({ code: "STORE_FAILED" });
    expect(written.map(isJournal)).toEqual([true]);
  });

  test("is not tried again: a second one may succeed without what the first has lost", async () => {
    const { store, faults } = await faultyRun();
    faults.current = { datasync: once(() => systemError("EIO")) };
    await expect(store.append(RUN, 1, entry("e2"))).rejects.toMatchObject({ code: "STORE_FAILED" });
  });

  test("weighs more than what was found meanwhile: after a failed look the run could go on", async () => {
    const { store, faults } = await faultyRun();
    await store.append(RUN, 1, entry("e2"));
    faults.current = { datasync: () => systemError("EIO"), read: () => systemError("EACCES") };
    const failed = { code: "STORE_FAILED", message: expect.stringContaining("could not be brought to the disk") };
    await expect(store.append(RUN, 2, entry("e3"))).rejects.toMatchObject(failed);
    faults.current = {};
    await expect(store.append(RUN, 2, entry("e3"))).rejects.toMatchObject(failed);
  });

  test("leaves the run to a new process, which finds the entry if it arrived", async () => {
    const { store, folder, faults } = await faultyRun();
    faults.current = { datasync: () => systemError("EIO") };
    await expect(store.append(RUN, 1, entry("e2"))).rejects.toMatchObject({ code: "STORE_FAILED" });
    expect(await openStore(folder).append(RUN, 1, entry("e2"))).toEqual({ ...entry("e2"), seq: 2 });
    expect(await idsIn(folder)).toEqual(["e1", "e2"]);
  });
});

describe("what lies at the end of a journal", () => {
  const torn = '{"v":1,"seq":2,"id":"e2","at":1000,"events":[';
  test.each([
    ["a torn write", torn],
    ["two torn writes", `\n${torn}\n${torn.slice(0, 9)}`],
    ["zeros", "\0".repeat(5_000)],
    ["a torn write and zeros", `\n${torn}${"\0".repeat(600)}`],
  ])("never swallows the next entry: %s", async (_, rubbish) => {
    const { store, folder } = await tempStore();
    await store.create(RUN, entry("e1"));
    await store.append(RUN, 1, entry("e2"));
    const path = join(folder, "runs", RUN, "journal.jsonl");
    await appendFile(path, rubbish);
    const before = await readFile(path);
    await store.append(RUN, 2, entry("e3"));
    await openStore(folder).append(RUN, 3, entry("e4"));
    expect(await idsIn(folder)).toEqual(["e1", "e2", "e3", "e4"]);
    expect((await readFile(path)).subarray(0, before.length).equals(before)).toBe(true); // nothing is cut or rewritten
  });

  test("is refused when it is damaged, with its offset, and nothing is appended", async () => {
    const { store, folder } = await tempStore();
    await store.create(RUN, entry("e1"));
    const path = join(folder, "runs", RUN, "journal.jsonl");
    const { length } = await readFile(path);
    await store.append(RUN, 1, entry("e2"));
    const damaged = Buffer.from((await readFile(path)).toString().replace('"e2"', '"eX"'));
    await writeFile(path, damaged);
    const fresh = openStore(folder);
    const error = {
      code: "JOURNAL_CORRUPT",
      details: { offset: length + 1 },
      message: expect.stringContaining(`byte ${length + 1}`),
    };
    await expect(collect(fresh.read(RUN))).rejects.toMatchObject(error);
    await expect(fresh.append(RUN, 2, entry("e3"))).rejects.toMatchObject(error);
    await expect(fresh.append(RUN, 1, entry("e2"))).rejects.toMatchObject(error);
    expect((await readFile(path)).equals(damaged)).toBe(true);
  });

  test("is STORE_FAILED when the file does not hold what was written", async () => {
    const { store, folder, faults } = await faultyRun();
    await store.append(RUN, 1, entry("e2"));
    const path = join(folder, "runs", RUN, "journal.jsonl");
    faults.current = { datasync: once(() => void truncateSync(path, 0)) };
    await expect(store.append(RUN, 2, entry("e3"))).rejects.toMatchObject({ code: "STORE_FAILED" });
  });
});
