import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findImportEntry } from "./find-import-entry.js";

async function createProject(manifests: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "troupe-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(manifests)) {
    const path = join(folder, "node_modules", name, "package.json");
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  return folder;
}

const CASES: readonly (readonly [string, unknown, string, string | null])[] = [
  ["a string", "./main.js", "it", "main.js"],
  ["conditions", { require: "./old.cjs", import: "./new.js" }, "it", "new.js"],
  ["nested conditions", { import: { browser: "./web.js", default: "./node.js" } }, "it", "node.js"],
  ["only require", { require: "./old.cjs" }, "it", null],
  ["subpaths", { ".": "./main.js", "./store": { import: "./store.js" } }, "it/store", "store.js"],
  ["a subpath that is not exported", { ".": "./main.js" }, "it/store", null],
  ["a subpath of a package with one entry", "./main.js", "it/store", null],
  ["a path out of the package", "../elsewhere.js", "it", null],
  ["nothing that is understood", 5, "it", null],
];

test.each(CASES)("exports that are %s", async (_, exports, name, expected) => {
  const folder = await createProject({ it: JSON.stringify({ exports }) });
  const found = findImportEntry(name, join(folder, "sub", "deep", "troupe.yaml"));
  expect(found).toBe(expected === null ? null : join(folder, "node_modules", "it", expected));
});

test("a manifest that cannot be read is none, and the nearest package counts", async () => {
  const folder = await createProject({ broken: "{", list: "[]", "@scope/it": '{ "exports": "./main.js" }' });
  const from = join(folder, "troupe.yaml");
  expect(findImportEntry("broken", from)).toBeNull();
  expect(findImportEntry("list", from)).toBeNull();
  expect(findImportEntry("", from)).toBeNull();
  expect(findImportEntry("@scope/it", from)).toBe(join(folder, "node_modules/@scope/it/main.js"));
});
