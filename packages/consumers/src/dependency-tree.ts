import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Manifest, readManifest } from "./repository.js";

/** A package of a registry that an installation brings. */
export interface ThirdPartyPackage {
  readonly manifest: Manifest;
  /** Absolute, where it really lies. */
  readonly path: string;
}

/** Everything that the `dependencies` of a folder's package bring, ours left out, as this workspace's lockfile has it; by name and version. */
export function thirdPartyOf(folder: string): readonly ThirdPartyPackage[] {
  const found = new Map<string, ThirdPartyPackage>();
  const visit = (from: string): void => {
    const { dependencies, optionalDependencies } = readManifest(from);
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const path = locate(name, from);
      if (path === null) continue; // an optional one of another platform
      if (name.startsWith("@troupe/")) {
        visit(path);
        continue;
      }
      const manifest = readManifest(path);
      const key = `${manifest.name}@${manifest.version}`;
      if (found.has(key)) continue;
      found.set(key, { manifest, path });
      visit(path);
    }
  };
  visit(realpathSync(folder));
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** As Node looks: in each `node_modules` on the way to the root. */
function locate(name: string, from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, "node_modules", name);
    if (existsSync(join(path, "package.json"))) return realpathSync(path);
    if (folder === dirname(folder)) return null;
  }
}

/** Bytes of all files of a package, without what is nested in it for others. */
export function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== "node_modules")
    .map((entry) => (entry.isDirectory() ? sizeOf(join(folder, entry.name)) : statSync(join(folder, entry.name)).size))
    .reduce((sum, bytes) => sum + bytes, 0);
}
