import { lstat, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { faultyFileSystem, systemError } from "../test/faulty-file-system.js";
import { collect, newEntry, openStore, tempFolder, tempStore } from "../test/temp-store.js";

const RUN = "run-1";

async function modes(...paths: readonly string[]): Promise<readonly string[]> {
  return Promise.all(paths.map(async (path) => ((await lstat(path)).mode & 0o777).toString(8)));
}

test("lays out folders and files for the owner only, and keeps them out of version control", async () => {
  const { store, folder } = await tempStore();
  await store.create(RUN, newEntry(RUN, "e1"));
  expect(await readFile(join(folder, ".gitignore"), "utf8")).toBe("*\n");
  expect((await readdir(folder)).toSorted()).toEqual([".gitignore", "blobs", "runs", "staging"]);
  expect(await readdir(join(folder, "runs", RUN))).toEqual(["journal.jsonl"]);
  expect(await readdir(join(folder, "staging"))).toEqual([]);
  const runs = join(folder, "runs");
  expect(await modes(folder, runs, join(runs, RUN), join(folder, "blobs"))).toEqual(["700", "700", "700", "700"]);
  expect(await modes(join(runs, RUN, "journal.jsonl"), join(folder, ".gitignore"))).toEqual(["600", "600"]);
});

test("leaves a .gitignore as somebody has changed it", async () => {
  const { store, folder } = await tempStore();
  await mkdir(folder);
  await writeFile(join(folder, ".gitignore"), "!kept\n");
  await store.create(RUN, newEntry(RUN, "e1"));
  expect(await readFile(join(folder, ".gitignore"), "utf8")).toBe("!kept\n");
});

test("refuses an id that could be a path", async () => {
  const { store, folder } = await tempStore();
  for (const runId of ["../x", "a/b", "", ".hidden", "x".repeat(65), "a\0"]) {
    await expect(store.create(runId, newEntry(runId, "e1"))).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
  }
  await expect(lstat(folder)).rejects.toMatchObject({ code: "ENOENT" });
});

test("refuses a folder without a journal in the run's place, takes an empty one", async () => {
  const { store, folder } = await tempStore();
  await mkdir(join(folder, "runs", "full"), { recursive: true });
  await writeFile(join(folder, "runs", "full", "file"), "");
  await mkdir(join(folder, "runs", "empty"));
  await expect(store.create("full", newEntry("full", "e1"))).rejects.toMatchObject({ code: "RUN_EXISTS" });
  await store.create("empty", newEntry("empty", "e1"));
  expect(await collect(store.read("empty"))).toHaveLength(1);
});

describe("a folder that is a link", () => {
  test.each([false, true])(
    "is STORE_FAILED when it leads nowhere, named with what helps (force: %s)",
    async (force) => {
      const folder = join(await tempFolder(), ".troupe");
      await symlink("gone", folder);
      const error = {
        code: "STORE_FAILED",
        message: expect.stringContaining(folder),
        hint: `Make the folder that the link points to, or remove the link: ls -ld "${folder}"`,
        details: { path: folder },
      };
      await expect(openStore(folder, { force }).create(RUN, newEntry(RUN, "e1"))).rejects.toMatchObject(error);
    },
  );

  test("is STORE_FAILED when it lies in a folder that is a link to nowhere", async () => {
    const parent = join(await tempFolder(), "parent");
    await symlink("gone", parent);
    for (const force of [false, true]) {
      const store = openStore(join(parent, ".troupe"), { force });
      await expect(store.create(RUN, newEntry(RUN, "e1"))).rejects.toMatchObject({ code: "STORE_FAILED" });
    }
  });

  test("has the space of the volume that it leads to", async () => {
    const [base, elsewhere] = [await tempFolder(), await tempFolder()];
    const folder = join(base, ".troupe");
    await symlink(elsewhere, folder);
    const volumes: string[] = [];
    const fileSystem = faultyFileSystem({
      write: () => systemError("ENOSPC"),
      call: (name, path) => void (name === "volume" && volumes.push(path)),
    });
    await expect(openStore(folder, { fileSystem }).create(RUN, newEntry(RUN, "e1"))).rejects.toMatchObject({
      code: "STORE_FULL",
      hint: expect.stringContaining(`df -h "${folder}"`),
      details: { freeBytes: expect.any(Number) },
    });
    expect(new Set(volumes)).toEqual(new Set([folder]));
  });
});

describe("when the disk fails", () => {
  test.each(["makeFolder", "open", "rename"])("leaves no run behind: %s", async (failing) => {
    const folder = join(await tempFolder(), ".troupe");
    await openStore(folder).create("before", newEntry("before", "e1"));
    const fileSystem = faultyFileSystem({
      call: (name, path) => (name === failing && path.includes(RUN) ? systemError("EIO") : undefined),
    });
    const store = openStore(folder, { fileSystem });
    await expect(store.create(RUN, newEntry(RUN, "e1"))).rejects.toMatchObject({ code: "STORE_FAILED" });
    expect(await readdir(join(folder, "runs"))).toEqual(["before"]);
    expect(await readdir(join(folder, "staging"))).toEqual([]);
  });

  test.each(["write", "sync"] as const)("is STORE_FULL without space: %s", async (failing) => {
    const folder = join(await tempFolder(), ".troupe");
    await openStore(folder).create("before", newEntry("before", "e1"));
    const isOurs = (path: string) => (path.includes(RUN) ? systemError("ENOSPC") : undefined);
    const store = openStore(folder, { fileSystem: faultyFileSystem({ [failing]: isOurs }) });
    await expect(store.create(RUN, newEntry(RUN, "e1"))).rejects.toMatchObject({ code: "STORE_FULL" });
    expect(await readdir(join(folder, "runs"))).toEqual(["before"]);
  });

  test("tries again to prepare the folder after it failed once", async () => {
    const folder = join(await tempFolder(), ".troupe");
    let isBroken = true;
    const call = (name: string) => (isBroken && name === "makeFolder" ? systemError("EACCES") : undefined);
    const store = openStore(folder, { fileSystem: faultyFileSystem({ call }) });
    await expect(store.create(RUN, newEntry(RUN, "e1"))).rejects.toMatchObject({ code: "STORE_FAILED" });
    isBroken = false;
    await store.create(RUN, newEntry(RUN, "e1"));
    expect(await collect(store.read(RUN))).toHaveLength(1);
  });
});

test("finishes what a first attempt had begun: the same first entry again is done, synced", async () => {
  const { store, folder } = await tempStore();
  await store.create(RUN, newEntry(RUN, "e1"));
  const runs = join(folder, "runs");
  const call = (): undefined => undefined;
  const failing = faultyFileSystem({ call, sync: (path) => (path === runs ? systemError("EIO") : undefined) });
  const again = openStore(folder, { fileSystem: failing });
  await expect(again.create(RUN, newEntry(RUN, "e1"))).rejects.toMatchObject({ code: "STORE_FAILED" });
  expect(await openStore(folder).create(RUN, newEntry(RUN, "e1"))).toEqual({ ...newEntry(RUN, "e1"), seq: 1 });
});
