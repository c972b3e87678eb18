import { readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { PackedPackage } from "./pack-packages.js";
import { packageManager, ROOT, readManifest } from "./repository.js";
import { runToSuccess } from "./run-program.js";

export type ManagerName = "npm" | "pnpm";

/** Where packages come from. */
export interface PackageSource {
  readonly packed: readonly PackedPackage[];
  readonly registryUrl: string;
}

/** Installs as a user would, in a folder that has no package.json yet; gives all packages of the tree, sorted. */
export async function install(
  manager: ManagerName,
  folder: string,
  packages: readonly string[],
  source: PackageSource,
): Promise<readonly string[]> {
  await writeFile(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  return manager === "npm"
    ? await installWithNpm(folder, packages, source)
    : await installWithPnpm(folder, packages, source);
}

/** `npm install NAME...`, word for word: our names come from the loopback registry, all others from the usual one. */
async function installWithNpm(
  folder: string,
  packages: readonly string[],
  source: PackageSource,
): Promise<readonly string[]> {
  await writeFile(join(folder, ".npmrc"), `@troupe:registry=${source.registryUrl}\n`);
  // a cache of its own, so that no tarball of ours stays in the user's
  const cache = join(ROOT, "node_modules/.cache/consumers-npm");
  const quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--prefer-offline", "--loglevel=error"];
  await runToSuccess("npm", ["install", "--install-links", `--cache=${cache}`, ...quiet, ...packages], { cwd: folder });
  const lock = JSON.parse(await readFile(join(folder, "node_modules/.package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, { readonly version: string }>>;
  };
  const installed = Object.entries(lock.packages).map(
    ([path, { version }]) => `${path.replace(/^.*node_modules\//, "")}@${version}`,
  );
  return [...new Set(installed)].sort();
}

/** `pnpm add`, with overrides that put a tarball in the place of each of our packages. */
async function installWithPnpm(
  folder: string,
  packages: readonly string[],
  source: PackageSource,
): Promise<readonly string[]> {
  const overrides = source.packed.map(({ manifest, tarball }) => `  "${manifest.name}": "file:${tarball}"`);
  await writeFile(join(folder, "pnpm-workspace.yaml"), `overrides:\n${overrides.join("\n")}\n`);
  const dependencies = Object.fromEntries(
    packages.map((name) => (name.startsWith(".") ? [basename(name), `file:${name}`] : [name, "*"])),
  );
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module", dependencies }));
  await runToSuccess("npx", ["-y", packageManager(), "install", "--prefer-offline"], { cwd: folder });
  return await listPnpmTree(folder);
}

async function listPnpmTree(folder: string): Promise<readonly string[]> {
  const places = join(folder, "node_modules/.pnpm");
  const found = new Set<string>();
  for (const place of await readdir(places)) {
    for (const path of await foldersIn(join(places, place, "node_modules"))) {
      const { name, version } = readManifest(path);
      found.add(`${name}@${version}`);
    }
  }
  return [...found].sort();
}

/** Packages that really lie in a `node_modules`, not the links to others. */
async function foldersIn(modules: string): Promise<readonly string[]> {
  const entries = await readdir(modules, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory() && entry.name !== ".bin");
  const scoped = await Promise.all(
    folders.map(({ name }) => (name.startsWith("@") ? foldersIn(join(modules, name)) : [join(modules, name)])),
  );
  return scoped.flat();
}
