import { join } from "node:path";
import { expect, test } from "vitest";
import { collect, newEntry, openStore, tempStore, withDatabase } from "../test/temp-store.js";

async function threeRuns(damage: string) {
  const { store, folder } = await tempStore();
  for (const [index, runId] of ["a", "b", "c"].entries()) {
    await store.create(runId, newEntry(runId, `${runId}-1`, { createdAt: index }));
    for (const seq of [1, 2, 3]) {
      await store.append(runId, seq, newEntry(runId, `${runId}-${seq + 1}`, { createdAt: index }));
    }
  }
  await store.close();
  withDatabase(join(folder, "troupe.db"), (db) => db.exec(damage));
  return openStore(folder);
}

async function listing(store: Awaited<ReturnType<typeof threeRuns>>) {
  const listed = await collect(store.list());
  return listed.map((run) => (run.damaged ? `${run.runId} ${run.code}: ${run.message}` : run.summary.runId));
}

const DAMAGE: readonly [string, string, number, string][] = [
  ["a changed byte", "UPDATE entries SET body = replace(body, 'b-3', 'b-4') WHERE run = 'b'", 3, "changed bytes"],
  ["a changed seal", "UPDATE entries SET crc = crc + 1 WHERE run = 'b' AND seq = 4", 4, "changed bytes"],
  ["a missing entry", "DELETE FROM entries WHERE run = 'b' AND seq = 2", 2, "nothing"],
  ["a missing first entry", "DELETE FROM entries WHERE run = 'b' AND seq = 1", 1, "nothing"],
  [
    "another run's entry",
    "UPDATE entries SET (body, crc) = (SELECT body, crc FROM entries WHERE run = 'a' AND seq = 4) WHERE run = 'b' AND seq = 4",
    4,
    "changed bytes",
  ],
];

for (const [name, damage, seq, reason] of DAMAGE) {
  test(`${name} is JOURNAL_CORRUPT with the position, and hides no other run`, async () => {
    const store = await threeRuns(damage);
    const before: number[] = [];
    const reading = (async () => {
      for await (const entry of store.read("b")) before.push(entry.seq);
    })();
    await expect(reading).rejects.toMatchObject({
      code: "JOURNAL_CORRUPT",
      message: `the journal of run b has ${reason} at entry ${seq}`,
      hint: seq === 1 ? expect.not.stringContaining("repair") : expect.stringContaining("troupe repair b\n"),
      details: { runId: "b", seq },
    });
    expect(before).toEqual([1, 2, 3, 4].slice(0, seq - 1));
    await expect(store.append("b", 4, newEntry("b", "next"))).rejects.toMatchObject({ code: "JOURNAL_CORRUPT" });
    const listed = await listing(store);
    expect(listed).toEqual(["c", "a", `b JOURNAL_CORRUPT: the journal of run b has ${reason} at entry ${seq}`]);
    expect(await collect(store.read("c"))).toHaveLength(4);
  });
}

test("a damaged run can be removed, and its id taken again", async () => {
  const store = await threeRuns("UPDATE entries SET crc = 0 WHERE run = 'b'");
  await store.remove("b");
  expect(await listing(store)).toEqual(["c", "a"]);
  await store.create("b", newEntry("b", "anew", { createdAt: 9 }));
  expect(await listing(store)).toEqual(["b", "c", "a"]);
});

test("reads a run that is longer than one batch", async () => {
  const { store, folder } = await tempStore();
  await store.create("run-1", newEntry("run-1", "e1"));
  for (let seq = 1; seq < 150; seq += 1) await store.append("run-1", seq, newEntry("run-1", `e${seq + 1}`));
  const seqs = (await collect(openStore(folder).read("run-1", 10))).map(({ seq }) => seq);
  expect(seqs).toEqual(Array.from({ length: 140 }, (_, index) => index + 11));
});
