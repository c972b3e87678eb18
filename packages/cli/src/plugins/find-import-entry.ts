import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Conditions under which Node's `import` takes an entry of `exports`. */
const CONDITIONS = ["node", "import", "module-sync", "default"];

/**
 * The file that `import name` means for a module at `from`, for packages whose `exports` only know `import`: `require`
 * does not find those, and `import.meta.resolve` looks from here only. Null = there is no such package or entry.
 */
export async function findImportEntry(name: string, from: string): Promise<string | null> {
  const [, packageName, subpath = ""] = /^((?:@[^/]+\/)?[^/]+)(\/.+)?$/.exec(name) ?? [];
  if (packageName === undefined) return null;
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    const home = join(folder, "node_modules", packageName);
    const manifest = await readManifest(join(home, "package.json"));
    if (manifest !== null) {
      const entry = entryOf(manifest.exports, `.${subpath}`);
      return entry === null ? null : join(home, entry);
    }
    if (dirname(folder) === folder) return null;
  }
}

async function readManifest(path: string): Promise<{ readonly exports?: unknown } | null> {
  try {
    const manifest: unknown = JSON.parse(await readFile(path, "utf8"));
    return isMap(manifest) ? manifest : null;
  } catch {
    return null; // no package here, or none that could be used
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
