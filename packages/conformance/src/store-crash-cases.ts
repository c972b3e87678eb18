import assert from "node:assert/strict";
import type { RunId } from "@troupe/core";
import { startChild } from "./store-child.js";
import { ability, bytesOf, makeRun, newEntry, readAll, type StoreCase, type StoreSubject } from "./store-subject.js";
import { pause, within } from "./within.js";

const RUN: RunId = "run-1";
const KILLS = 3;
const APPENDS = 25;
const RACERS = 3;
const PATIENCE_MS = 30_000;
/** Longest time from a write of a log to its being readable, in milliseconds. */
const LOG_MS = 10_000;

export const crashCases: readonly StoreCase[] = [
  {
    name: "reads without gaps after its writer was killed, with every entry that was acknowledged",
    rule: "StateStore.append: durable when it resolves",
    needs: ["childAppender"],
    run: survivesKills,
  },
  {
    name: "acknowledges each position to one of several processes that append at once and are killed",
    rule: "StateStore: All methods may be called at the same time, by several processes.",
    needs: ["childAppender"],
    run: excludesProcesses,
  },
  {
    name: "keeps what was logged when its writer was killed",
    rule: "LogStore: what was written before a crash stays",
    needs: ["childLogger"],
    run: keepsTheLog,
  },
];

async function survivesKills(subject: StoreSubject): Promise<void> {
  const { store } = subject;
  await makeRun(store, RUN);
  let acknowledged = 1;
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const child = startChild([...ability(subject, "childAppender"), RUN]);
    await within(PATIENCE_MS, `${APPENDS} appends of the child`, child.lines(APPENDS)).finally(() =>
      child.kill("SIGKILL"),
    );
    const printed = await within(PATIENCE_MS, "the end of the child", child.ended);
    acknowledged = Math.max(acknowledged, ...printed.map(Number));
    await readsWhole(subject, acknowledged, `after kill ${kill}`);
    const { length } = await readAll(store, RUN);
    const next = await store.append(RUN, length, newEntry(RUN, `after kill ${kill}`));
    assert.deepEqual(await readAll(store, RUN, length), [next]);
    acknowledged = next.seq;
  }
}

async function excludesProcesses(subject: StoreSubject): Promise<void> {
  await makeRun(subject.store, RUN);
  const argv = [...ability(subject, "childAppender"), RUN];
  const children = Array.from({ length: RACERS }, () => startChild(argv, "ignore"));
  try {
    // one that lost a race may have ended; one of them always goes on
    const busy = Promise.any(children.map((child) => child.lines(APPENDS)));
    await within(PATIENCE_MS, `${APPENDS} appends of a child`, busy);
    const started = children.map((child) => child.lines(1).catch(() => []));
    await within(PATIENCE_MS, "the start of all children", Promise.all(started));
  } finally {
    for (const child of children) child.kill("SIGKILL");
  }
  const ends = children.map((child) => within(PATIENCE_MS, "the end of a child", child.ended));
  const positions = (await Promise.all(ends)).flat().map(Number);
  const twice = positions.filter((position, index) => positions.indexOf(position) !== index);
  assert.deepEqual(twice, [], "positions that were acknowledged twice");
  await readsWhole(subject, Math.max(...positions), "after the kill");
}

/** Dense, nothing twice, and nothing missing that was acknowledged. */
async function readsWhole({ store }: StoreSubject, acknowledged: number, when: string): Promise<void> {
  const entries = await readAll(store, RUN);
  assert.deepEqual(
    entries.map(({ seq }) => seq),
    Array.from(entries, (_, index) => index + 1),
    `positions ${when}`,
  );
  assert.ok(entries.length >= acknowledged, `entries are missing ${when} that were acknowledged`);
  assert.equal(new Set(entries.map(({ id }) => id)).size, entries.length, `different ids ${when}`);
}

async function keepsTheLog(subject: StoreSubject): Promise<void> {
  const { store } = subject;
  await makeRun(store, RUN);
  const read = async (): Promise<string> => (await bytesOf(store.logs.read(RUN, "WORK.1"))).toString();
  const child = startChild([...ability(subject, "childLogger"), RUN]);
  try {
    await within(PATIENCE_MS, "the child writing its log", child.lines(1));
    const shown = async (): Promise<void> => {
      while ((await read()) !== "logged\n") await pause(5);
    };
    await within(LOG_MS, "showing what the child had logged", shown());
  } finally {
    child.kill("SIGKILL");
  }
  await within(PATIENCE_MS, "the end of the child", child.ended);
  assert.equal(await read(), "logged\n", "the log after the kill");
}
