import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { TroupeError } from "@troupe/core";
import { exists } from "../project/project.js";

const STATE_FILE = "orchestration_state.json";
/** TeamBot's own name for it; `teambot_dir` of teambot.json may give another. */
const STATE_FOLDER = ".teambot";

/** Where a TeamBot run has left its state. */
export interface TeamBotPlace {
  /** Absolute path of the state file. */
  readonly stateFile: string;
  /** Absolute: paths in the state begin here. */
  readonly root: string;
  /** Absolute: its artifacts. The first version had none of its own: they lie beside the features then. */
  readonly artifacts: string;
}

/**
 * The states below `path`: a project's folder, its `.teambot`, the folder of one feature, or a state file itself. The
 * first version's state lies beside the folders of the features. Rejects `FILE_NOT_FOUND`.
 */
export async function findStates(path: string): Promise<readonly TeamBotPlace[]> {
  const found = await stat(path).catch(() => null); // missing or unreadable: told below
  if (found?.isFile() === true) return [placeOf(path)];
  if (found?.isDirectory() === true) {
    const own = join(path, STATE_FILE);
    const inner = join(path, STATE_FOLDER);
    const folder = (await exists(inner)) ? inner : path;
    const files = [...(await statesBelow(folder)), ...(folder !== path && (await exists(own)) ? [own] : [])];
    if (files.length > 0) return files.map(placeOf);
  }
  const what = found === null ? `there is no ${path}` : `${path} holds no ${STATE_FILE}, nor does a folder in it`;
  throw new TroupeError("FILE_NOT_FOUND", what, {
    hint: `Name a project that TeamBot has worked in, its ${STATE_FOLDER}, or one feature's folder in that.`,
  });
}

async function statesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  const candidates = [folder, ...folders.sort()].map((one) => join(one, STATE_FILE));
  const there = await Promise.all(candidates.map(exists));
  return candidates.filter((_, index) => there[index]);
}

function placeOf(stateFile: string): TeamBotPlace {
  const folder = dirname(stateFile);
  const artifacts = join(folder, "artifacts");
  // <root>/.teambot/<feature>/ of every later version, <root>/.teambot/ of the first
  for (let above = folder; dirname(above) !== above; above = dirname(above)) {
    if (basename(above) === STATE_FOLDER) return { stateFile, artifacts, root: dirname(above) };
  }
  return { stateFile, artifacts, root: folder };
}
