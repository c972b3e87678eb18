import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CLEAN_WORKSPACE, PLANTS } from "./boundary-plants.js";
import { readRootFile, runTool } from "./repository.js";
import { createScratchFolder, type ScratchFiles } from "./scratch-folder.js";

const CONFIG = ".dependency-cruiser.mjs";

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
  readonly to: string;
}

const byFile = <Item extends { from: string }>(items: readonly Item[]): readonly Item[] =>
  [...items].sort((a, b) => (a.from < b.from ? -1 : 1));

async function findViolations(files: ScratchFiles): Promise<readonly object[]> {
  const npm = Object.fromEntries(
    ["third-party", "dev-only"].flatMap((name) => [
      [`node_modules/${name}/package.json`, JSON.stringify({ name, version: "1.0.0", main: "index.js" })],
      [`node_modules/${name}/index.js`, ""],
    ]),
  );
  const folder = await createScratchFolder({ ...files, ...npm, [CONFIG]: readRootFile(CONFIG) });
  await mkdir(join(folder, "node_modules", "@troupe"));
  for (const path of Object.keys(files)) {
    const [, name] = /^packages\/([^/]+)\/package\.json$/.exec(path) ?? [];
    if (name !== undefined) {
      await symlink(join(folder, "packages", name), join(folder, "node_modules", "@troupe", name), "junction");
    }
  }
  const args = ["packages", "--config", CONFIG, "--output-type", "json"];
  const { stdout, stderr } = await runTool("dependency-cruiser", "depcruise", args, folder);
  expect(stderr).toBe("");
  const { summary }: { summary: { violations: readonly Violation[] } } = JSON.parse(stdout);
  return byFile(summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })));
}

test("a workspace without a violation has none reported", async () => {
  expect(await findViolations(CLEAN_WORKSPACE)).toEqual([]);
}, 60_000);

test("every planted violation is reported by exactly its own rule", async () => {
  const planted: readonly ScratchFiles[] = PLANTS.map(({ from, text, beside }) => ({ [from]: text, ...beside }));
  const violations = await findViolations(Object.assign({}, CLEAN_WORKSPACE, ...planted));
  expect(violations).toEqual(byFile(PLANTS.map(({ rule, from, to }) => ({ rule, from, to }))));
}, 60_000);

test("every rule has a planted violation and is an error", async () => {
  const { default: config } = await import(/* @vite-ignore */ new URL(`../../../${CONFIG}`, import.meta.url).href);
  const rules: readonly { name: string; severity: string }[] = config.forbidden;
  expect(rules.filter(({ severity }) => severity !== "error")).toEqual([]);
  expect([...new Set(PLANTS.map(({ rule }) => rule))].sort()).toEqual(rules.map(({ name }) => name).sort());
});
