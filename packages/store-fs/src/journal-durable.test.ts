import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { NewEntry, StateStore } from "@troupe/core";
import { describe, expect, test } from "vitest";
import { type Faults, faultyFileSystem, systemError } from "../test/faulty-file-system.js";
import { recordedStore } from "../test/recorded-calls.js";
import { collect, newEntry, openStore, tempFolder } from "../test/temp-store.js";
import { encodeLine } from "./journal-line.js";

const RUN = "run-1";
const JOURNAL = `.troupe/runs/${RUN}/journal.jsonl`;

const entry = (id: string): NewEntry => newEntry(RUN, id);

async function readIds(store: StateStore, afterSeq = 0): Promise<readonly string[]> {
  return (await collect(store.read(RUN, afterSeq))).map(({ id }) => id);
}

/** A run of two entries by one store, and another store on it that tells what it asks of the file system. */
async function runOfAnother() {
  const recorded = await recordedStore();
  const writer = openStore(recorded.folder);
  await writer.create(RUN, entry("e1"));
  await writer.append(RUN, 1, entry("e2"));
  return { ...recorded, writer };
}

describe("an entry that another process wrote is on the disk before it is believed:", () => {
  test("a reader syncs the journal and the name of the run first, and again only for what is new", async () => {
    const { store, writer, calls } = await runOfAnother();
    const reading = store.read(RUN)[Symbol.asyncIterator]();
    expect(calls()).toEqual([]);
    expect((await reading.next()).value).toEqual({ ...entry("e1"), seq: 1 });
    expect(calls()).toEqual([`datasync ${JOURNAL}`, "sync .troupe/runs"]);
    expect([(await reading.next()).value.id, (await reading.next()).done]).toEqual(["e2", true]);
    await readIds(store);
    await readIds(store, 2);
    expect(calls()).toEqual([]);
    await writer.append(RUN, 2, entry("e3"));
    expect(await readIds(store, 2)).toEqual(["e3"]);
    expect(calls()).toEqual([`datasync ${JOURNAL}`]);
  });

  test("a listing syncs each journal whose end it has not synced, and the names of the runs once", async () => {
    const { store, writer, calls } = await runOfAnother();
    await writer.create("run-2", newEntry("run-2", "e1"));
    expect(await collect(store.list())).toHaveLength(2);
    expect([...calls()].sort()).toEqual([
      `datasync ${JOURNAL}`,
      "datasync .troupe/runs/run-2/journal.jsonl",
      "sync .troupe/runs",
    ]);
    await collect(store.list());
    expect(calls()).toEqual(["sync .troupe/runs"]);
    await writer.append("run-2", 1, newEntry("run-2", "e2"));
    await collect(store.list());
    expect(calls()).toEqual(["sync .troupe/runs", "datasync .troupe/runs/run-2/journal.jsonl"]);
  });

  test("an append syncs the line that it continues before it writes its own", async () => {
    const { store, writer, calls } = await runOfAnother();
    await store.append(RUN, 2, entry("e3"));
    const append = [`write ${JOURNAL}`, `datasync ${JOURNAL}`];
    expect(calls()).toEqual(["sync .troupe/runs", `datasync ${JOURNAL}`, ...append]);
    await store.append(RUN, 3, entry("e4"));
    expect(calls()).toEqual(append);
    await writer.append(RUN, 4, entry("e5"));
    await expect(store.append(RUN, 4, entry("e6"))).rejects.toMatchObject({ code: "JOURNAL_CONFLICT" });
    calls();
    await store.append(RUN, 5, entry("e6"));
    expect(calls()).toEqual([`datasync ${JOURNAL}`, ...append]);
  });

  test("what a reader has synced an append does not sync again", async () => {
    const { store, calls } = await runOfAnother();
    await readIds(store);
    calls();
    await store.append(RUN, 2, entry("e3"));
    expect(calls()).toEqual(["sync .troupe/runs", `write ${JOURNAL}`, `datasync ${JOURNAL}`]);
  });

  test("what a store has written itself it reads without a sync", async () => {
    const { store, calls } = await recordedStore();
    await store.create(RUN, entry("e1"));
    calls();
    expect(await readIds(store)).toEqual(["e1"]);
    expect(calls()).toEqual([]);
    await store.append(RUN, 1, entry("e2"));
    calls();
    expect(await readIds(store)).toEqual(["e1", "e2"]);
    expect(calls()).toEqual([]);
  });

  test("watching tells of an entry and leaves the sync to the read", async () => {
    const { store, writer, calls } = await runOfAnother();
    for await (const { seq } of store.watch?.(RUN, 1, AbortSignal.timeout(30_000)) ?? []) {
      expect([seq, calls()]).toEqual([2, []]);
      break;
    }
    await writer.append(RUN, 2, entry("e3"));
    expect(await readIds(store, 2)).toEqual(["e3"]);
    expect(calls()).toEqual([`datasync ${JOURNAL}`, "sync .troupe/runs"]);
  });

  test("what is written after the sync comes with the next read", async () => {
    const folder = join(await tempFolder(), ".troupe");
    const writer = openStore(folder);
    await writer.create(RUN, entry("e1"));
    const { crc, bytes } = encodeLine(entry("e2"), 2, encodeLine(entry("e1"), 1, "00000000").crc);
    let isLate = true;
    const datasync: Faults["datasync"] = (path) => {
      if (isLate) appendFileSync(path, Buffer.concat([bytes, encodeLine(entry("e3"), 3, crc).bytes]));
      isLate = false;
      return undefined;
    };
    const store = openStore(folder, { fileSystem: faultyFileSystem({ datasync }) });
    expect(await readIds(store)).toEqual(["e1"]);
    expect(await readIds(store)).toEqual(["e1", "e2", "e3"]);
  });
});

describe("a sync by who only reads", () => {
  /** Ids as they are read where syncing fails so, and the paths that were opened. */
  async function readWhere(faults: Faults): Promise<{ ids: readonly string[]; listed: number; opened: string[] }> {
    const { folder } = await runOfAnother();
    const opened: string[] = [];
    const call: Faults["call"] = (name, path) => {
      if (name === "open") opened.push(path.slice(folder.length + 1));
      return faults.call?.(name, path);
    };
    const store = openStore(folder, { fileSystem: faultyFileSystem({ ...faults, call }) });
    return { ids: await readIds(store), opened: [...opened], listed: (await collect(store.list())).length };
  }

  test("opens the journal for writing where nothing else can be synced, as on Windows", async () => {
    let isReader = true;
    const synced: boolean[] = [];
    const datasync = (): Error | undefined => {
      synced.push(!isReader);
      const error = isReader ? systemError("EPERM") : undefined;
      isReader = !isReader;
      return error;
    };
    const { ids, opened } = await readWhere({ datasync });
    expect([ids, synced.slice(0, 2)]).toEqual([
      ["e1", "e2"],
      [false, true],
    ]);
    expect(opened).toEqual([`runs/${RUN}/journal.jsonl`, `runs/${RUN}/journal.jsonl`, "runs"]);
  });

  test("is left out where the journal cannot be opened for writing either", async () => {
    let isOpen = false;
    const call: Faults["call"] = (name, path) => {
      if (name !== "open" || !path.endsWith(".jsonl")) return undefined;
      isOpen = !isOpen;
      return isOpen ? undefined : systemError("EACCES");
    };
    const { ids } = await readWhere({ datasync: () => systemError("EPERM"), call });
    expect(ids).toEqual(["e1", "e2"]);
  });

  test.each(["EINVAL", "EROFS"])("is left out on a file system that is only read (%s)", async (code) => {
    const fail = (): Error => systemError(code);
    const { ids, listed } = await readWhere({ datasync: fail, sync: fail });
    expect([ids, listed]).toEqual([["e1", "e2"], 1]);
  });

  test("that fails makes the entries unreadable: nobody knows what is there after a loss of power", async () => {
    const failed = { code: "STORE_FAILED", details: { reason: "EIO" } };
    await expect(readWhere({ datasync: () => systemError("EIO") })).rejects.toMatchObject(failed);
    await expect(readWhere({ sync: () => systemError("EIO") })).rejects.toMatchObject(failed);
  });
});
