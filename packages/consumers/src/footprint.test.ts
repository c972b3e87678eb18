import { expect, test } from "vitest";
import { type Footprint, footprintProblems, renderFootprints, staleRows } from "./footprint.js";

const small: Footprint = {
  name: "@troupe/store-new",
  packed: 20 * 1024,
  own: 90 * 1024,
  installed: 1400 * 1024,
  ours: ["@troupe/core"],
  thirdParty: [],
};

test("a new package is held to the strictest limits until it is given others", () => {
  expect(footprintProblems([small])).toEqual([]);
  expect(footprintProblems([{ ...small, packed: 151 * 1024, thirdParty: ["left-pad"] }])).toEqual([
    "@troupe/store-new: 151 KiB packed, the limit in packages/consumers/src/footprint.ts is 150",
    "@troupe/store-new: 1 packages of others, the limit in packages/consumers/src/footprint.ts is 0",
  ]);
});

test("core and the stores may bring nothing of others, the executor p-queue only", () => {
  const names = ["core", "store-fs", "store-sqlite"].map((name) => `@troupe/${name}`);
  const one = names.map((name) => ({ ...small, name, thirdParty: ["p-queue"] }));
  expect(footprintProblems(one)).toHaveLength(3);
  const executor = { ...small, name: "@troupe/executor-parallel", packed: 1 };
  expect(footprintProblems([{ ...executor, thirdParty: ["p-queue"] }])).toEqual([]);
  expect(footprintProblems([{ ...executor, thirdParty: ["p-queue", "eventemitter3"] }])).toHaveLength(1);
});

test("the page has a row for each package, and a row that is missing or far off is stale", () => {
  expect(renderFootprints([small])).toContain("| `@troupe/store-new` | 20      | 90        | 1400      | core ");
  expect(staleRows([small])).toEqual(["@troupe/store-new"]);
});
