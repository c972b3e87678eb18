import { execFileSync } from "node:child_process";
import { cpSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createProject, gitInit, type TestProject } from "./harness.js";

export const EXAMPLES: string = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..", "examples");

/** A copy of an example's project, with more of its files beside it, as a git repository of its own. */
export async function copyExample(name: string, extra: readonly string[] = []): Promise<TestProject> {
  const project = await createProject({});
  cpSync(join(EXAMPLES, name, "project"), project.folder, { recursive: true });
  for (const file of extra) cpSync(join(EXAMPLES, name, file), join(project.folder, file));
  gitInit(project.folder);
  return project;
}

/** Files that differ from the first commit, and new ones; what git ignores is not among them. */
export function changedFiles(folder: string): readonly string[] {
  const output = execFileSync("git", ["status", "--porcelain", "--untracked-files=all"], { cwd: folder });
  return output
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.slice(3))
    .sort();
}
