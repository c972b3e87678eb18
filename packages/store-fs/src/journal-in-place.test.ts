import { appendFileSync, readFileSync, truncateSync, utimesSync } from "node:fs";
import { readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { StateStore } from "@troupe/core";
import { describe, expect, test } from "vitest";
import { faultyFileSystem, systemError } from "../test/faulty-file-system.js";
import { entry, faultyRun, idsIn, RUN } from "../test/faulty-run.js";
import { openStore, tempStore } from "../test/temp-store.js";
import type { FileSystemPort } from "./file-system-port.js";
import { encodeLine } from "./journal-line.js";
import { nodeFileSystem } from "./node-file-system.js";

describe("a journal that is deleted while it is open", () => {
  test("takes no entry any more: what nobody can read again is never acknowledged", async () => {
    const { store, folder } = await tempStore();
    await store.create(RUN, entry("e1"));
    await store.append(RUN, 1, entry("e2"));
    const path = join(folder, "runs", RUN, "journal.jsonl");
    await rm(folder, { recursive: true });
    const error = {
      code: "STORE_FAILED",
      message: `${path} was deleted or moved while the run was going on`,
      hint: expect.stringContaining(".troupe"),
      details: { path },
    };
    await expect(store.append(RUN, 2, entry("e3"))).rejects.toMatchObject(error);
    await expect(store.append(RUN, 2, entry("e3"))).rejects.toMatchObject(error);
    await expect(store.append(RUN, 1, entry("e2"))).rejects.toMatchObject(error);
  });

  test("takes none either when another file lies in its place", async () => {
    const { store, folder } = await tempStore();
    await store.create(RUN, entry("e1"));
    await store.append(RUN, 1, entry("e2"));
    const path = join(folder, "runs", RUN, "journal.jsonl");
    await writeFile(`${path}.copy`, await readFile(path));
    await rename(`${path}.copy`, path);
    await expect(store.append(RUN, 2, entry("e3"))).rejects.toMatchObject({ code: "STORE_FAILED" });
  });

  test("takes none when the folder of the store was moved away, and goes on when it is back", async () => {
    const { store, folder } = await tempStore();
    await store.create(RUN, entry("e1"));
    await store.append(RUN, 1, entry("e2"));
    await rename(folder, `${folder}-moved`);
    await expect(store.append(RUN, 2, entry("e3"))).rejects.toMatchObject({ code: "STORE_FAILED" });
    await rename(`${folder}-moved`, folder);
    await openStore(folder).append(RUN, 2, entry("e3"));
    expect(await idsIn(folder)).toEqual(["e1", "e2", "e3"]);
  });

  test("is STORE_FAILED when it cannot be looked at", async () => {
    const { store, faults } = await faultyRun();
    await store.append(RUN, 1, entry("e2"));
    faults.current = { call: (name) => (name === "status" ? systemError("EIO") : undefined) };
    await expect(store.append(RUN, 2, entry("e3"))).rejects.toMatchObject({ code: "STORE_FAILED" });
    faults.current = { fileStatus: () => systemError("EIO") };
    await expect(store.append(RUN, 2, entry("e3"))).rejects.toMatchObject({ code: "STORE_FAILED" });
    faults.current = {};
    expect(await store.append(RUN, 2, entry("e3"))).toEqual({ ...entry("e3"), seq: 3 });
  });
});

describe("a journal that is changed while it is open", () => {
  test("is judged again: damage to a line that was read before is reported, and nothing is appended", async () => {
    const { store, folder } = await tempStore();
    await store.create(RUN, entry("e1"));
    await store.append(RUN, 1, entry("e2"));
    const path = join(folder, "runs", RUN, "journal.jsonl");
    const damaged = Buffer.from((await readFile(path, "utf8")).replace('"e1"', '"eX"'));
    await writeFile(path, damaged);
    await utimes(path, 5, 5);
    await expect(store.append(RUN, 2, entry("e3"))).rejects.toMatchObject({
      code: "JOURNAL_CORRUPT",
      details: { offset: 1 },
    });
    expect((await readFile(path)).equals(damaged)).toBe(true);
  });

  test("is STORE_FAILED when it got shorter, and goes on when it was only touched", async () => {
    const { store, folder } = await tempStore();
    await store.create(RUN, entry("e1"));
    await store.append(RUN, 1, entry("e2"));
    const path = join(folder, "runs", RUN, "journal.jsonl");
    await utimes(path, 5, 5);
    await store.append(RUN, 2, entry("e3"));
    truncateSync(path, (await readFile(path)).length - 40);
    await expect(store.append(RUN, 3, entry("e4"))).rejects.toMatchObject({ code: "STORE_FAILED" });
  });

  test("takes what another process appends in that moment for what it is: the next entry", async () => {
    const { store: first, folder } = await tempStore();
    await first.create(RUN, entry("e1"));
    const path = join(folder, "runs", RUN, "journal.jsonl");
    let moment: "before" | "judging" | "after" = "after";
    const fileStatus = (): undefined => {
      if (moment !== "before") return;
      utimesSync(path, 5, 5); // a write under way: its time is there already, its size not yet
      moment = "judging";
    };
    const read = (): undefined => {
      if (moment !== "judging") return;
      moment = "after";
      const [, crc = ""] = readFileSync(path, "utf8").match(/"crc":"(\w+)"\}\s*$/) ?? [];
      appendFileSync(path, encodeLine(entry("of another"), 3, crc).bytes);
    };
    const store = openStore(folder, { fileSystem: faultyFileSystem({ fileStatus, read }) });
    await store.append(RUN, 1, entry("e2"));
    moment = "before";
    await expect(store.append(RUN, 2, entry("e3"))).rejects.toMatchObject({ code: "JOURNAL_CONFLICT" });
    expect(moment).toBe("after");
    expect(await store.append(RUN, 3, entry("e3"))).toEqual({ ...entry("e3"), seq: 4 });
  });
});

describe("a journal that was read before it is opened", () => {
  /** A store that has read three entries and appended none, and how many bytes it reads from then on. */
  async function readRun(): Promise<{
    readonly store: StateStore;
    readonly folder: string;
    readonly path: string;
    bytesRead(): number;
  }> {
    const { store: writer, folder } = await tempStore();
    await writer.create(RUN, entry("e1"));
    for (const seq of [1, 2]) await writer.append(RUN, seq, entry(`e${seq + 1}`));
    let count = 0;
    const fileSystem: FileSystemPort = {
      ...nodeFileSystem,
      async open(path, flags) {
        const file = await nodeFileSystem.open(path, flags);
        const read: typeof file.read = async (buffer, position) => {
          const bytes = await file.read(buffer, position);
          count += bytes;
          return bytes;
        };
        return { ...file, read };
      },
    };
    const store = openStore(folder, { fileSystem });
    for await (const _ of store.read(RUN));
    count = 0;
    return { store, folder, path: join(folder, "runs", RUN, "journal.jsonl"), bytesRead: () => count };
  }

  test("is not read again: an append reads the line that it wrote", async () => {
    const { store, path, bytesRead } = await readRun();
    const before = readFileSync(path).length;
    await store.append(RUN, 3, entry("e4"));
    expect(bytesRead()).toBe(readFileSync(path).length - before);
  });

  test("goes on behind what others have appended since", async () => {
    const { store, folder } = await readRun();
    await openStore(folder).append(RUN, 3, entry("e4"));
    await expect(store.append(RUN, 3, entry("other"))).rejects.toMatchObject({ code: "JOURNAL_CONFLICT" });
    await store.append(RUN, 4, entry("e5"));
    expect(await idsIn(folder)).toEqual(["e1", "e2", "e3", "e4", "e5"]);
  });

  test("is judged again when it was written to: damage to a line that was read is reported, and nothing is appended", async () => {
    const { store, path } = await readRun();
    const damaged = Buffer.from((await readFile(path, "utf8")).replace('"e1"', '"eX"'));
    await writeFile(path, damaged);
    await utimes(path, 5, 5);
    await expect(store.append(RUN, 3, entry("e4"))).rejects.toMatchObject({ code: "JOURNAL_CORRUPT" });
    expect((await readFile(path)).equals(damaged)).toBe(true);
  });

  test("is read from its beginning when it got shorter", async () => {
    const { store, folder, path } = await readRun();
    truncateSync(path, readFileSync(path).indexOf('"e3"'));
    await expect(store.append(RUN, 3, entry("e4"))).rejects.toMatchObject({ code: "JOURNAL_CONFLICT" });
    await store.append(RUN, 2, entry("new"));
    expect(await idsIn(folder)).toEqual(["e1", "e2", "new"]);
  });
});
