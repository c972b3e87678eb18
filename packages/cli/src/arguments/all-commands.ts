import type { Command } from "commander";
import type { Act } from "./act.js";
import { addExamples } from "./examples.js";
import { addFileCommands } from "./file-commands.js";
import { addInspectCommands } from "./inspect-commands.js";
import { addJudgeCommands } from "./judge-commands.js";
import { addLookCommands } from "./look-commands.js";
import { addNotifyCommand } from "./notify-command.js";
import { addReportCommand } from "./report-command.js";
import { addRunCommands } from "./run-commands.js";
import { addUpkeepCommands } from "./upkeep-commands.js";

/** Adds every command, in the order in which help shows them. */
export function addCommands(program: Command, act: Act): void {
  addRunCommands(program, act);
  addLookCommands(program, act);
  addInspectCommands(program, act);
  addJudgeCommands(program, act);
  addReportCommand(program, act);
  addFileCommands(program, act);
  addNotifyCommand(program, act);
  addUpkeepCommands(program, act);
  addExamples(program);
}
