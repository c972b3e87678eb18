import fc from "fast-check";
import { expect, test } from "vitest";
import { longestFirst } from "./longest-first.js";

const order = (ids: readonly string[], expectedMs?: Readonly<Record<string, number>>) =>
  longestFirst(ids, (id) => id, expectedMs);

test("the longest goes first, equals and unknown ones in declared order, unknown ones before the others", () => {
  const ids = ["a", "b", "c", "d", "e", "f"];
  expect(order(ids, { a: 10, c: 300, d: 10, e: 20 })).toEqual(["b", "f", "c", "e", "a", "d"]);
});

test("where nothing is known the declared order stays, whatever a stage is called", () => {
  expect([order(["b", "a"]), order(["b", "a"], {}), order(["constructor", "a"], { a: 1 })]).toEqual([
    ["b", "a"],
    ["b", "a"],
    ["constructor", "a"],
  ]);
});

/** When the last is done, if each goes to the first slot that is free. */
function makespan(durations: readonly number[], slots: number): number {
  const busyUntil = Array.from({ length: slots }, () => 0);
  for (const duration of durations) {
    const first = busyUntil.indexOf(Math.min(...busyUntil));
    busyUntil[first] = (busyUntil[first] ?? 0) + duration;
  }
  return Math.max(...busyUntil);
}

test("takes at most four thirds of what no order can be faster than, or of that and a third of the longest", () => {
  const durations = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(durations, fc.integer({ min: 1, max: 8 }), (given, slots) => {
      const ids = given.map((_, index) => `S${index}`);
      const known = Object.fromEntries(given.map((ms, index) => [`S${index}`, ms]));
      const longest = order(ids, known).map((id) => known[id] ?? 0);
      const bound = Math.max(given.reduce((sum, ms) => sum + ms, 0) / slots, ...given);
      // the best can be above the bound when the jobs do not fit into the slots: by less than the job that ends last
      const last = Math.min(...longest.slice(0, slots + 1));
      expect(makespan(longest, slots)).toBeLessThanOrEqual(Math.max((4 / 3) * bound, bound + last));
    }),
  );
});
