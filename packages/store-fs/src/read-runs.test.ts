import { execFileSync } from "node:child_process";
import { renameSync } from "node:fs";
import { appendFile, cp, mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import type { RunSummary, StateStore } from "@troupe/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { faultyFileSystem, systemError } from "../test/faulty-file-system.js";
import { collect, newEntry, openStore, tempFolder, tempStore } from "../test/temp-store.js";
import { encodeLine } from "./journal-line.js";

const RUN = "run-1";

async function makeRun(store: StateStore, runId: string, length: number, text = ""): Promise<void> {
  await store.create(runId, newEntry(runId, "e1"));
  for (let seq = 1; seq < length; seq += 1) {
    await store.append(runId, seq, newEntry(runId, `e${seq + 1}${text}`, { updatedAt: seq }));
  }
}

/** A run of three entries and the path of its journal. */
async function storedRun(): Promise<{ store: StateStore; folder: string; path: string }> {
  const { store, folder } = await tempStore();
  await makeRun(store, RUN, 3);
  return { store, folder, path: join(folder, "runs", RUN, "journal.jsonl") };
}

describe("something else in the place of a journal", () => {
  const places: Readonly<Record<string, (path: string) => unknown>> = {
    "a folder": (path) => mkdir(path),
    "a FIFO": (path) => execFileSync("mkfifo", [path]),
    "a link to another journal": async (path) => {
      await writeFile(`${path}.copy`, encodeLine(newEntry(RUN, "e1"), 1, "00000000").bytes);
      await symlink(`${path}.copy`, path);
    },
    "a link to nothing": (path) => symlink("nowhere", path),
    "a socket": (path) =>
      new Promise<void>((resolve) => {
        const server = createServer().listen(path, resolve);
        onTestFinished(() => void server.close());
      }),
    nothing: () => {},
    "an empty file": (path) => writeFile(path, ""),
    zeros: (path) => writeFile(path, Buffer.alloc(9_000)),
    "a text": (path) => writeFile(path, "to whom it may concern\n"),
  };
  test.each(Object.entries(places))("is damage, never a hang: %s", async (_, put) => {
    const { folder, path } = await storedRun();
    await rm(path);
    await put(path);
    const store = openStore(folder);
    const hint = `Restore ${path} from a copy; without one the run cannot be taken up again: start a new one.\nTo be rid of it: troupe clean ${RUN}`;
    const corrupt = { code: "JOURNAL_CORRUPT", hint, details: { offset: 0, path } };
    await expect(collect(store.read(RUN))).rejects.toMatchObject(corrupt);
    const [listed] = await collect(store.list());
    expect(listed).toEqual({
      damaged: true,
      runId: RUN,
      code: "JOURNAL_CORRUPT",
      message: expect.stringContaining(RUN),
    });
    await expect(store.append(RUN, 3, newEntry(RUN, "e4"))).rejects.toMatchObject({
      code: expect.stringMatching(/^JOURNAL_/),
    });
    await store.remove(RUN);
    expect(await collect(store.list())).toEqual([]);
  });

  test("is damage when the run's folder is a link or a file", async () => {
    const { folder } = await storedRun();
    const runFolder = join(folder, "runs", RUN);
    await rename(runFolder, join(folder, "elsewhere"));
    await symlink(join(folder, "elsewhere"), runFolder);
    await writeFile(join(folder, "runs", "file"), "");
    const store = openStore(folder);
    for (const runId of [RUN, "file"]) {
      await expect(collect(store.read(runId))).rejects.toMatchObject({ code: "JOURNAL_CORRUPT" });
      await expect(store.acquireLease(runId, { command: "x", ttlMs: 1 })).rejects.toMatchObject({
        code: "JOURNAL_CORRUPT",
      });
    }
  });
});

test("reports a journal of a later format as such, with its offset", async () => {
  const { folder, path } = await storedRun();
  const { length } = await readFile(path);
  const line = encodeLine(newEntry(RUN, "e4"), 4, "00000000").bytes.toString().trim();
  const body = line.replace('"v":1', '"v":3').replace(/,"crc".*/, "");
  const { crc32 } = await import("node:zlib");
  await appendFile(path, `\n${body},"crc":"${crc32(body).toString(16).padStart(8, "0")}"}\n`);
  const store = openStore(folder);
  const newer = { code: "JOURNAL_NEWER", details: { offset: length + 1, version: 3 } };
  await expect(collect(store.read(RUN))).rejects.toMatchObject(newer);
  expect(await collect(store.list())).toMatchObject([{ damaged: true, runId: RUN, code: "JOURNAL_NEWER" }]);
});

test("reports a file that cannot be read as STORE_FAILED", async () => {
  const { folder } = await storedRun();
  const read = (path: string) => (path.endsWith("journal.jsonl") ? systemError("EIO") : undefined);
  const store = openStore(folder, { fileSystem: faultyFileSystem({ read }) });
  await expect(collect(store.read(RUN))).rejects.toMatchObject({ code: "STORE_FAILED", details: { reason: "EIO" } });
  expect(await collect(store.list())).toMatchObject([{ damaged: true, code: "STORE_FAILED" }]);
  const call = (name: string) => (name === "open" || name === "list" ? systemError("EACCES") : undefined);
  const closed = openStore(folder, { fileSystem: faultyFileSystem({ call }) });
  await expect(collect(closed.read(RUN))).rejects.toMatchObject({ code: "STORE_FAILED" });
  await expect(collect(closed.list())).rejects.toMatchObject({ code: "STORE_FAILED" });
});

test("reads again from the start when another run took the id", async () => {
  const { store, folder } = await storedRun();
  await collect(store.read(RUN));
  const other = openStore(folder);
  await other.remove(RUN);
  await makeRun(other, RUN, 5);
  expect((await collect(store.read(RUN, 3))).map(({ seq }) => seq)).toEqual([4, 5]);
});

test("reads entries larger than its chunks, also the last one without its newline", async () => {
  const { store, folder } = await tempStore();
  const text = "ä".repeat(400_000);
  await makeRun(store, RUN, 3, text);
  const path = join(folder, "runs", RUN, "journal.jsonl");
  await writeFile(path, (await readFile(path)).subarray(0, -1));
  const ids = (await collect(openStore(folder).read(RUN))).map(({ id }) => id);
  expect(ids).toEqual(["e1", `e2${text}`, `e3${text}`]);
});

describe("a run that is removed while it is looked at", () => {
  test.each(["status", "open"])("is gone, not damaged: just before %s", async (moment) => {
    const { store, folder } = await storedRun();
    await makeRun(store, "run-2", 1);
    let isThere = true;
    const call = (name: string, path: string): undefined => {
      if (name !== moment || !isThere || !path.startsWith(join(folder, "runs", RUN))) return;
      isThere = false;
      renameSync(join(folder, "runs", RUN), join(folder, "removed"));
    };
    const reader = openStore(folder, { fileSystem: faultyFileSystem({ call }) });
    expect(await collect(reader.list())).toMatchObject([{ damaged: false, summary: { runId: "run-2" } }]);
    renameSync(join(folder, "removed"), join(folder, "runs", RUN));
    isThere = true;
    await expect(collect(reader.read(RUN))).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
  });
});

describe("a listing", () => {
  const last: Partial<RunSummary> = { updatedAt: 99, status: "succeeded" };

  /** A journal of some 300 kB whose last entry has the summary `last`. */
  async function longRun(): Promise<{ folder: string; path: string; count: number }> {
    const { store, folder } = await tempStore();
    await makeRun(store, RUN, 30, "x".repeat(10_000));
    await store.append(RUN, 30, newEntry(RUN, "last", last));
    return { folder, path: join(folder, "runs", RUN, "journal.jsonl"), count: 31 };
  }

  test("reads only the end of a long journal", async () => {
    const { folder } = await longRun();
    let bytes = 0;
    const fileSystem = faultyFileSystem({});
    const counting = {
      ...fileSystem,
      open: async (path: string, flags: number) => {
        const file = await fileSystem.open(path, flags);
        return {
          ...file,
          async read(buffer: Uint8Array, position: number) {
            const count = await file.read(buffer, position);
            bytes += count;
            return count;
          },
        };
      },
    };
    const listed = await collect(openStore(folder, { fileSystem: counting }).list());
    expect(listed).toEqual([{ damaged: false, summary: newEntry(RUN, "", last).summary }]);
    expect(bytes).toBe(64 * 1024);
  });

  test("takes neither a loser nor a torn write at the end for the last entry", async () => {
    const { folder, path } = await longRun();
    const loser = encodeLine(newEntry(RUN, "loser", { status: "failed" }), 31, "12345678").bytes;
    await appendFile(path, Buffer.concat([loser, loser.subarray(0, 99)]));
    expect(await collect(openStore(folder).list())).toEqual([
      { damaged: false, summary: newEntry(RUN, "", last).summary },
    ]);
  });

  test("reads all of a journal whose end alone says too little", async () => {
    const { store, folder } = await tempStore();
    await makeRun(store, RUN, 2);
    await store.append(RUN, 2, newEntry(RUN, "x".repeat(200_000), last));
    expect(await collect(openStore(folder).list())).toEqual([
      { damaged: false, summary: newEntry(RUN, "", last).summary },
    ]);
  });

  test("shows damage at the end of a long journal", async () => {
    const { folder, path } = await longRun();
    const bytes = await readFile(path);
    bytes[bytes.length - 50] = 1;
    await writeFile(path, bytes);
    expect(await collect(openStore(folder).list())).toMatchObject([{ damaged: true, code: "JOURNAL_CORRUPT" }]);
  });

  test("passes over what is no run", async () => {
    const { folder } = await storedRun();
    await mkdir(join(folder, "runs", ".hidden"));
    await mkdir(join(folder, "runs", "not an id"));
    expect(await collect(openStore(folder).list())).toHaveLength(1);
    expect(await collect(openStore(join(await tempFolder(), "none")).list())).toEqual([]);
  });

  test("goes through many runs, equal times in the order of their ids", async () => {
    const { store, folder } = await tempStore();
    await makeRun(store, "r00", 1);
    const runs = join(folder, "runs");
    const ids = Array.from({ length: 40 }, (_, index) => `r${String(index).padStart(2, "0")}`);
    for (const id of ids.slice(1).toReversed()) {
      await cp(join(runs, "r00"), join(runs, id), { recursive: true });
      await writeFile(join(runs, id, "journal.jsonl"), encodeLine(newEntry(id, "e1"), 1, "00000000").bytes);
    }
    const listed = await collect(store.list());
    expect(listed.map((run) => (run.damaged ? "damaged" : run.summary.runId))).toEqual(ids);
  });
});
