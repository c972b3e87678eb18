import assert from "node:assert/strict";
import type { RunId } from "@troupe/core";
import { startChild } from "./store-child.js";
import { ability, makeRun, newEntry, readAll, type StoreCase, type StoreSubject } from "./store-subject.js";
import { within } from "./within.js";

const RUN: RunId = "run-1";
const KILLS = 3;
const APPENDS = 25;
const PATIENCE_MS = 30_000;

export const crashCases: readonly StoreCase[] = [
  {
    name: "reads without gaps after its writer was killed, with every entry that was acknowledged",
    needs: ["childAppender"],
    run: survivesKills,
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
    const entries = await readAll(store, RUN);
    assert.deepEqual(
      entries.map(({ seq }) => seq),
      Array.from(entries, (_, index) => index + 1),
      `order after kill ${kill}`,
    );
    assert.ok(entries.length >= acknowledged, `${acknowledged} entries were acknowledged, ${entries.length} are there`);
    assert.equal(new Set(entries.map(({ id }) => id)).size, entries.length, "no entry is there twice");
    const next = await store.append(RUN, entries.length, newEntry(RUN, `after kill ${kill}`));
    assert.deepEqual(await readAll(store, RUN, entries.length), [next]);
    acknowledged = next.seq;
  }
}
