import { execFileSync } from "node:child_process";
import { lstat, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StateStore } from "@troupe/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { collect, newEntry, openStore, tempStore } from "../test/temp-store.js";
import { nodeFileSystem } from "./node-file-system.js";

const RUN = "run-1";
const TURN = "WORK.1";
const LEASE = { command: "test", ttlMs: 600_000 };

/** A run with everything that the store keeps of one. */
async function fullRun(): Promise<{ store: StateStore; folder: string; sha256: string }> {
  const { store, folder } = await tempStore();
  await store.create(RUN, newEntry(RUN, "e1"));
  await store.append(RUN, 1, newEntry(RUN, "e2"));
  const { sha256 } = await store.blobs.put(RUN, Buffer.from("content"));
  const log = await store.logs.open(RUN, TURN);
  log.write(Buffer.from("text"));
  await log.close();
  return { store, folder, sha256 };
}

/** A folder outside, and what lies in it. */
async function outside(): Promise<{ path: string; names(): Promise<readonly string[]> }> {
  const path = await mkdtemp(join(tmpdir(), "troupe-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return { path, names: () => readdir(path) };
}

test("every file is for its owner to read and write only, every folder for its owner only, whatever the umask", async () => {
  const before = process.umask(0);
  onTestFinished(() => void process.umask(before));
  const { store, folder } = await fullRun();
  await using _lease = await store.acquireLease(RUN, LEASE);
  const wrong: string[] = [];
  let files = 0;
  for (const entry of [".", ...(await readdir(folder, { recursive: true }))]) {
    const { mode } = await lstat(join(folder, entry));
    const isFolder = (mode & 0o170000) === 0o040000;
    if (!isFolder) files += 1;
    if ((mode & 0o777) !== (isFolder ? 0o700 : 0o600)) wrong.push(`${entry} ${(mode & 0o777).toString(8)}`);
  }
  expect([wrong, files]).toEqual([[], 5]); // .gitignore, journal, log, blob, lease
});

describe("a link in the place of", () => {
  test.each(["runs", "blobs", "staging"])(
    "the folder %s is refused before anything is written through it",
    async (name) => {
      const { folder } = await tempStore();
      const { path, names } = await outside();
      await mkdir(folder);
      await symlink(path, join(folder, name));
      const error = { code: "STORE_FAILED", details: { path: join(folder, name) } };
      await expect(openStore(folder).create(RUN, newEntry(RUN, "e1"))).rejects.toMatchObject(error);
      expect(await names()).toEqual([]);
    },
  );

  test("the folder of a run's content is refused, and nothing lands where it leads", async () => {
    const { folder } = await fullRun();
    const { path, names } = await outside();
    await rm(join(folder, "blobs", RUN), { recursive: true });
    await symlink(path, join(folder, "blobs", RUN));
    await expect(openStore(folder).blobs.put(RUN, Buffer.from("other"))).rejects.toMatchObject({
      code: "STORE_FAILED",
    });
    expect(await names()).toEqual([]);
  });

  test("the folder of its logs is neither written nor read through", async () => {
    const { store, folder } = await fullRun();
    const { path, names } = await outside();
    await rm(join(folder, "runs", RUN, "logs"), { recursive: true });
    await symlink(path, join(folder, "runs", RUN, "logs"));
    const log = await store.logs.open(RUN, TURN);
    log.write(Buffer.from("text"));
    expect(await log.close()).toEqual({ turn: TURN, bytes: 0, truncated: true });
    expect(await names()).toEqual([]);
    await expect(collect(store.logs.read(RUN, TURN))).rejects.toMatchObject({ code: "STORE_FAILED" });
  });

  test.each(["lease", "logs", "artifacts", "texts", "failures", "turns", "processes"])(
    "the folder %s keeps a run from being taken",
    async (name) => {
      const { store, folder } = await fullRun();
      const { path, names } = await outside();
      const part = join(folder, "runs", RUN, name);
      await rm(part, { recursive: true, force: true });
      await symlink(path, part);
      await expect(store.acquireLease(RUN, LEASE)).rejects.toMatchObject({
        code: "STORE_FAILED",
        hint: `See what is there and take it away: ls -ld "${part}"`,
        details: { path: part },
      });
      expect(await names()).toEqual([]);
      await rm(part);
      await (await store.acquireLease(RUN, LEASE))[Symbol.asyncDispose]();
    },
  );
});

describe("content", () => {
  const places: Readonly<Record<string, (path: string) => unknown>> = {
    "a folder": (path) => mkdir(path),
    "a FIFO": (path) => execFileSync("mkfifo", [path]),
    "a link": (path) => symlink("/dev/zero", path),
  };
  test.each(Object.entries(places))("is BLOB_CORRUPT, never a hang, with %s in its place", async (_, put) => {
    const { store, folder, sha256 } = await fullRun();
    const path = join(folder, "blobs", RUN, sha256);
    await rm(path);
    await put(path);
    await expect(collect(store.blobs.get(RUN, sha256))).rejects.toMatchObject({ code: "BLOB_CORRUPT" });
  });
});

test("a FIFO in the place of a log or a lease neither hangs nor counts", async () => {
  const { store, folder } = await fullRun();
  const log = join(folder, "runs", RUN, "logs", `${TURN}.log`);
  await rm(log);
  execFileSync("mkfifo", [log]);
  expect(await collect(store.logs.read(RUN, TURN))).toEqual([]);
  const writer = await store.logs.open(RUN, TURN);
  writer.write(Buffer.from("text"));
  expect(await writer.close()).toEqual({ turn: TURN, bytes: 0, truncated: true });
  await mkdir(join(folder, "runs", RUN, "lease"));
  execFileSync("mkfifo", [join(folder, "runs", RUN, "lease", "7")]);
  expect(await store.holder(RUN)).toBeNull();
  await (await store.acquireLease(RUN, LEASE))[Symbol.asyncDispose]();
});

test("the file system of this machine really syncs: it says so of what cannot be synced", async () => {
  const { folder } = await fullRun();
  const path = join(folder, "fifo");
  execFileSync("mkfifo", [path]);
  const { O_RDWR } = (await import("node:fs")).constants;
  const file = await nodeFileSystem.open(path, O_RDWR);
  await expect(file.sync()).rejects.toMatchObject({ code: "EINVAL" });
  await expect(file.datasync()).rejects.toMatchObject({ code: "EINVAL" });
  await file.close();
  expect(await nodeFileSystem.volume(folder)).toEqual({
    type: expect.any(Number),
    freeBytes: expect.any(Number),
    ...(process.platform === "linux" ? { mountedAs: expect.any(String) } : {}),
  });
});

test("one damaged run hides no other, whatever lies in its place", async () => {
  const { store, folder } = await fullRun();
  const runs = join(folder, "runs");
  await writeFile(join(runs, "file"), "");
  await symlink(RUN, join(runs, "link"));
  execFileSync("mkfifo", [join(runs, "fifo")]);
  await mkdir(join(runs, "empty"));
  await mkdir(join(runs, "garbage"));
  await writeFile(join(runs, "garbage", "journal.jsonl"), "to whom it may concern\n");
  const listed = await collect(store.list());
  expect(listed.map((run) => (run.damaged ? `${run.runId} ${run.code}` : run.summary.runId)).toSorted()).toEqual([
    "empty JOURNAL_CORRUPT",
    "fifo JOURNAL_CORRUPT",
    "file JOURNAL_CORRUPT",
    "garbage JOURNAL_CORRUPT",
    "link JOURNAL_CORRUPT",
    RUN,
  ]);
});
