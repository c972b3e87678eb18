import { expect, test } from "vitest";
import { createWaitingRoom } from "./waiting-room.js";

const KIB = 1024;

test("bytes come out in the order in which they went in, whatever the pieces", () => {
  const queue = createWaitingRoom().open();
  const bytes = Buffer.from(Array.from({ length: 700 * KIB }, (_, index) => index % 251));
  for (let at = 0; at < bytes.length; at += 10_007)
    expect(queue.enter(bytes.subarray(at, at + 10_007))).toBeGreaterThan(0);
  const out: Buffer[] = [];
  for (let first = queue.first(); first !== null; first = queue.first()) {
    out.push(Buffer.from(first));
    queue.leave();
  }
  expect(Buffer.concat(out).equals(bytes)).toBe(true);
});

test("what is being written stays as it is while more comes", () => {
  const queue = createWaitingRoom().open();
  queue.enter(Buffer.from("one"));
  const first = queue.first();
  queue.enter(Buffer.from("two"));
  expect(String(first)).toBe("one");
  queue.leave();
  expect(String(queue.first())).toBe("two");
});

test("one that floods fills the room and no more; the others still find their place", () => {
  const room = createWaitingRoom();
  const [flood, quiet] = [room.open(), room.open()];
  const taken = flood.enter(Buffer.alloc(64 * KIB * KIB));
  expect([taken, flood.enter(Buffer.alloc(1))]).toEqual([4 * KIB * KIB, 0]);
  expect([quiet.enter(Buffer.alloc(512 * KIB)), quiet.enter(Buffer.alloc(1))]).toEqual([512 * KIB, 0]);
  flood.clear();
  expect([flood.first(), quiet.enter(Buffer.alloc(1)), flood.enter(Buffer.alloc(300 * KIB))]).toEqual([
    null,
    1,
    300 * KIB,
  ]);
});

test("places that were left are used again: their old bytes are not seen", () => {
  const queue = createWaitingRoom().open();
  queue.enter(Buffer.from("a long text"));
  queue.first();
  queue.leave();
  queue.enter(Buffer.from("new"));
  expect(String(queue.first())).toBe("new");
});
