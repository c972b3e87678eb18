import { execFile } from "node:child_process";
import { readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { type Clock, type Lease, type Owner, type StateStore, systemWitness } from "@troupe/core";
import { describe, expect, test, vi } from "vitest";
import { faultyFileSystem, systemError } from "../test/faulty-file-system.js";
import { childOn, newEntry, openStore, tempStore } from "../test/temp-store.js";
import { createLease, readLease } from "./lease-files.js";
import { nodeFileSystem } from "./node-file-system.js";

const RUN = "run-1";
const LONG = { command: "kit", ttlMs: 600_000 };

/** A clock that moves only when somebody waits, and tells each wait. */
function steppingClock(onWait: (ms: number) => void | Promise<void> = () => {}): Clock {
  let passed = 0;
  return {
    now: () => 1_700_000_000_000 + passed,
    monotonic: () => passed,
    async wait(ms) {
      passed += ms;
      await onWait(ms);
    },
  };
}

async function heldRun(clock?: Clock): Promise<{ store: StateStore; folder: string; leaseFolder: string }> {
  const { store, folder } = await tempStore(clock === undefined ? {} : { clock });
  await store.create(RUN, newEntry(RUN, "e1"));
  return { store, folder, leaseFolder: join(folder, "runs", RUN, "lease") };
}

/** Changes what the newest lease says of its owner, keeping its time. */
async function rewriteOwner(leaseFolder: string, changes: Partial<Owner>): Promise<string> {
  const newest = Math.max(...(await readdir(leaseFolder)).map(Number));
  const path = join(leaseFolder, `${newest}`);
  const record = JSON.parse(await readFile(path, "utf8"));
  const { mtime } = await stat(path);
  await writeFile(path, JSON.stringify({ ...record, owner: { ...record.owner, ...changes } }));
  await utimes(path, mtime, mtime);
  return path;
}

function release(lease: Lease): Promise<void> {
  return Promise.resolve(lease[Symbol.asyncDispose]());
}

describe("a holder on this machine", () => {
  test("is dead when its pid belongs to a process that started at another time", async () => {
    const { store, leaseFolder } = await heldRun();
    await store.acquireLease(RUN, LONG);
    await rewriteOwner(leaseFolder, { startTime: "1" });
    expect((await store.holder(RUN))?.alive).toBe("dead");
    await using lease = await store.acquireLease(RUN, LONG);
    expect(lease.previous?.owner).toMatchObject({ pid: process.pid, startTime: "1" });
  });

  test("is dead after a reboot", async () => {
    const { store, leaseFolder } = await heldRun();
    await store.acquireLease(RUN, LONG);
    await rewriteOwner(leaseFolder, { bootId: "an earlier boot" });
    expect((await store.holder(RUN))?.alive).toBe("dead");
  });

  test("keeps a lease that it has not renewed for long: it may be stopped", async () => {
    const { store, folder, leaseFolder } = await heldRun();
    await using lease = await store.acquireLease(RUN, LONG);
    await utimes(join(leaseFolder, "1"), 1, 1);
    await expect(openStore(folder).acquireLease(RUN, { ...LONG, ttlMs: 1 })).rejects.toMatchObject({
      code: "RUN_LOCKED",
      message: expect.stringContaining(`process ${process.pid}`),
      hint: `troupe status ${RUN}`,
      details: { pid: process.pid, host: lease.owner.host, command: "kit" },
    });
    expect((await store.holder(RUN))?.renewedAt).toBe(1_000);
  });
});

describe("a holder that cannot be looked at", () => {
  const elsewhere = { pidNamespace: "pid:[1]", pid: 1 };

  test("loses the lease after a full ttl without a renewal, by our own clock", async () => {
    const waits: number[] = [];
    const { store, leaseFolder } = await heldRun(steppingClock((ms) => void waits.push(ms)));
    await store.acquireLease(RUN, { command: "far", ttlMs: 80_000 });
    await rewriteOwner(leaseFolder, elsewhere);
    expect(await store.holder(RUN)).toMatchObject({ alive: "unknown", ttlMs: 80_000, renewedAt: 1_700_000_000_000 });
    await using lease = await store.acquireLease(RUN, { command: "near", ttlMs: 8_000 });
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBe(80_000);
    expect(lease.previous?.alive).toBe("unknown");
  });

  test("keeps the lease when it renews meanwhile, whatever its clock says", async () => {
    let path = "";
    const { store, leaseFolder } = await heldRun(steppingClock(() => utimes(path, 5, 5)));
    await store.acquireLease(RUN, LONG);
    path = await rewriteOwner(leaseFolder, elsewhere);
    await expect(store.acquireLease(RUN, LONG)).rejects.toMatchObject({ code: "RUN_LOCKED" });
  });

  test("gives it up at once when it releases it meanwhile", async () => {
    let path = "";
    const waits: number[] = [];
    const clock = steppingClock((ms) => {
      waits.push(ms);
      return writeFile(path, "");
    });
    const { store, leaseFolder } = await heldRun(clock);
    await store.acquireLease(RUN, LONG);
    path = await rewriteOwner(leaseFolder, elsewhere);
    await using lease = await store.acquireLease(RUN, LONG);
    expect(waits).toHaveLength(1);
    expect(lease.previous).toBeNull();
  });

  test("is unknown on another host of another boot", async () => {
    const { store, leaseFolder } = await heldRun();
    await store.acquireLease(RUN, LONG);
    await rewriteOwner(leaseFolder, { bootId: "of another machine", host: "far" });
    expect((await store.holder(RUN))?.alive).toBe("unknown");
  });
});

describe("a lease that is held", () => {
  test("is renewed several times within its ttl, until it is released", async () => {
    const { store, leaseFolder } = await heldRun();
    const lease = await store.acquireLease(RUN, { command: "kit", ttlMs: 90 });
    const seen = new Set<number>();
    await vi.waitUntil(async () => seen.add((await stat(join(leaseFolder, "1"))).mtimeMs).size >= 3, {
      timeout: 20_000,
      interval: 5,
    });
    await release(lease);
    const { mtimeMs, size } = await stat(join(leaseFolder, "1"));
    expect(size).toBe(0);
    await delay(90); // what must not happen any more
    expect((await stat(join(leaseFolder, "1"))).mtimeMs).toBe(mtimeMs);
  });

  test("tells its holder when another process has taken it over, and is not touched by it again", async () => {
    const { store, folder, leaseFolder } = await heldRun();
    const lease = await store.acquireLease(RUN, { command: "first", ttlMs: 90 });
    await rewriteOwner(leaseFolder, { startTime: "1" });
    await using taken = await openStore(folder).acquireLease(RUN, { ...LONG, command: "second" });
    await vi.waitUntil(() => lease.lost.aborted, { timeout: 20_000 });
    expect(lease.lost.reason).toMatchObject({ code: "CLAIM_LOST" });
    await release(lease);
    expect((await store.holder(RUN))?.owner.command).toBe("second");
    expect(taken.lost.aborted).toBe(false);
  });

  test("is lost when its file is gone", async () => {
    const { store, leaseFolder } = await heldRun();
    const lease = await store.acquireLease(RUN, { command: "kit", ttlMs: 60 });
    await rm(leaseFolder, { recursive: true });
    await vi.waitUntil(() => lease.lost.aborted, { timeout: 20_000 });
    await release(lease);
  });

  test("is lost when it could not be renewed for a whole ttl, not before", async () => {
    const { folder } = await heldRun();
    let isBroken = false;
    let passed = 0;
    const clock: Clock = { now: Date.now, monotonic: () => passed, wait: async () => {} };
    let failures = 0;
    const call = (name: string, path: string): Error | undefined => {
      if (!isBroken || name !== "list" || !path.endsWith("lease")) return undefined;
      failures += 1;
      return systemError("EIO");
    };
    const store = openStore(folder, { fileSystem: faultyFileSystem({ call }), clock });
    const lease = await store.acquireLease(RUN, { command: "kit", ttlMs: 30 });
    isBroken = true;
    await vi.waitUntil(() => failures >= 2, { timeout: 20_000 });
    expect(lease.lost.aborted).toBe(false);
    passed = 30;
    await vi.waitUntil(() => lease.lost.aborted, { timeout: 20_000 });
    isBroken = false;
    await release(lease);
  });

  test("is released when the store is closed", async () => {
    const { store, folder } = await heldRun();
    await store.acquireLease(RUN, LONG);
    await store.close();
    expect(await openStore(folder).holder(RUN)).toBeNull();
  });
});

describe("the files of a lease", () => {
  test("are numbered; old numbers go, the one before stays", async () => {
    const { store, leaseFolder } = await heldRun();
    for (let turn = 1; turn <= 4; turn += 1) await release(await store.acquireLease(RUN, LONG));
    expect((await readdir(leaseFolder)).toSorted()).toEqual(["3", "4"]);
  });

  test("refuse a number that is taken, and one that a higher number has overtaken", async () => {
    const { leaseFolder } = await heldRun();
    const owner = await systemWitness.identifySelf("kit");
    const record = (nonce: string) => ({ nonce, owner, acquiredAt: 1, ttlMs: 1 });
    const five = await createLease(nodeFileSystem, leaseFolder, 5, record("a"));
    expect(await createLease(nodeFileSystem, leaseFolder, 5, record("b"))).toBeNull();
    expect(await createLease(nodeFileSystem, leaseFolder, 4, record("c"))).toBeNull();
    expect(await readdir(leaseFolder)).toEqual(["5"]);
    expect((await readLease(nodeFileSystem, leaseFolder)).record?.nonce).toBe("a");
    await five?.release();
  });

  test.each([
    ["empty", ""],
    ["not JSON", "{"],
    ["something else", '{"pid":1}'],
    ["an owner without a pid", '{"nonce":"n","acquiredAt":1,"ttlMs":1,"owner":{"pid":0}}'],
  ])("count as free when they are %s", async (_, text) => {
    const { store, leaseFolder } = await heldRun();
    await release(await store.acquireLease(RUN, LONG));
    await writeFile(join(leaseFolder, "1"), text);
    expect(await store.holder(RUN)).toBeNull();
    await using lease = await store.acquireLease(RUN, LONG);
    expect(lease.previous).toBeNull();
  });

  test("that cannot be read are STORE_FAILED", async () => {
    const { folder } = await heldRun();
    const call = (name: string, path: string) =>
      name === "list" && path.endsWith("lease") ? systemError("EIO") : undefined;
    const store = openStore(folder, { fileSystem: faultyFileSystem({ call }) });
    await expect(store.holder(RUN)).rejects.toMatchObject({ code: "STORE_FAILED" });
    await expect(store.acquireLease(RUN, LONG)).rejects.toMatchObject({ code: "STORE_FAILED" });
  });
});

test("a run that is removed while its lease is asked for does not come back", async () => {
  const { folder } = await heldRun();
  const runFolder = join(folder, "runs", RUN);
  const call = (name: string, path: string) =>
    name === "makeFolder" && path.endsWith("lease") ? systemError("ENOENT") : undefined;
  const store = openStore(folder, { fileSystem: faultyFileSystem({ call }) });
  await expect(store.acquireLease(RUN, LONG)).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
  expect(await readdir(runFolder)).toEqual(["journal.jsonl"]);
});

test("a lease does not keep its process alive", async () => {
  const { store, folder } = await heldRun();
  const [command = "", ...args] = [...childOn("hold-and-end", folder), RUN];
  await promisify(execFile)(command, args, { timeout: 60_000 });
  expect(await store.holder(RUN)).toMatchObject({ alive: "dead", owner: { command: "hold-and-end" } });
});
