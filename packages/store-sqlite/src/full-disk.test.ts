import { execFileSync } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { collect, newEntry, openStore, tempFolder } from "../test/temp-store.js";

const RUN = "run-1";
const SIZE_BYTES = 2 * 1024 * 1024;

/** A file system of its own, or null where this process may not mount one. */
function mountSmall(folder: string): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE_BYTES}`, "tmpfs", folder], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function smallDisk(): Promise<string> {
  const folder = join(await tempFolder(), "disk");
  await mkdir(folder);
  if (mountSmall(folder)) onTestFinished(() => void execFileSync("umount", ["-l", folder]));
  return folder;
}

async function fill(disk: string): Promise<string> {
  const path = join(disk, "filling");
  for (let size = SIZE_BYTES; size >= 1; size = Math.floor(size / 2)) {
    await writeFile(path, Buffer.alloc(size), { flag: "a" }).catch(() => {}); // until nothing fits
  }
  return path;
}

const probe = await (async (): Promise<boolean> => {
  const folder = join("/tmp", `troupe-mount-${process.pid}`);
  await mkdir(folder);
  const isAllowed = mountSmall(folder);
  if (isAllowed) execFileSync("umount", ["-l", folder]);
  await rm(folder, { recursive: true });
  return isAllowed;
})();

// mounting needs a privilege; without it there is no disk that is really full
describe.skipIf(!probe)("on a full disk", () => {
  test("an append is STORE_FULL, leaves the run as it was, and works again with the same id", async () => {
    const disk = await smallDisk();
    const folder = join(disk, ".troupe");
    const store = openStore(folder);
    await store.create(RUN, newEntry(RUN, "e1"));
    const filling = await fill(disk);
    const large = {
      ...newEntry(RUN, "e2"),
      events: [{ type: "run.stop-requested", by: "x".repeat(400_000) }],
    } as const;
    for (let count = 0; count < 3; count += 1) {
      await expect(store.append(RUN, 1, large)).rejects.toMatchObject({
        code: "STORE_FULL",
        hint: `Free some space; see what is left with: df -h "${folder}"`,
        details: { freeBytes: expect.any(Number) },
      });
    }
    expect(await collect(store.read(RUN))).toHaveLength(1);
    expect(await collect(openStore(folder).read(RUN))).toHaveLength(1);
    await rm(filling);
    expect(await store.append(RUN, 1, large)).toEqual({ ...large, seq: 2 });
    expect(await collect(openStore(folder).read(RUN))).toHaveLength(2);
  });

  test("a store that cannot begin is STORE_FULL and leaves nothing half made", async () => {
    const disk = await smallDisk();
    const filling = await fill(disk);
    const store = openStore(join(disk, ".troupe"));
    await expect(store.create(RUN, newEntry(RUN, "e1"))).rejects.toMatchObject({ code: "STORE_FULL" });
    expect(await collect(store.list())).toEqual([]);
    await rm(filling);
    await store.create(RUN, newEntry(RUN, "e1"));
  });

  test("content is STORE_FULL and nothing of it stays; a log is cut and says so; the lease stays", async () => {
    const disk = await smallDisk();
    const folder = join(disk, ".troupe");
    const store = openStore(folder);
    await store.create(RUN, newEntry(RUN, "e1"));
    const lease = await store.acquireLease(RUN, { command: "kit", ttlMs: 6 });
    async function* large(): AsyncGenerator<Uint8Array> {
      for (let part = 0; part < 8; part += 1) yield Buffer.alloc(400_000, part);
    }
    await expect(store.blobs.put(RUN, large())).rejects.toMatchObject({ code: "STORE_FULL" });
    const log = await store.logs.open(RUN, "WORK.1");
    const filling = await fill(disk);
    for (let count = 0; count < 20; count += 1) log.write(Buffer.alloc(300_000, "x"));
    const ref = await log.close();
    expect(ref.truncated).toBe(true);
    for (let look = 0; look < 50; look += 1) await store.holder(RUN); // several renewals fail meanwhile
    expect(lease.lost.aborted).toBe(false);
    await rm(filling);
    expect((await store.holder(RUN))?.alive).toBe("alive");
    await lease[Symbol.asyncDispose]();
    await store.append(RUN, 1, newEntry(RUN, "e2"));
  });
});
