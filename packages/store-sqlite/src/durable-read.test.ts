import { execFileSync } from "node:child_process";
import fs, { readFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { childOn, collect, newEntry, openStore, tempStore } from "../test/temp-store.js";

const RUN = "run-1";

/** A run of two entries that a store has open: its commits are in the write-ahead log. */
async function openedRun(): Promise<string> {
  const { store, folder } = await tempStore();
  await store.create(RUN, newEntry(RUN, "e1"));
  await store.append(RUN, 1, newEntry(RUN, "e2"));
  return folder;
}

/** Paths that this process syncs by itself from now on, not through SQLite; the sync of each fails with `code`, if given. */
function watchSyncs(code?: string): readonly string[] {
  const { openSync, fsyncSync } = fs;
  const paths = new Map<number, string>();
  const synced: string[] = [];
  fs.openSync = (path, ...rest) => {
    const descriptor = openSync(path, ...rest);
    paths.set(descriptor, String(path));
    return descriptor;
  };
  fs.fsyncSync = (descriptor) => {
    synced.push(paths.get(descriptor) ?? "");
    if (code !== undefined) throw Object.assign(new Error(code), { code });
    fsyncSync(descriptor);
  };
  syncBuiltinESMExports();
  onTestFinished(() => {
    Object.assign(fs, { openSync, fsyncSync });
    syncBuiltinESMExports();
  });
  return synced;
}

test("what others committed is brought to the disk before it is read, with the name of the file, once", async () => {
  const folder = await openedRun();
  const synced = watchSyncs();
  const store = openStore(folder);
  expect(await collect(store.read(RUN))).toHaveLength(2);
  expect(await collect(store.list())).toHaveLength(1);
  expect(synced).toEqual([join(folder, "troupe.db-wal"), folder]);
});

test("a sync that fails makes the file unreadable; where nothing can be written it is left out", async () => {
  const folder = await openedRun();
  watchSyncs("EIO");
  await expect(collect(openStore(folder).read(RUN))).rejects.toMatchObject({ code: "STORE_FAILED" });
  watchSyncs("EROFS");
  expect(await collect(openStore(folder).read(RUN))).toHaveLength(2);
});

const canTrace = ((): boolean => {
  try {
    execFileSync("strace", ["-o", "/dev/null", "true"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

/** What the program syncs and prints, in order, by names below the state folder. */
function trace(folder: string, argv: readonly string[]): readonly string[] {
  const file = join(folder, "..", "trace");
  const options = ["-f", "-qq", "-y", "-e", "trace=fsync,fdatasync,write", "-e", "signal=none", "-o", file];
  execFileSync("strace", [...options, ...argv], { stdio: "ignore" });
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line) => {
      const [, path] = /\b(?:fsync|fdatasync)\(\d+<([^>]*)>/.exec(line) ?? [];
      const [, printed] = /\bwrite\(1<[^>]*>, "(entry \w+)/.exec(line) ?? [];
      return [path?.startsWith(folder) ? `sync ${path.slice(folder.length)}` : [], printed ?? []].flat();
    });
}

// only a look from outside sees all that a process asks of the system
test.skipIf(!canTrace)("a process that reads asks the system for it before it knows an entry", async () => {
  const folder = await openedRun();
  const done = trace(folder, [...childOn("read-once", folder), RUN]);
  expect(done.slice(0, 4)).toEqual(["sync /troupe.db-wal", "sync ", "entry e1", "entry e2"]);
});
