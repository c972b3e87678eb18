import { expect, test } from "vitest";
import type { PackedPackage } from "./pack-packages.js";
import { publishedPackages } from "./repository.js";
import { treeProblems } from "./tree-problems.js";

/** As they lie here, not packed: the tree is made of manifests only. */
const PACKED: readonly PackedPackage[] = publishedPackages().map(({ folder, manifest }) => ({
  folder,
  manifest,
  tarball: "",
  bytes: Buffer.alloc(0),
  files: [],
  integrity: "",
}));

const library = { packages: ["@troupe/core", "@troupe/executor-parallel"] };
const whole = ["@troupe/core@1.0.0", "@troupe/executor-parallel@1.0.0", "p-queue@10.0.0"];

test("a tree of what the packages need has no problems, also with something of others that is new", () => {
  expect(treeProblems(library, [...whole, "brought-by-a-newer-p-queue@1.0.0"], PACKED)).toEqual([]);
});

test("a package of ours that nobody asked for is named, and one of others that only another of ours needs", () => {
  expect(treeProblems(library, [...whole, "@troupe/config@1.0.0", "yaml@2.0.0", "zod@4.0.0"], PACKED)).toEqual([
    "nothing asked for needs @troupe/config",
    "nothing asked for needs yaml",
    "nothing asked for needs zod",
  ]);
});

test("what is missing is named, of ours, of others and of the user", () => {
  expect(treeProblems({ ...library, own: ["small-store"] }, ["@troupe/core@1.0.0"], PACKED)).toEqual([
    "@troupe/executor-parallel is missing",
    "p-queue is missing",
    "small-store is missing",
  ]);
});
