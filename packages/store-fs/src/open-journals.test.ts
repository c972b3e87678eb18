import { readdirSync, readlinkSync } from "node:fs";
import { expect, test } from "vitest";
import { collect, newEntry, openStore, tempStore } from "../test/temp-store.js";

/** Descriptors of this process below a folder. */
function openFiles(folder: string): number {
  const paths = readdirSync("/proc/self/fd").map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return ""; // closed meanwhile
    }
  });
  return paths.filter((path) => path.startsWith(folder)).length;
}

test.runIf(process.platform === "linux")(
  "keeps a bounded number of journals open, and none once it is closed",
  async () => {
    const { store, folder } = await tempStore();
    const runs = Array.from({ length: 80 }, (_, index) => `run-${index}`);
    for (const run of runs) {
      await store.create(run, newEntry(run, "e1"));
      await store.append(run, 1, newEntry(run, "e2"));
    }
    expect(openFiles(folder)).toBe(64);
    for (const run of runs) await store.append(run, 2, newEntry(run, "e3"));
    expect(openFiles(folder)).toBe(64);
    await store.close();
    expect(openFiles(folder)).toBe(0);
  },
);

test("appends to many runs at once, more than it keeps open", async () => {
  const { store, folder } = await tempStore();
  const runs = Array.from({ length: 80 }, (_, index) => `run-${index}`);
  await Promise.all(runs.map((run) => store.create(run, newEntry(run, "e1"))));
  await Promise.all(runs.flatMap((run) => [1, 2].map((seq) => store.append(run, seq, newEntry(run, `e${seq + 1}`)))));
  const fresh = openStore(folder);
  for (const run of runs) expect((await collect(fresh.read(run))).map(({ id }) => id)).toEqual(["e1", "e2", "e3"]);
});

test("opens a run again after an append found none", async () => {
  const { store } = await tempStore();
  await expect(store.append("run-1", 1, newEntry("run-1", "e2"))).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
  await store.create("run-1", newEntry("run-1", "e1"));
  expect((await store.append("run-1", 1, newEntry("run-1", "e2"))).seq).toBe(2);
});
