import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** The name of the project file. */
export const PROJECT_FILE: string = "troupe.yaml";
const STATE_FOLDER = ".troupe";

/** Where a command works. */
export interface Project {
  /** Absolute: agents work here, and relative paths of the project file start here. */
  readonly folder: string;
  /** Absolute: `.troupe`. */
  readonly stateFolder: string;
  /** Absolute path of the project file; null = there is none. */
  readonly file: string | null;
}

/**
 * The project around `cwd`: the nearest folder with a `troupe.yaml` or a `.troupe`, upward to the root of the git
 * repository; `cwd` itself when there is none. A project file given by hand decides.
 */
export function findProject(cwd: string, configFile: string | undefined): Project {
  if (configFile !== undefined) {
    const file = resolve(cwd, configFile);
    return projectAt(dirname(file), file);
  }
  for (const folder of foldersUpward(cwd)) {
    const file = join(folder, PROJECT_FILE);
    const hasFile = existsSync(file);
    if (hasFile || existsSync(join(folder, STATE_FOLDER))) return projectAt(folder, hasFile ? file : null);
  }
  return projectAt(cwd, null);
}

function projectAt(folder: string, file: string | null): Project {
  return { folder, stateFolder: join(folder, STATE_FOLDER), file };
}

function foldersUpward(cwd: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = cwd; ; folder = dirname(folder)) {
    folders.push(folder);
    if (existsSync(join(folder, ".git"))) return folders;
    if (dirname(folder) === folder) return [cwd];
  }
}

export async function exists(path: string): Promise<boolean> {
  return existsSync(path);
}
