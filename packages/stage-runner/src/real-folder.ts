import { lstatSync, type Stats } from "node:fs";
import { join, relative, sep } from "node:path";
import { TroupeError } from "@troupe/core";
import { ignoreMissing } from "./place-file.js";
import type { TurnScope } from "./turn-scope.js";

/**
 * Whether a folder of the run's files is there. Agents and commands can write to the run's folder: one that put a link
 * in the place of a folder would have us move and overwrite files that are none of ours. So every folder from the run's
 * own down to this one must be a real one, looked at right before it is used. Throws `PATH_OUTSIDE` (details: path).
 */
export function hasRealFolder({ folders, task }: TurnScope, folder: string): boolean {
  let path = folders.run;
  for (const name of ["", ...relative(folders.run, folder).split(sep)]) {
    path = join(path, name);
    const there = statusOf(path);
    if (there === null) return false;
    if (there.isDirectory()) continue;
    const what = there.isSymbolicLink() ? "has been replaced by a symbolic link" : "is not a folder any more";
    throw new TroupeError("PATH_OUTSIDE", `${path}, where Troupe keeps artifacts, ${what}`, {
      hint: `See what is there: ls -ld '${path}'. Take it away, then: troupe resume ${task.runId}`,
      details: { path },
    });
  }
  return true;
}

function statusOf(path: string): Stats | null {
  try {
    return lstatSync(path);
  } catch (error) {
    return ignoreMissing(error);
  }
}
