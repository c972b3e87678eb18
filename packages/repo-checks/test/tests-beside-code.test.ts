import { existsSync, readFileSync } from "node:fs";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT, readPublishedPackages, readRootFile, runProgram, runTool } from "./repository.js";
import { createScratchFolder, type ScratchFiles } from "./scratch-folder.js";

const published = readPublishedPackages();
const FAILING_TEST = 'import { expect, test } from "vitest";\ntest("planted", () => expect(1).toBe(2));\n';

/** The workspace's configuration around packages whose source is one line and a planted test beside it. */
async function plantTests(): Promise<string> {
  const keep = (paths: readonly string[]): ScratchFiles =>
    Object.fromEntries(paths.map((path) => [path, readRootFile(path)]));
  const files = published.map(({ folder }) => ({
    ...keep(["package.json", "tsconfig.json", "vitest.config.ts"].map((name) => `packages/${folder}/${name}`)),
    [`packages/${folder}/src/index.ts`]: "export const one: number = 1;\n",
    [`packages/${folder}/src/planted.test.ts`]: FAILING_TEST,
    [`packages/${folder}/src/deep/planted.test.ts`]: FAILING_TEST,
  }));
  const root = keep(["package.json", "tsconfig.json", "tsconfig.base.json", "vitest.config.ts", "vitest.shared.ts"]);
  const folder = await createScratchFolder(Object.assign({}, root, ...files));
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
  return folder;
}

test("a failing test beside the code of any package is found and fails the run", async () => {
  const folder = await plantTests();
  const report = join(folder, "report.json");
  const args = ["run", "--reporter=json", `--outputFile.json=${report}`];
  const { code } = await runTool("vitest", "vitest", args, folder);
  const { numFailedTests, numPassedTests }: Record<string, number> = JSON.parse(readFileSync(report, "utf8"));
  expect({ code, numFailedTests, numPassedTests }).toEqual({
    code: 1,
    numFailedTests: 2 * published.length,
    numPassedTests: 0,
  });
}, 120_000);

test("a test beside the code is neither compiled nor packed", async () => {
  const folder = await plantTests();
  expect(await runTool("typescript", "tsc", ["-b"], folder)).toEqual({ code: 0, stdout: "", stderr: "" });
  const paths = published.map(({ folder: name }) => `./packages/${name}`);
  for (const path of paths) {
    expect(existsSync(join(folder, path, "dist", "index.d.ts"))).toBe(true);
    expect(existsSync(join(folder, path, "dist", "planted.test.js"))).toBe(false);
  }
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const { stdout } = await runProgram(npm, ["pack", "--dry-run", "--json", ...paths], { cwd: folder });
  const tarballs: readonly { name: string; files: readonly { path: string }[] }[] = JSON.parse(stdout);
  const types = ["dist/index.d.ts", "dist/index.d.ts.map"];
  // core and the command are compiled by their bundlers, and the command is packed without its sources
  const compiled = (name: string): readonly string[] =>
    name === "core" ? types : [...types, "dist/index.js", "dist/index.js.map"];
  const filesOf = (name: string): readonly string[] =>
    name === "cli" ? ["dist/index.d.ts", "package.json"] : [...compiled(name), "package.json", "src/index.ts"];
  expect(tarballs.map(({ name, files }) => ({ name, files: files.map(({ path }) => path).sort() }))).toEqual(
    published.map(({ folder: name, manifest }) => ({
      name: manifest.name,
      files: filesOf(name),
    })),
  );
}, 120_000);
