import { execFile } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { promisify } from "node:util";

/** Paths of files below a folder, each with what tells whether it was written since: size and time of change. */
export type TreeFiles = ReadonlyMap<string, string>;

const NEVER: ReadonlySet<string> = new Set([".git", "node_modules", ".troupe"]);
const MAX_LISTING_BYTES = 64 * 1024 * 1024;

/** All files that an author would keep: what git knows or would add; without git, all but dependencies and state. */
export async function listTree(folder: string): Promise<TreeFiles> {
  const paths = (await listByGit(folder)) ?? (await listByHand(folder));
  const files = new Map<string, string>();
  for (const path of paths) {
    const found = await stat(join(folder, path), { bigint: true }).catch(() => null); // deleted, and git still knows it
    if (found?.isFile() === true) files.set(path, `${found.size} ${found.mtimeNs} ${found.ino}`);
  }
  return files;
}

/** Paths that were written, or are gone, between two looks. */
export function changedBetween(before: TreeFiles, after: TreeFiles): readonly string[] {
  const written = [...after].flatMap(([path, mark]) => (before.get(path) === mark ? [] : [path]));
  return [...written, ...[...before.keys()].filter((path) => !after.has(path))].toSorted();
}

async function listByGit(folder: string): Promise<readonly string[] | null> {
  try {
    const args = ["--no-optional-locks", "-c", "core.fsmonitor=false", "ls-files", "-z"];
    const options = { cwd: folder, maxBuffer: MAX_LISTING_BYTES };
    const { stdout } = await promisify(execFile)(
      "git",
      [...args, "--cached", "--others", "--exclude-standard"],
      options,
    );
    const paths = stdout.split("\0").filter((path) => path !== "");
    return paths.filter((path) => !path.split("/").some((part) => NEVER.has(part)));
  } catch {
    return null; // no git, or no repository
  }
}

async function listByHand(folder: string): Promise<readonly string[]> {
  const paths: string[] = [];
  const folders = [folder];
  for (const one of folders) {
    for (const entry of await readdir(one, { withFileTypes: true }).catch(() => [])) {
      if (NEVER.has(entry.name)) continue;
      const path = join(one, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile()) paths.push(relative(folder, path).split(sep).join("/"));
    }
  }
  return paths;
}
