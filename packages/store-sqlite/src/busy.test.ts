import { join } from "node:path";
import type { Clock } from "@troupe/core";
import { expect, test } from "vitest";
import { collect, newEntry, openStore, tempStore } from "../test/temp-store.js";
import { DatabaseSync } from "./node-sqlite.js";

const RUN = "run-1";

/** A clock that moves only when somebody waits, and tells each wait. */
function steppingClock(onWait: () => void = () => {}): Clock {
  let passed = 0;
  return {
    now: () => 1_700_000_000_000 + passed,
    monotonic: () => passed,
    async wait(ms) {
      passed += ms * 100;
      onWait();
    },
  };
}

async function runWithOtherWriter() {
  const { store, folder } = await tempStore();
  await store.create(RUN, newEntry(RUN, "e1"));
  const other = new DatabaseSync(join(folder, "troupe.db"));
  other.exec("BEGIN IMMEDIATE");
  let isDone = false;
  const end = (): void => {
    if (!isDone) other.exec("COMMIT");
    isDone = true;
  };
  return { folder, other, end };
}

test("waits while another process writes", async () => {
  const { folder, other, end } = await runWithOtherWriter();
  const store = openStore(folder, { clock: steppingClock(end) });
  expect((await store.append(RUN, 1, newEntry(RUN, "e2"))).seq).toBe(2);
  other.close();
});

test("gives up on a database that stays busy, with the command that shows who has it, and writes nothing", async () => {
  const { folder, other } = await runWithOtherWriter();
  const path = join(folder, "troupe.db");
  const store = openStore(folder, { clock: steppingClock() });
  await expect(store.append(RUN, 1, newEntry(RUN, "e2"))).rejects.toMatchObject({
    code: "STORE_FAILED",
    message: `${path} is busy: another process has been writing to it`,
    hint: `See which: fuser -v "${path}"`,
  });
  expect(await collect(store.read(RUN))).toHaveLength(1); // readers are never kept waiting
  other.close();
  expect((await store.append(RUN, 1, newEntry(RUN, "e2"))).seq).toBe(2);
});

test("keeps log output in memory while another process writes, and waits for it at the end", async () => {
  const { folder, other, end } = await runWithOtherWriter();
  const store = openStore(folder, { clock: steppingClock(end) });
  const log = await store.logs.open(RUN, "WORK.1");
  log.write(Buffer.from("one "));
  await new Promise((resolve) => setImmediate(resolve));
  expect(await collect(store.logs.read(RUN, "WORK.1"))).toEqual([]);
  log.write(Buffer.from("two"));
  expect(await log.close()).toEqual({ turn: "WORK.1", bytes: 7, truncated: false });
  expect(Buffer.concat(await collect(store.logs.read(RUN, "WORK.1"))).toString()).toBe("one two");
  other.close();
});

test("shows log output as soon as the other process has written", async () => {
  const { folder, other } = await runWithOtherWriter();
  const store = openStore(folder);
  const log = await store.logs.open(RUN, "WORK.1");
  log.write(Buffer.from("late"));
  await new Promise((resolve) => setTimeout(resolve, 0)); // the first attempt
  other.exec("COMMIT");
  other.close();
  await expect
    .poll(async () => Buffer.concat(await collect(store.logs.read(RUN, "WORK.1"))).toString(), { timeout: 60_000 })
    .toBe("late");
  await log.close();
});
