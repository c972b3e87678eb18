import { expect, test } from "vitest";
import { sideBySide, spread } from "./side-by-side.js";

test("all jobs are performed, each result as it comes", async () => {
  const jobs = Array.from({ length: 7 }, (_, index) => async () => index);
  const results: number[] = [];
  for await (const result of sideBySide(jobs)) results.push(result);
  expect(results.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test("a part of the values is spread over all, from even and odd places in turn", () => {
  const values = Array.from({ length: 20 }, (_, index) => index);
  expect(spread(values, 4)).toEqual([0, 5, 10, 15]);
  expect(spread(values, 5)).toEqual([0, 5, 8, 13, 16]);
  expect(spread(values, 20)).toEqual(values);
});
