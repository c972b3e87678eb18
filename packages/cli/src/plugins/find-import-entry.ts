import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Conditions under which Node's `import` takes an entry of `exports`. */
const CONDITIONS = ["node", "import", "module-sync", "default"];

/**
 * The file that `import name` means for a module at `from`, for packages whose `exports` only know `import`: `require`
 * does not find those, and `import.meta.resolve` looks from here only. Null = there is no such package or entry.
 */
export function findImportEntry(name: string, from: string): string | null {
  const [, packageName, subpath = ""] = /^((?:@[^/]+\/)?[^/]+)(\/.+)?$/.exec(name) ?? [];
  const found = packageName === undefined ? null : findPackage(packageName, from);
  const entry = found === null ? null : entryOf(found.manifest.exports, `.${subpath}`);
  return found === null || entry === null ? null : join(found.folder, entry);
}

/** A package as it is installed. */
export interface InstalledPackage {
  /** Absolute. */
  readonly folder: string;
  readonly manifest: { readonly exports?: unknown; readonly version?: unknown };
}

/**
 * The package that a module at `from` gets by its name: the nearest one upward. Null = there is none. It looks without
 * waiting: handing each of ten looks to another thread costs more than all of them together.
 */
export function findPackage(name: string, from: string): InstalledPackage | null {
  for (let above = dirname(from); ; above = dirname(above)) {
    // not `join`, which goes through a path letter by letter: mostly nothing is there
    const manifest = readManifest(`${above}/node_modules/${name}/package.json`);
    if (manifest !== null) return { folder: join(above, "node_modules", name), manifest };
    if (dirname(above) === above) return null;
  }
}

function readManifest(path: string): InstalledPackage["manifest"] | null {
  if (!existsSync(path)) return null; // far cheaper than an error
  try {
    const manifest: unknown = JSON.parse(readFileSync(path, "utf8"));
    return isMap(manifest) ? manifest : null;
  } catch {
    return null; // none that could be used
  }
}

function entryOf(exports: unknown, subpath: string): string | null {
  const hasSubpaths = isMap(exports) && Object.keys(exports).some((key) => key.startsWith("."));
  if (hasSubpaths) return targetOf(exports[subpath]);
  return subpath === "." ? targetOf(exports) : null;
}

function targetOf(target: unknown): string | null {
  if (typeof target === "string") return target.startsWith("./") ? target : null;
  if (!isMap(target)) return null;
  for (const [condition, inner] of Object.entries(target)) {
    const found = CONDITIONS.includes(condition) ? targetOf(inner) : null;
    if (found !== null) return found;
  }
  return null;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
