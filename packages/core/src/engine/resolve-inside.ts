import { lstat, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { TroupeError } from "../errors/troupe-error.js";
import { pathProblem } from "../model/path-name.js";

/**
 * The absolute path of `path` below `root`, safe to open for reading or writing: no absolute path, no `..`, no NUL, no
 * Windows device name, and no symbolic link that leads out. Parts that do not exist yet are fine.
 * Rejects `PATH_OUTSIDE`.
 */
export async function resolveInside(root: string, path: string): Promise<string> {
  const problem = pathProblem(path);
  if (problem !== null) throw outside(root, path, problem);
  const realRoot = await realpath(root);
  const target = join(realRoot, path);
  const parent = await realParent(dirname(target));
  const resolved = parent === null ? realRoot : join(parent, basename(target));
  if (!isWithin(realRoot, resolved)) throw outside(root, path, "a symbolic link leads out of the folder");
  const link = await lstat(resolved).catch(() => null); // absent: nothing that could lead out
  if (link?.isSymbolicLink() === true) {
    const end = await realpath(resolved).catch(() => null); // a dangling link could be made to lead anywhere
    if (end === null || !isWithin(realRoot, end)) throw outside(root, path, "a symbolic link leads out of the folder");
    return end;
  }
  return resolved;
}

/** Null = a dangling link is on the way, which could be made to lead anywhere. */
async function realParent(folder: string): Promise<string | null> {
  try {
    return await realpath(folder);
  } catch (error) {
    const up = dirname(folder);
    if (up === folder || !isMissing(error)) throw error;
    if ((await lstat(folder).catch(() => null)) !== null) return null;
    const parent = await realParent(up);
    return parent === null ? null : join(parent, basename(folder));
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function outside(root: string, path: string, problem: string): TroupeError {
  return new TroupeError("PATH_OUTSIDE", `"${path}" cannot be used below ${root}: ${problem}`, {
    hint: "Use a relative path that stays in the folder.",
  });
}
