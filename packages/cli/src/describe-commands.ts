import type { Command } from "commander";
import { addCommands } from "./arguments/all-commands.js";
import { createProgram } from "./program.js";

/** An argument or an option, with its choices and its default in the description. */
export interface DescribedTerm {
  /** As help shows it: `[run]`, `-f, --follow`. */
  readonly term: string;
  readonly description: string;
}

/** One command as its help tells it. */
export interface CommandDescription {
  readonly name: string;
  readonly description: string;
  /** Behind the names of the command and of those above it: `[options] [run]`. */
  readonly usage: string;
  readonly arguments: readonly DescribedTerm[];
  readonly options: readonly DescribedTerm[];
  /** What help adds before and behind: examples and explanations, as plain text. */
  readonly notes: string;
  readonly commands: readonly CommandDescription[];
}

/** The command tree as data, the source of the reference of the command line. Nothing is performed. */
export function describeCommands(): CommandDescription {
  const nowhere = { write: () => undefined, isTerminal: false, size: () => ({ columns: 120, rows: 24 }) };
  const program = createProgram({ stdout: nowhere, stderr: nowhere });
  addCommands(program, async () => undefined);
  return describe(program);
}

function describe(command: Command): CommandDescription {
  const help = command.createHelp();
  const own = help.visibleCommands(command).filter((child) => child.name() !== "help");
  return {
    name: command.name(),
    description: command.description(),
    usage: command.usage(),
    arguments: help.visibleArguments(command).map((argument) => ({
      term: help.argumentTerm(argument),
      description: help.argumentDescription(argument),
    })),
    options: help.visibleOptions(command).map((option) => ({
      term: help.optionTerm(option),
      description: help.optionDescription(option),
    })),
    notes: notesOf(command),
    commands: own.map(describe),
  };
}

/** Commander keeps these texts as listeners only: they are what help prints beside what it makes itself. */
function notesOf(command: Command): string {
  let printed = "";
  command.configureOutput({
    writeOut: (text) => {
      printed += text;
    },
  });
  command.outputHelp();
  return printed
    .replace(command.helpInformation(), "")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}
