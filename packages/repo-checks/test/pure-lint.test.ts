import { expect, test } from "vitest";
import { readRootFile, runTool } from "./repository.js";
import { createScratchFolder } from "./scratch-folder.js";

const PURE_FOLDERS = ["errors", "model", "plugin", "state"];
const GLOBAL = "lint/style/noRestrictedGlobals";
const MODULE = "lint/correctness/noNodejsModules";
const RANDOM = "plugin";

/** One line of impure code each, with the rule that must report it. */
const IMPURE: readonly (readonly [code: string, rule: string])[] = [
  ["export const now = Date.now();", GLOBAL],
  ["export const date = new Date();", GLOBAL],
  ["export const start = performance.now();", GLOBAL],
  ["export const random = Math.random();", RANDOM],
  ['export const hidden = Math["random"]();', RANDOM],
  ["const { random: renamed } = Math;", RANDOM],
  ["export const id = crypto.randomUUID();", GLOBAL],
  ["export const home = process.env;", GLOBAL],
  ["export const cores = navigator.hardwareConcurrency;", GLOBAL],
  ["setTimeout(() => {}, 1);", GLOBAL],
  ["setInterval(() => {}, 1);", GLOBAL],
  ["setImmediate(() => {});", GLOBAL],
  ["queueMicrotask(() => {});", GLOBAL],
  ['fetch("https://example.org");', GLOBAL],
  ['console.log("here");', GLOBAL],
  ["export const all = globalThis;", GLOBAL],
  ["export const same = global;", GLOBAL],
  ['import "node:fs";', MODULE],
  ['export { join } from "node:path";', MODULE],
  ['export const later: unknown = import("node:os");', MODULE],
];

interface Diagnostic {
  readonly severity: string;
  readonly category: string;
  readonly location: { readonly path: string; readonly start: { readonly line: number } };
}

/** `path:line rule` of every error that the repository's own configuration reports. */
async function lintErrors(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const configuration = ["biome.json", "no-random.grit"];
  const folder = await createScratchFolder({
    ...Object.fromEntries(configuration.map((name) => [name, readRootFile(name)])),
    ...files,
  });
  const args = ["lint", "--vcs-enabled=false", "--reporter=json", "--max-diagnostics=none", "packages"];
  const { stdout } = await runTool("@biomejs/biome", "biome", args, folder);
  const { diagnostics }: { diagnostics: readonly Diagnostic[] } = JSON.parse(stdout);
  return diagnostics
    .filter(({ severity, category }) => severity === "error" && !category.endsWith("/noUnusedVariables"))
    .map(({ location, category }) => `${location.path}:${location.start.line} ${category}`)
    .sort();
}

const text = IMPURE.map(([code]) => code).join("\n");

test("clock, randomness, environment, timers and node modules are errors in every pure folder of core", async () => {
  const paths = PURE_FOLDERS.map((folder) => `packages/core/src/${folder}/impure.ts`);
  const expected = paths.flatMap((path) => IMPURE.map(([, rule], index) => `${path}:${index + 1} ${rule}`));
  expect(await lintErrors(Object.fromEntries(paths.map((path) => [path, text])))).toEqual(expected.sort());
}, 60_000);

test("the same code is allowed in the engine and in tests beside pure code", async () => {
  const paths = ["packages/core/src/engine/impure.ts", "packages/core/src/state/impure.test.ts"];
  expect(await lintErrors(Object.fromEntries(paths.map((path) => [path, text])))).toEqual([]);
}, 60_000);
