import { matchesGlob } from "node:path";
import { expect, test } from "vitest";
import config from "../../../vitest.config.js";
import { listFiles, readPublishedPackages } from "./repository.js";

interface Thresholds {
  readonly lines?: number;
  readonly statements?: number;
  readonly functions?: number;
  readonly branches?: number;
}

const { include = [], exclude = [], thresholds = {} } = Object(config).test.coverage;
const byGlob: readonly (readonly [string, Thresholds])[] = Object.entries(thresholds).filter(
  (entry): entry is [string, Thresholds] => typeof entry[1] === "object",
);
const measured = listFiles("packages").filter(
  (path) =>
    include.some((glob: string) => matchesGlob(path, glob)) && !exclude.some((glob: string) => matchesGlob(path, glob)),
);

/** The strictest thresholds of the globs that match a file. */
function thresholdsOf(path: string): Required<Thresholds> {
  const matching = byGlob.filter(([glob]) => matchesGlob(path, glob)).map(([, values]) => values);
  const strictest = (key: keyof Thresholds): number => Math.max(0, ...matching.map((values) => values[key] ?? 0));
  return {
    lines: strictest("lines"),
    statements: strictest("statements"),
    functions: strictest("functions"),
    branches: strictest("branches"),
  };
}

test("a threshold whose glob matches no file would pass unseen: every glob matches some", () => {
  const empty = byGlob.filter(([glob]) => !measured.some((path) => matchesGlob(path, glob)));
  expect(empty.map(([glob]) => glob)).toEqual([]);
});

test("every published package has its own thresholds, so that none hides behind the others' average", () => {
  const all = readPublishedPackages().map(({ folder }) => `packages/${folder}/src/index.ts`);
  const least = all.map((path) => [path, Math.min(...Object.values(thresholdsOf(path))) >= 85]);
  expect(least.filter(([, isEnough]) => isEnough !== true)).toEqual([]);
});

test("the executor is held to 95 per cent", () => {
  const expected = { lines: 95, statements: 95, functions: 95, branches: 95 };
  expect(thresholdsOf("packages/executor-parallel/src/parallel-stage-executor.ts")).toEqual(expected);
});

test.each(["errors", "model", "plugin", "state"])("core/src/%s is held to all of its branches", (folder) => {
  expect(thresholdsOf(`packages/core/src/${folder}/any.ts`).branches).toBe(100);
});
