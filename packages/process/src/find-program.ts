import { accessSync, constants, statSync } from "node:fs";
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
  return lookForProgram(search);
}

/** The same without a thread for each look: a start, which we wait for, goes through the same places in the same way. */
export function lookForProgram(search: ProgramSearch): string | null {
  const { program, folder } = search;
  if (program === "") return null;
  const places = /[\\/]/.test(program)
    ? [resolve(folder, program)]
    : (search.searchPath ?? "").split(delimiter).map((place) => join(resolve(folder, place), program));
  return places.flatMap(withExtensions).find(isExecutable) ?? null;
}

function withExtensions(path: string): readonly string[] {
  if (process.platform !== "win32") return [path];
  return [path, ...[".exe", ".cmd", ".bat", ".com"].map((extension) => path + extension)];
}

function isExecutable(path: string): boolean {
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // not there, or not ours to start
  }
}
