import assert from "node:assert/strict";
import type { RunId, StateStore } from "@troupe/core";
import {
  makeRun,
  newEntry,
  race,
  readAll,
  refuses,
  type StoreCase,
  type StoreSubject,
  withSecond,
} from "./store-subject.js";

const RUN: RunId = "run-1";
const RACERS = 8;
const ROUNDS = 10;

export const journalCases: readonly StoreCase[] = [
  {
    name: "reads entries back whole and in order, numbered from 1 without gaps",
    rule: "StateStore.read: Entries after `afterSeq` (0 = all) in order, no gaps",
    needs: [],
    run: readsBack,
  },
  {
    name: "reads only the entries after a position, none after the last",
    rule: "StateStore.read: Entries after `afterSeq` (0 = all) in order, no gaps",
    needs: [],
    run: readsAfter,
  },
  {
    name: "keeps any text and large entries unchanged",
    rule: "StateStore.append: Appends at `expectedSeq + 1`; durable when it resolves.",
    needs: [],
    run: keepsAnyText,
  },
  {
    name: "refuses a stale append and writes nothing",
    rule: "StateStore.append: `JOURNAL_CONFLICT` (another entry has that position: nothing of this one counts)",
    needs: [],
    run: refusesStale,
  },
  {
    name: "refuses an append beyond the end and writes nothing",
    rule: "StateStore: it appends entries at dense positions",
    needs: [],
    run: refusesBeyond,
  },
  {
    name: "takes the same id at its place as one entry, however often it comes",
    rule: "StateStore.append: The same id again at its place resolves with the entry that is there.",
    needs: [],
    run: sameIdOnce,
  },
  {
    name: "refuses the same id at another place",
    rule: "StateStore.append: `JOURNAL_CONFLICT` (another entry has that position: nothing of this one counts)",
    needs: [],
    run: refusesIdElsewhere,
  },
  {
    name: "lets one of many appends win that race for a position",
    rule: "StateStore: All methods may be called at the same time, by several processes.",
    needs: [],
    run: oneWinner,
  },
  {
    name: "refuses a second run of the same id and leaves the first as it was",
    rule: "StateStore.create: Rejects `RUN_EXISTS` (unless the entry with this id is that first one)",
    needs: [],
    run: refusesSecondRun,
  },
  {
    name: "lets one of many win that create the same run at once",
    rule: "StateStore.create: Rejects `RUN_EXISTS` (unless the entry with this id is that first one)",
    needs: [],
    run: oneCreator,
  },
  {
    name: "does not know a run that was never created",
    rule: "StateStore.read: Rejects `RUN_NOT_FOUND`",
    needs: [],
    run: refusesUnknown,
  },
  {
    name: "keeps the runs apart",
    rule: "StateStore: Keeps runs.",
    needs: [],
    run: keepsApart,
  },
  {
    name: "shows another handle what one has acknowledged",
    rule: "StateStore: All methods may be called at the same time, by several processes.",
    needs: ["reopen"],
    run: showsOthers,
  },
  {
    name: "refuses what another handle has overtaken",
    rule: "StateStore.append: `JOURNAL_CONFLICT` (another entry has that position: nothing of this one counts)",
    needs: ["reopen"],
    run: refusesOvertaken,
  },
  {
    name: "lets one of two handles win that race for a position",
    rule: "StateStore: All methods may be called at the same time, by several processes.",
    needs: ["reopen"],
    run: oneWinnerOfTwo,
  },
  {
    name: "takes the same id from another handle as one entry",
    rule: "StateStore.append: The same id again at its place resolves with the entry that is there.",
    needs: ["reopen"],
    run: sameIdFromOther,
  },
];

async function readsBack({ store }: StoreSubject): Promise<void> {
  const written = await makeRun(store, RUN, 5);
  const expected = [1, 2, 3, 4, 5].map((seq) => ({ ...newEntry(RUN, `${RUN}-${seq}`), seq }));
  assert.deepEqual(written, expected);
  assert.deepEqual(await readAll(store, RUN), expected);
}

async function readsAfter({ store }: StoreSubject): Promise<void> {
  const written = await makeRun(store, RUN, 4);
  for (const afterSeq of [0, 1, 3, 4, 9]) {
    assert.deepEqual(await readAll(store, RUN, afterSeq), written.slice(afterSeq), `after ${afterSeq}`);
  }
}

async function keepsAnyText({ store }: StoreSubject): Promise<void> {
  const texts = [
    '"\\\n\r\t\0\u2028\u2029',
    "naïve – 試験 🎭",
    '{"seq":1,"prev":"00000000","crc":"00000000"}\n',
    "x".repeat(3_000_000),
  ];
  const entries = texts.map((text, index) => newEntry(RUN, `e${index}`, {}, text));
  for (const [index, entry] of entries.entries()) {
    await (index === 0 ? store.create(RUN, entry) : store.append(RUN, index, entry));
  }
  assert.deepEqual(
    await readAll(store, RUN),
    entries.map((entry, index) => ({ ...entry, seq: index + 1 })),
  );
}

async function refusesStale({ store }: StoreSubject): Promise<void> {
  const written = await makeRun(store, RUN, 3);
  for (const stale of [0, 1, 2]) {
    await refuses("JOURNAL_CONFLICT", `append at ${stale + 1} of 3`, () =>
      store.append(RUN, stale, newEntry(RUN, "x")),
    );
  }
  assert.deepEqual(await readAll(store, RUN), written);
  await appends(store, 3);
}

async function refusesBeyond({ store }: StoreSubject): Promise<void> {
  const written = await makeRun(store, RUN, 2);
  await refuses("JOURNAL_CONFLICT", "append at 4 of 2", () => store.append(RUN, 3, newEntry(RUN, "x")));
  assert.deepEqual(await readAll(store, RUN), written);
  await appends(store, 2);
}

/** A refusal leaves the journal fit for the next one. */
async function appends(store: StateStore, seq: number): Promise<void> {
  const next = await store.append(RUN, seq, newEntry(RUN, "next"));
  assert.deepEqual((await readAll(store, RUN)).slice(seq), [next]);
}

async function sameIdOnce({ store }: StoreSubject): Promise<void> {
  const [first, second, third] = await makeRun(store, RUN, 3);
  assert.deepEqual(await store.create(RUN, newEntry(RUN, `${RUN}-1`)), first, "create again");
  assert.deepEqual(await store.append(RUN, 2, newEntry(RUN, `${RUN}-3`)), third, "append the last again");
  assert.deepEqual(await store.append(RUN, 1, newEntry(RUN, `${RUN}-2`)), second, "append an earlier one again");
  assert.deepEqual(await readAll(store, RUN), [first, second, third]);
}

async function refusesIdElsewhere({ store }: StoreSubject): Promise<void> {
  const written = await makeRun(store, RUN, 3);
  await refuses("JOURNAL_CONFLICT", "id of 3 at 2", () => store.append(RUN, 1, newEntry(RUN, `${RUN}-3`)));
  assert.deepEqual(await readAll(store, RUN), written);
}

async function oneWinner({ store }: StoreSubject): Promise<void> {
  await makeRun(store, RUN);
  const ids = Array.from({ length: RACERS }, (_, index) => `racer-${index}`);
  const { won, codes } = await race(ids.map((id) => store.append(RUN, 1, newEntry(RUN, id))));
  assert.equal(won.length, 1, "winners");
  assert.deepEqual(codes, Array(RACERS - 1).fill("JOURNAL_CONFLICT"));
  assert.deepEqual(await readAll(store, RUN, 1), won);
}

async function refusesSecondRun({ store }: StoreSubject): Promise<void> {
  const written = await makeRun(store, RUN, 2);
  await refuses("RUN_EXISTS", "create again", () => store.create(RUN, newEntry(RUN, "another")));
  assert.deepEqual(await readAll(store, RUN), written);
}

async function oneCreator({ store }: StoreSubject): Promise<void> {
  const ids = Array.from({ length: RACERS }, (_, index) => `creator-${index}`);
  const { won, codes } = await race(ids.map((id) => store.create(RUN, newEntry(RUN, id))));
  assert.equal(won.length, 1, "winners");
  assert.deepEqual(codes, Array(RACERS - 1).fill("RUN_EXISTS"));
  assert.deepEqual(await readAll(store, RUN), won);
}

async function refusesUnknown({ store }: StoreSubject): Promise<void> {
  await refuses("RUN_NOT_FOUND", "read", () => readAll(store, "nobody"));
  await refuses("RUN_NOT_FOUND", "append", () => store.append("nobody", 0, newEntry("nobody", "x")));
  await refuses("RUN_NOT_FOUND", "acquireLease", () => store.acquireLease("nobody", { command: "kit", ttlMs: 1000 }));
  await refuses("RUN_NOT_FOUND", "remove", () => store.remove("nobody"));
  assert.equal(await store.holder("nobody"), null);
}

async function keepsApart({ store }: StoreSubject): Promise<void> {
  const one = await makeRun(store, "one", 2);
  const two = await makeRun(store, "two", 3);
  assert.deepEqual([await readAll(store, "one"), await readAll(store, "two")], [one, two]);
}

async function showsOthers(subject: StoreSubject): Promise<void> {
  const { store } = subject;
  const [first] = await makeRun(store, RUN);
  await withSecond(subject, async (second) => {
    assert.deepEqual(await readAll(second, RUN), [first]);
    const mine = await store.append(RUN, 1, newEntry(RUN, "mine"));
    assert.deepEqual(await readAll(second, RUN, 1), [mine]);
    const yours = await second.append(RUN, 2, newEntry(RUN, "yours"));
    assert.deepEqual(await readAll(store, RUN), [first, mine, yours]);
  });
}

async function refusesOvertaken(subject: StoreSubject): Promise<void> {
  const { store } = subject;
  const written = await makeRun(store, RUN, 2);
  await withSecond(subject, async (second) => {
    const theirs = await second.append(RUN, 2, newEntry(RUN, "theirs"));
    await refuses("JOURNAL_CONFLICT", "overtaken", () => store.append(RUN, 2, newEntry(RUN, "ours")));
    assert.deepEqual(await readAll(second, RUN), [...written, theirs]);
    const next = await store.append(RUN, 3, newEntry(RUN, "next"));
    assert.deepEqual(await readAll(second, RUN), [...written, theirs, next]);
  });
}

async function oneWinnerOfTwo(subject: StoreSubject): Promise<void> {
  const { store } = subject;
  const expected = [...(await makeRun(store, RUN))];
  await withSecond(subject, async (second) => {
    for (let seq = 1; seq <= ROUNDS; seq += 1) {
      const attempts = [store, second].map((each, index) => each.append(RUN, seq, newEntry(RUN, `${seq}-${index}`)));
      const { won, codes } = await race(attempts);
      assert.equal(won.length, 1, `winners of round ${seq}`);
      assert.deepEqual(codes, ["JOURNAL_CONFLICT"]);
      expected.push(...won);
    }
    assert.deepEqual([await readAll(store, RUN), await readAll(second, RUN)], [expected, expected]);
  });
}

async function sameIdFromOther(subject: StoreSubject): Promise<void> {
  const { store } = subject;
  const written = await makeRun(store, RUN, 2);
  await withSecond(subject, async (second) => {
    await second.append(RUN, 2, newEntry(RUN, "known to the second handle"));
    const again = await store.append(RUN, 2, newEntry(RUN, "known to the second handle"));
    assert.deepEqual(await readAll(second, RUN), [...written, again]);
    const next = await second.append(RUN, 3, newEntry(RUN, "next"));
    assert.deepEqual(await readAll(store, RUN), [...written, again, next]);
  });
}
