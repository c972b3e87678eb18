import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  FOOTPRINT_PAGE,
  type Footprint,
  footprintProblems,
  LIMITS,
  renderFootprints,
  staleRows,
  statedRows,
} from "./footprint.js";
import { publishedPackages } from "./repository.js";

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
  expect(footprintProblems([{ ...small, packed: 26 * 1024, thirdParty: ["left-pad"] }])).toEqual([
    "@troupe/store-new: 26 KiB packed, the limit in packages/consumers/src/footprint.ts is 25",
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

test("the page has a row for each package; one that is missing, far off or names others is stale", () => {
  const page = renderFootprints([small]);
  expect(page).toContain("| `@troupe/store-new` | 20      | 90        | 1400      | core ");
  const stale = (one: Footprint): readonly string[] => staleRows([one], page);
  expect(stale(small)).toEqual([]);
  expect(stale({ ...small, packed: small.packed + 9 * 1024 })).toEqual([]);
  const changed: readonly Partial<Footprint>[] = [
    { name: "@troupe/other" },
    { packed: 31 * 1024 },
    { own: 120 * 1024 },
    { installed: 1700 * 1024 },
    { ours: [] },
    { thirdParty: ["p-queue"] },
  ];
  for (const change of changed) {
    expect(stale({ ...small, ...change }), JSON.stringify(change)).toEqual([change.name ?? small.name]);
  }
});

test("every published package has its limits, a quarter above what the page says and not more", () => {
  const rows = statedRows(readFileSync(FOOTPRINT_PAGE, "utf8"));
  expect(rows.map(({ name }) => name)).toEqual(publishedPackages().map(({ manifest }) => manifest.name));
  expect(Object.keys(LIMITS)).toEqual(rows.map(({ name }) => name));
  const loose = rows.flatMap(({ name, packed, installed, others }) => {
    const limit = LIMITS[name];
    const count = others === "none" ? 0 : Number.isNaN(Number(others)) ? others.split(", ").length : Number(others);
    const most = { packed: packed * 1.26 + 8, installed: installed * 1.26 + 100, thirdParty: count * 1.2 };
    return limit !== undefined &&
      (["packed", "installed", "thirdParty"] as const).every((key) => limit[key] <= most[key])
      ? []
      : [name];
  });
  expect(loose).toEqual([]);
});
