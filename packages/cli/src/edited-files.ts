import { readFile } from "node:fs/promises";
import { parseObjective } from "@troupe/config";
import { type RunDefinition, sha256 } from "@troupe/core";
import type { CommandContext } from "./command-context.js";

/** A resume uses what was recorded when the run was started; whoever has edited the objective since is told so. */
export async function noteEditedFiles({ note }: CommandContext, { objective, source }: RunDefinition): Promise<void> {
  note(`Using the workflow and the objective as recorded when the run was started (${source}).\n`);
  if (objective.path === null) return;
  const text = await readFile(objective.path, "utf8").catch(() => null); // gone or unreadable: the recorded text counts
  const now = text === null ? null : parseObjective(text, objective.path).objective;
  if (now === null || sha256(now.text) === objective.text.sha256) return;
  note(`${objective.path} has been edited since: the edit does not count for this run.\n`);
}
