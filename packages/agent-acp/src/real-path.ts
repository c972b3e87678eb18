import { lstat, readlink } from "node:fs/promises";
import { dirname, join, parse } from "node:path";

/** As many as Linux follows. */
const MAX_LINKS = 40;

/**
 * Where a write to an absolute path would go: every link followed, also one whose target is missing, and `..` taken from
 * where a link leads, not from where it lies. What does not exist stands as it is. Null = nobody can say: too many links,
 * a file in the place of a folder, a folder that cannot be looked into.
 */
export async function realPathOf(path: string): Promise<string | null> {
  const { root } = parse(path);
  let real = root;
  let links = 0;
  const steps = stepsOf(path.slice(root.length));
  for (let step = steps.shift(); step !== undefined; step = steps.shift()) {
    if (step === "..") {
      real = dirname(real);
      continue;
    }
    const next = join(real, step);
    const target = await readLink(next);
    if (target === undefined) return null;
    if (target === null) {
      real = next;
      continue;
    }
    links += 1;
    if (links > MAX_LINKS) return null;
    const { root: targetRoot } = parse(target);
    if (targetRoot !== "") real = targetRoot;
    steps.unshift(...stepsOf(target.slice(targetRoot.length)));
  }
  return real;
}

/** Without those that lead nowhere. */
function stepsOf(path: string): string[] {
  const separators = process.platform === "win32" ? /[\\/]/ : /\//;
  return path.split(separators).filter((step) => step !== "" && step !== ".");
}

/** Null = it is no link, or not there; undefined = it cannot be told. */
async function readLink(path: string): Promise<string | null | undefined> {
  try {
    const found = await lstat(path);
    return found.isSymbolicLink() ? await readlink(path) : null;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOENT" ? null : undefined;
  }
}
