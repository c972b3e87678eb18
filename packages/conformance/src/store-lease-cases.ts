import assert from "node:assert/strict";
import { isTroupeError, type Lease, type LeaseRequest, type RunId, type StateStore } from "@troupe/core";
import { startChild } from "./store-child.js";
import {
  ability,
  makeRun,
  newEntry,
  race,
  readAll,
  refuses,
  type StoreCase,
  type StoreSubject,
  withSecond,
} from "./store-subject.js";
import { within } from "./within.js";

const RUN: RunId = "run-1";
/** So long that nothing in a case can rest on its running out. */
const REQUEST: LeaseRequest = { command: "kit --hold", ttlMs: 600_000 };
const PATIENCE_MS = 20_000;
const RACERS = 4;

export const leaseCases: readonly StoreCase[] = [
  {
    name: "refuses a lease while another is held, and names its holder",
    rule: "StateStore.acquireLease: Rejects `RUN_LOCKED` (details: pid, host, command) while another owner seems alive",
    needs: [],
    run: refusesHeld,
  },
  {
    name: "tells who holds a run, and nobody once it is released",
    rule: "Holder: Who seems to be working on a run.",
    needs: [],
    run: tellsHolder,
  },
  {
    name: "gives a released lease to the next, which an old one cannot release",
    rule: "Lease: Disposing releases it, if it is still ours",
    needs: [],
    run: givesOn,
  },
  {
    name: "gives a free lease to one of many that ask at once",
    rule: "StateStore.acquireLease: Rejects `RUN_LOCKED` (details: pid, host, command) while another owner seems alive",
    needs: [],
    run: oneHolder,
  },
  {
    name: "refuses to remove a run that is held",
    rule: "StateStore.remove: Rejects `RUN_LOCKED` while held",
    needs: [],
    run: refusesRemoval,
  },
  {
    name: "lets anybody append while a run is held: exclusion is the journal's",
    rule: "Lease: A liveness hint, never what safety rests on.",
    needs: [],
    run: lendsNoExclusion,
  },
  {
    name: "refuses a lease that another handle holds",
    rule: "StateStore.acquireLease: Rejects `RUN_LOCKED` (details: pid, host, command) while another owner seems alive",
    needs: ["reopen"],
    run: refusesOthers,
  },
  {
    name: "shows the holder without taking anything, with the time that it may go without a renewal",
    rule: "StateStore.holder: Takes nothing.",
    needs: [],
    run: showsOnly,
  },
  {
    name: "refuses a lease while its holder is stopped, and gives it on at once when it is dead",
    rule: "StateStore.acquireLease: At once when the holder is dead",
    needs: ["childHolder"],
    run: takesFromDead,
  },
  {
    name: "gives a dead holder's lease to one of many that ask at once",
    rule: "StateStore.acquireLease: At once when the holder is dead",
    needs: ["childHolder", "reopen"],
    run: oneHeir,
  },
];

async function refusesHeld({ store }: StoreSubject): Promise<void> {
  await makeRun(store, RUN);
  await using lease = await store.acquireLease(RUN, REQUEST);
  const { pid, host, command } = lease.owner;
  assert.equal(command, REQUEST.command);
  const error = await store.acquireLease(RUN, { ...REQUEST, command: "another" }).catch((reason: unknown) => reason);
  assert.equal(codeOf(error), "RUN_LOCKED", "a second lease");
  const details = isTroupeError(error) ? error.details : {};
  assert.deepEqual(
    { pid: details.pid, host: details.host, command: details.command },
    { pid, host, command },
    "details of the refusal",
  );
  assert.equal(lease.lost.aborted, false);
}

async function tellsHolder({ store }: StoreSubject): Promise<void> {
  await makeRun(store, RUN);
  assert.equal(await store.holder(RUN), null);
  const lease = await store.acquireLease(RUN, REQUEST);
  const holder = await store.holder(RUN);
  assert.deepEqual({ owner: holder?.owner, alive: holder?.alive }, { owner: lease.owner, alive: "alive" });
  await lease[Symbol.asyncDispose]();
  assert.equal(await store.holder(RUN), null);
}

async function showsOnly({ store }: StoreSubject): Promise<void> {
  const entries = await makeRun(store, RUN);
  assert.deepEqual([await store.holder(RUN), await store.holder(RUN)], [null, null]);
  await using _lease = await store.acquireLease(RUN, REQUEST);
  const looks = [await store.holder(RUN), await store.holder(RUN)];
  assert.deepEqual(
    looks.map((holder) => holder?.ttlMs),
    [REQUEST.ttlMs, REQUEST.ttlMs],
  );
  assert.deepEqual(await readAll(store, RUN), entries);
}

async function givesOn({ store }: StoreSubject): Promise<void> {
  await makeRun(store, RUN);
  const first = await store.acquireLease(RUN, REQUEST);
  await first[Symbol.asyncDispose]();
  await using second = await store.acquireLease(RUN, { ...REQUEST, command: "second" });
  assert.equal(second.previous, null, "the one before was released properly");
  await first[Symbol.asyncDispose]();
  assert.equal((await store.holder(RUN))?.owner.command, "second");
}

async function oneHolder({ store }: StoreSubject): Promise<void> {
  await makeRun(store, RUN);
  const { won, codes } = await race(Array.from({ length: RACERS }, () => store.acquireLease(RUN, REQUEST)));
  assert.equal(won.length, 1, "holders");
  assert.deepEqual(codes, Array(RACERS - 1).fill("RUN_LOCKED"));
  await release(won);
}

async function refusesRemoval({ store }: StoreSubject): Promise<void> {
  const entries = await makeRun(store, RUN, 2);
  const lease = await store.acquireLease(RUN, REQUEST);
  await refuses("RUN_LOCKED", "remove", () => store.remove(RUN));
  assert.deepEqual(await readAll(store, RUN), entries);
  await lease[Symbol.asyncDispose]();
  await store.remove(RUN);
}

async function lendsNoExclusion({ store }: StoreSubject): Promise<void> {
  const [first] = await makeRun(store, RUN);
  await using _lease = await store.acquireLease(RUN, REQUEST);
  const request = await store.append(RUN, 1, newEntry(RUN, "a person's request"));
  assert.deepEqual(await readAll(store, RUN), [first, request]);
}

async function refusesOthers(subject: StoreSubject): Promise<void> {
  const { store } = subject;
  await makeRun(store, RUN);
  await withSecond(subject, async (second) => {
    const lease = await second.acquireLease(RUN, REQUEST);
    await refuses("RUN_LOCKED", "held by the second handle", () => store.acquireLease(RUN, REQUEST));
    assert.equal((await store.holder(RUN))?.alive, "alive");
    await lease[Symbol.asyncDispose]();
  });
  await using lease = await store.acquireLease(RUN, REQUEST);
  assert.equal(lease.previous, null);
}

async function takesFromDead(subject: StoreSubject): Promise<void> {
  const { store } = subject;
  await makeRun(store, RUN);
  const child = startChild([...ability(subject, "childHolder"), RUN]);
  try {
    await within(PATIENCE_MS, "the child taking the lease", child.lines(1));
    assert.equal((await store.holder(RUN))?.owner.pid, child.pid);
    child.kill("SIGSTOP");
    await refuses("RUN_LOCKED", "held by a stopped process", () => store.acquireLease(RUN, REQUEST));
    child.kill("SIGKILL");
    await within(PATIENCE_MS, "the end of the child", child.ended);
    assert.equal((await store.holder(RUN))?.alive, "dead");
    await using lease = await within(PATIENCE_MS, "taking a dead holder's lease", store.acquireLease(RUN, REQUEST));
    assert.deepEqual(
      { pid: lease.previous?.owner.pid, alive: lease.previous?.alive },
      { pid: child.pid, alive: "dead" },
    );
    assert.equal((await store.holder(RUN))?.alive, "alive");
  } finally {
    child.kill("SIGKILL");
  }
}

async function oneHeir(subject: StoreSubject): Promise<void> {
  await makeRun(subject.store, RUN);
  const child = startChild([...ability(subject, "childHolder"), RUN]);
  const handles: StateStore[] = [];
  try {
    await within(PATIENCE_MS, "the child taking the lease", child.lines(1));
    while (handles.length < RACERS) handles.push(await ability(subject, "reopen")());
    child.kill("SIGKILL");
    await within(PATIENCE_MS, "the end of the child", child.ended);
    const { won, codes } = await race(handles.map((handle) => handle.acquireLease(RUN, REQUEST)));
    assert.equal(won.length, 1, "heirs");
    assert.deepEqual(codes, Array(RACERS - 1).fill("RUN_LOCKED"));
    await release(won);
  } finally {
    child.kill("SIGKILL");
    for (const handle of handles) await handle.close();
  }
}

function codeOf(outcome: unknown): string {
  if (isTroupeError(outcome)) return outcome.code;
  return outcome instanceof Error ? String(outcome) : "a lease";
}

async function release(leases: readonly Lease[]): Promise<void> {
  for (const lease of leases) await lease[Symbol.asyncDispose]();
}
