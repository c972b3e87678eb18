import { join } from "node:path";
import { type Clock, type Owner, type ProcessWitness, systemWitness } from "@troupe/core";
import { expect, test, vi } from "vitest";
import { newEntry, openStore, tempStore, withDatabase } from "../test/temp-store.js";

const RUN = "run-1";
const LONG = { command: "kit", ttlMs: 600_000 };

/** Judges another store's holder as given. */
function witness(judgement: "alive" | "dead" | "unknown"): ProcessWitness {
  return { ...systemWitness, judgeLiveness: async () => judgement };
}

function steppingClock(onWait: () => void = () => {}): Clock {
  let passed = 0;
  return {
    now: () => 1_700_000_000_000 + passed,
    monotonic: () => passed,
    async wait(ms) {
      passed += ms;
      onWait();
    },
  };
}

async function heldRun(ttlMs = LONG.ttlMs) {
  const { store, folder } = await tempStore();
  await store.create(RUN, newEntry(RUN, "e1"));
  const lease = await store.acquireLease(RUN, { command: "first", ttlMs });
  const edit = (sql: string, ...values: readonly string[]) =>
    withDatabase(join(folder, "troupe.db"), (db) => void db.prepare(sql).run(...values));
  return { store, folder, lease, edit };
}

test.runIf(process.platform === "linux")("takes a lease whose pid belongs to another process by now", async () => {
  const { folder, edit } = await heldRun();
  const other: Owner = { ...(await systemWitness.identifySelf("gone")), startTime: "1" };
  edit("UPDATE leases SET record = ?", JSON.stringify({ owner: other, ttlMs: LONG.ttlMs }));
  await using lease = await openStore(folder).acquireLease(RUN, LONG);
  expect(lease.previous).toMatchObject({ alive: "dead", owner: other });
});

test("a holder that cannot be looked at keeps the lease while it renews", async () => {
  const { folder, edit } = await heldRun();
  const clock = steppingClock(() => edit("UPDATE leases SET renewed_at = renewed_at + 1"));
  const other = openStore(folder, { clock, witness: witness("unknown") });
  await expect(other.acquireLease(RUN, LONG)).rejects.toMatchObject({
    code: "RUN_LOCKED",
    details: { command: "first", pid: process.pid },
  });
});

test("a holder that cannot be looked at loses the lease after a whole ttl without a renewal", async () => {
  const { folder, store } = await heldRun();
  let waited = 0;
  const clock = steppingClock(() => {
    waited += 1;
  });
  const other = openStore(folder, { clock, witness: witness("unknown") });
  await using lease = await other.acquireLease(RUN, { command: "second", ttlMs: 10 });
  expect(lease.previous).toMatchObject({ alive: "unknown", ttlMs: LONG.ttlMs });
  expect(waited).toBe(8);
  expect((await store.holder(RUN))?.owner.command).toBe("second");
});

test("a lease that is released while it is watched is taken", async () => {
  const { folder, edit } = await heldRun();
  const clock = steppingClock(() => edit("DELETE FROM leases"));
  await using lease = await openStore(folder, { clock, witness: witness("unknown") }).acquireLease(RUN, LONG);
  expect(lease.previous).toBe(null);
});

test("renews, and aborts when another has taken the lease, which an old holder cannot release", async () => {
  const { store, folder, lease } = await heldRun(30);
  const first = (await store.holder(RUN))?.renewedAt ?? 0;
  await vi.waitUntil(async () => ((await store.holder(RUN))?.renewedAt ?? 0) > first, { timeout: 20_000 });
  await using second = await openStore(folder, { witness: witness("dead") }).acquireLease(RUN, LONG);
  await vi.waitUntil(() => lease.lost.aborted, { timeout: 20_000 });
  expect(lease.lost.reason).toMatchObject({ code: "CLAIM_LOST" });
  await lease[Symbol.asyncDispose]();
  await store.close();
  expect(second.lost.aborted).toBe(false);
  expect((await openStore(folder).holder(RUN))?.owner.command).toBe("kit");
});

test("aborts when it could not be renewed for a whole ttl", async () => {
  const { lease, edit } = await heldRun(30);
  edit("PRAGMA user_version = 9");
  await vi.waitUntil(() => lease.lost.aborted, { timeout: 20_000 });
  expect(lease.lost.reason).toMatchObject({
    code: "CLAIM_LOST",
    message: expect.stringContaining("cannot be renewed"),
  });
  edit("PRAGMA user_version = 1");
});

test("takes a record that is no lease for none", async () => {
  const { folder, edit } = await heldRun();
  edit("UPDATE leases SET record = 'damaged'");
  const other = openStore(folder);
  expect(await other.holder(RUN)).toBe(null);
  await using lease = await other.acquireLease(RUN, LONG);
  expect(lease.previous).toBe(null);
});
