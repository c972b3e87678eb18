import { expect, test } from "vitest";
import { nearestName } from "./nearest-name.js";

test.each<readonly [string, readonly string[], string | null]>([
  ["BUILDS", ["PLAN", "BUILD"], "BUILD"],
  ["BIULD", ["PLAN", "BUILD"], "BUILD"],
  ["spec_review", ["SPEC-REVIEW", "SPEC"], "SPEC-REVIEW"],
  ["IMPL", ["TEST", "IMPLEMENTATION"], "IMPLEMENTATION"],
  ["TEST", ["PLAN", "BUILD"], null],
  ["", ["A"], null],
  ["A", [""], null],
  ["x".repeat(65), ["x".repeat(64)], null],
])("nearest to %s of %j is %s", (name, candidates, expected) => {
  expect(nearestName(name, candidates)).toBe(expected);
});
