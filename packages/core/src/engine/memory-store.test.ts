import type { NewEntry, RunSummary } from "@troupe/core";
import { createMemoryStore } from "@troupe/core/memory";
import { describe, expect, test } from "vitest";

// The contract itself is tested by the conformance kit, in its own package.

const summary: RunSummary = {
  runId: "run-1",
  workflow: "test",
  objective: "Test the store",
  status: "running",
  createdAt: 1,
  updatedAt: 1,
};

describe("the memory store", () => {
  test("keeps what a file would keep: later changes of what was handed in do not reach it", async () => {
    const store = createMemoryStore();
    const events = [{ type: "run.stop-requested", by: "somebody", extra: undefined } as const];
    const entry: NewEntry = { id: "e1", at: 1, events, summary };
    const written = await store.create("run-1", entry);
    events.length = 0;
    expect(JSON.parse(JSON.stringify(written))).toStrictEqual(written);
    const read = [];
    for await (const each of store.read("run-1")) read.push(each);
    expect(read).toStrictEqual([
      { id: "e1", at: 1, events: [{ type: "run.stop-requested", by: "somebody" }], summary, seq: 1 },
    ]);
  });

  test("tells the time of a lease by its clock", async () => {
    const store = createMemoryStore({ clock: { now: () => 42, monotonic: () => 0, wait: async () => {} } });
    await store.create("run-1", { id: "e1", at: 1, events: [], summary });
    await using lease = await store.acquireLease("run-1", { command: "test", ttlMs: 1_000 });
    expect(await store.holder("run-1")).toEqual({ owner: lease.owner, renewedAt: 42, ttlMs: 1_000, alive: "alive" });
  });

  test("gives every lease back when it is closed", async () => {
    const store = createMemoryStore();
    await store.create("run-1", { id: "e1", at: 1, events: [], summary });
    await store.acquireLease("run-1", { command: "test", ttlMs: 1_000 });
    await store.close();
    expect(await store.holder("run-1")).toBeNull();
  });
});
