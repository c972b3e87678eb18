import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));

/** The argv of the command from source. */
export const SELF: readonly string[] = [
  process.execPath,
  "--no-warnings",
  "--conditions=@troupe/source",
  "--import",
  import.meta.resolve("tsx"),
  join(PACKAGE, "src/bin.ts"),
];

/** A change to the small store: the text that goes, and what takes its place. */
export type Change = readonly [was: string, becomes: string];

/** A folder with the given modules, which find `@troupe/core` as in a project. */
export async function projectWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "troupe-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "node_modules/@troupe"), { recursive: true });
  await symlink(join(PACKAGE, "../core"), join(folder, "node_modules/@troupe/core"), "dir");
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

/** Both files of the README's store in a folder, with changes; gives the path of the module for the kit. */
export async function smallStore(...changes: readonly Change[]): Promise<string> {
  const readme = await readFile(join(PACKAGE, "README.md"), "utf8");
  const [store = "", kit = ""] = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, text]) => text);
  let changed = store;
  for (const [was, becomes] of changes) {
    if (changed.split(was).length !== 2) throw new Error(`the store does not hold this once: ${was}`);
    changed = changed.replace(was, () => becomes);
  }
  const folder = await projectWith({ "small-store.js": changed, "small-store.kit.js": kit });
  return join(folder, "small-store.kit.js");
}
