import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { TroupeError } from "@troupe/core";
import { exists, PROJECT_FILE, type Project } from "../project/project.js";
import { writeSchemas } from "../write-schemas.js";
import type { Setup } from "./setup.js";
import { projectFileText, STARTER_OBJECTIVE, STARTER_WORKFLOW, withIgnoredState } from "./starter-files.js";

const WORKFLOW_FILE = "stages.yaml";
export const OBJECTIVE_FILE = "objective.md";
const GITIGNORE = ".gitignore";

/** What became of a file. \`kept\`: it was there, and nobody touched it. */
export interface LaidOutFile {
  /** From the project folder. */
  readonly path: string;
  readonly action: "written" | "extended" | "kept";
}

/** The names of the files that are there already, which \`init\` leaves alone. */
export async function filesThere({ folder }: Project): Promise<ReadonlySet<string>> {
  const names = [PROJECT_FILE, WORKFLOW_FILE, OBJECTIVE_FILE];
  const there = await Promise.all(names.map((name) => exists(join(folder, name))));
  return new Set(names.filter((_, index) => there[index] === true));
}

/**
 * Writes what is not there yet. A file that appears meanwhile is left alone too. With \`isDryRun\` nothing is written,
 * and the result says what would be. Rejects \`FILE_NOT_WRITTEN\`.
 */
export async function layOutProject(
  project: Project,
  setup: Setup,
  isDryRun: boolean,
): Promise<readonly LaidOutFile[]> {
  const there = await filesThere(project);
  const texts = [
    [PROJECT_FILE, projectFileText(setup)],
    [WORKFLOW_FILE, STARTER_WORKFLOW],
    [OBJECTIVE_FILE, STARTER_OBJECTIVE],
  ] as const;
  const laidOut: LaidOutFile[] = [];
  for (const [path, text] of texts) {
    const isThere = there.has(path) || !(isDryRun || (await writeNew(join(project.folder, path), text)));
    laidOut.push({ path, action: isThere ? "kept" : "written" });
  }
  laidOut.push(await ignoreState(project, isDryRun));
  if (!isDryRun) await writeSchemas(project.stateFolder);
  return [...laidOut, { path: `${relative(project.folder, project.stateFolder)}/schemas/`, action: "written" }];
}

/** False where it is there already. */
async function writeNew(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: "wx" });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw notWritten(path, error);
  }
}

async function ignoreState({ folder }: Project, isDryRun: boolean): Promise<LaidOutFile> {
  const path = join(folder, GITIGNORE);
  const before = await readFile(path, "utf8").catch(() => null);
  const after = withIgnoredState(before ?? "");
  if (after === null) return { path: GITIGNORE, action: "kept" };
  try {
    // appended, not written anew: what somebody else adds meanwhile stays
    if (!isDryRun) await appendFile(path, after.slice((before ?? "").length));
  } catch (error) {
    throw notWritten(path, error);
  }
  return { path: GITIGNORE, action: before === null ? "written" : "extended" };
}

function notWritten(path: string, cause: unknown): TroupeError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new TroupeError("FILE_NOT_WRITTEN", `${path} cannot be written: ${reason}`, {
    hint: "Name a folder that is yours: troupe init --cwd DIR",
    cause,
  });
}
