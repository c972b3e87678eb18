import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { packageOf, updateCommand, updateOwnCommand } from "./install-command.js";

async function createProject(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "troupe-install-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

const STORE = { "node_modules/old-store/package.json": "{}" };
const used = '{ "dependencies": { "old-store": "1.0.0" } }';
const forDevelopment = '{ "devDependencies": { "old-store": "1.0.0" } }';

test.each([
  ["npm, in use", { ...STORE, "package.json": used, "package-lock.json": "{}" }, "npm install old-store@latest"],
  ["npm, for development", { ...STORE, "package.json": forDevelopment }, "npm install --save-dev old-store@latest"],
  ["without a manifest", STORE, "npm install --save-dev old-store@latest"],
  ["pnpm, in use", { ...STORE, "package.json": used, "pnpm-lock.yaml": "" }, "pnpm add old-store@latest"],
  ["pnpm", { ...STORE, "pnpm-lock.yaml": "" }, "pnpm add --save-dev old-store@latest"],
  ["yarn", { ...STORE, "yarn.lock": "" }, "yarn add --dev old-store@latest"],
  ["bun", { ...STORE, "bun.lock": "" }, "bun add --dev old-store@latest"],
  ["nobody", {}, "npm install --global old-store@latest"],
])("a package that was installed by %s is updated the same way", async (_, files, command) => {
  expect(updateCommand("old-store", await createProject(files))).toBe(command);
});

test("what lies in a workspace above the project belongs to the workspace", async () => {
  const root = await createProject({ ...STORE, "package.json": used, "pnpm-lock.yaml": "", "packages/one/x": "" });
  expect(updateCommand("old-store", join(root, "packages/one"))).toBe("pnpm add old-store@latest");
});

test("the command that runs is updated, not another one that the project has", async () => {
  const root = await createProject({ "node_modules/@troupe/cli/package.json": "{}" });
  const own = join(root, "node_modules/@troupe/cli/dist/bin.cjs");
  expect(updateOwnCommand(own, root)).toBe("npm install --save-dev @troupe/cli@latest");
  expect(
    [
      "/usr/lib/node_modules/@troupe/cli/dist/bin.cjs",
      "/home/ann/.npm/_npx/1a2b/node_modules/@troupe/cli/dist/bin.cjs",
      "/home/ann/.local/share/pnpm/global/5/.pnpm/@troupe+cli@1.0.0/node_modules/@troupe/cli/dist/bin.cjs",
    ].map((file) => updateOwnCommand(file, root)),
  ).toEqual([
    "npm install --global @troupe/cli@latest",
    "npx @troupe/cli@latest",
    "pnpm add --global @troupe/cli@latest",
  ]);
});

test("a module inside a package belongs to that package", () => {
  expect(["@nice/agent/inside", "@nice/agent", "plain/inside", "plain"].map(packageOf)).toEqual([
    "@nice/agent",
    "@nice/agent",
    "plain",
    "plain",
  ]);
});
