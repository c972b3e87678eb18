import { expect, test } from "vitest";
import { ratioOf, spreadOf } from "./statistics.js";

test("the median of an odd and of an even count, with the range", () => {
  expect(spreadOf([5, 1, 9])).toEqual({ median: 5, min: 1, max: 9, count: 3 });
  expect(spreadOf([4, 1, 9, 2])).toEqual({ median: 3, min: 1, max: 9, count: 4 });
  expect(() => spreadOf([])).toThrow("nothing was measured");
});

test("ratios are taken pair by pair: a machine that has become slower does not move them", () => {
  const pairs = [
    { value: 2, floor: 1 },
    { value: 20, floor: 10 },
    { value: 3, floor: 1 },
  ];
  expect(ratioOf(pairs)).toEqual({ median: 2, min: 2, max: 3, count: 3 });
});
