import { expect, test } from "vitest";
import { collect, newEntry, tempStore } from "../test/temp-store.js";

const RUN = "run-1";
const TURN = "WORK.1";

async function storeWithRun(maxLogBytes?: number) {
  const { store } = await tempStore(maxLogBytes === undefined ? {} : { maxLogBytes });
  await store.create(RUN, newEntry(RUN, "e1"));
  const text = async (offset?: number) => Buffer.concat(await collect(store.logs.read(RUN, TURN, offset))).toString();
  return { store, text, open: () => store.logs.open(RUN, TURN) };
}

test("keeps the beginning and the end of a log that is too long, and says how much is missing", async () => {
  const { open, text } = await storeWithRun(1_024);
  const log = await open();
  for (let line = 0; line < 400; line += 1) log.write(Buffer.from(`line ${String(line).padStart(4, "0")}\n`));
  const ref = await log.close();
  const kept = await text();
  expect(ref).toEqual({ turn: TURN, bytes: 1_024, truncated: true });
  expect(kept).toMatch(/^line 0000\n/);
  expect(kept).toMatch(/\n\[2976 bytes left out\]\n/);
  expect(kept).toMatch(/line 0399\n$/);
  expect(kept.length).toBe(1_024 + "\n[2976 bytes left out]\n".length);
});

test("leaves nothing out where beginning and end meet", async () => {
  const { open, text } = await storeWithRun(1_024);
  const log = await open();
  const whole = "0123456789abcdef".repeat(64);
  for (let at = 0; at < whole.length; at += 100) log.write(Buffer.from(whole.slice(at, at + 100)));
  expect(await log.close()).toEqual({ turn: TURN, bytes: 1_024, truncated: false });
  expect(await text()).toBe(whole);
});

test("goes on behind what a log has when it is opened again, within the same bound", async () => {
  const { open, text } = await storeWithRun(1_024);
  const first = await open();
  first.write(Buffer.from("a".repeat(500)));
  await first.close();
  const second = await open();
  second.write(Buffer.from("b".repeat(600)));
  expect(await second.close()).toEqual({ turn: TURN, bytes: 1_024, truncated: true });
  expect(await text()).toBe(`${"a".repeat(500)}${"b".repeat(12)}\n[76 bytes left out]\n${"b".repeat(512)}`);
  expect(await text(499)).toMatch(/^ab/);
});

test("bounds a huge log in memory and in the file", async () => {
  const { open, store } = await storeWithRun();
  const log = await open();
  const chunk = Buffer.alloc(256 * 1024, "huge ");
  for (let count = 0; count < 1_000; count += 1) {
    log.write(chunk);
    if (count % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const ref = await log.close();
  expect(ref.truncated).toBe(true);
  expect(ref.bytes).toBeLessThanOrEqual(64 * 1024 * 1024);
  let size = 0;
  let tail = Buffer.alloc(0);
  for await (const part of store.logs.read(RUN, TURN)) {
    size += part.length;
    tail = Buffer.concat([tail, part]).subarray(-50);
  }
  expect(size).toBeLessThan(64 * 1024 * 1024 + 100);
  expect(tail.toString()).toBe(chunk.subarray(-50).toString());
});

test("drops what comes for a run that was removed meanwhile, and for a log that is closed", async () => {
  const { open, store, text } = await storeWithRun();
  const log = await open();
  log.write(Buffer.from("one"));
  await expect.poll(() => text()).toBe("one");
  await store.remove(RUN);
  log.write(Buffer.from("two"));
  expect(await log.close()).toEqual({ turn: TURN, bytes: 3, truncated: true });
  log.write(Buffer.from("three"));
  expect(await text()).toBe("");
});
