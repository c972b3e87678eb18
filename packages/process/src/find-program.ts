import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";

/** Which program is looked for, and where. */
export interface ProgramSearch {
  /** A name to look for on the search path, or a path. */
  readonly program: string;
  /** The value of `PATH`; undefined = not set. */
  readonly searchPath: string | undefined;
  /** Absolute; relative paths start here. */
  readonly folder: string;
}

/** The absolute path of the program that would be started, found without starting it; null = there is none. */
export async function findProgram(search: ProgramSearch): Promise<string | null> {
  const { program, folder } = search;
  if (program === "") return null;
  const places = /[\\/]/.test(program)
    ? [resolve(folder, program)]
    : (search.searchPath ?? "").split(delimiter).map((place) => join(resolve(folder, place), program));
  for (const place of places.flatMap(withExtensions)) if (await isExecutable(place)) return place;
  return null;
}

function withExtensions(path: string): readonly string[] {
  if (process.platform !== "win32") return [path];
  return [path, ...[".exe", ".cmd", ".bat", ".com"].map((extension) => path + extension)];
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false; // not there, or not ours to start
  }
}
