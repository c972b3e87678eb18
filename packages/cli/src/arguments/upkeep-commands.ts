import { Argument, type Command } from "commander";
import type { CleanOptions } from "../commands/clean.js";
import type { ShellName } from "../complete/shell-scripts.js";
import { type Act, inProject } from "./act.js";

/** Written out: the scripts are loaded only to be printed. */
const SHELLS: readonly ShellName[] = ["bash", "zsh", "fish", "powershell"];

/** Commands about the place where Troupe works. */
export function addUpkeepCommands(program: Command, act: Act): void {
  program
    .command("clean")
    .description("remove runs that are over, with their logs and artifacts; asks first")
    .argument("[runs...]", "just these, also unfinished ones; never one that somebody works on")
    .option("--older-than <age>", "only runs that nothing has happened to for so long, such as 30d")
    .option("--keep <n>", "leave the newest n runs")
    .option("--unfinished", "also runs that have failed, were interrupted or wait")
    .option("--dry-run", "show what would be removed; nothing is changed")
    .addHelpText(
      "after",
      `
Without runs it takes those that have succeeded or were cancelled.`,
    )
    .action(async (runs: string[], own: CleanOptions, command: Command) => {
      const { cleanCommand } = await import("../commands/clean.js");
      await act(
        command,
        inProject((context) => cleanCommand(context, runs, own)),
      );
    });
  program
    .command("config")
    .description("show every value that is in force, and whether a flag, the environment, a file or a default gave it")
    .argument("[key]", "only this one, such as limits or store")
    .addHelpText(
      "after",
      `
A flag goes before the environment, that before a file, that before the default.`,
    )
    .action(async (key: string | undefined, _options: unknown, command: Command) => {
      const { configCommand } = await import("../commands/config.js");
      await act(
        command,
        inProject((context) => configCommand(context, key)),
      );
    });
  program
    .command("completion")
    .description("print what teaches a shell to complete commands, options, run ids and stage names")
    .addArgument(new Argument("<shell>").choices(SHELLS))
    .action(async (shell: ShellName, _options: unknown, command: Command) => {
      const { completionCommand } = await import("../commands/completion.js");
      await act(command, (host) => completionCommand(host, shell));
    });
  program
    .command("complete", { hidden: true })
    .argument("[words...]")
    .action(async (words: string[], _options: unknown, command: Command) => {
      const { completeCommand } = await import("../commands/completion.js");
      await act(command, (host) => completeCommand(program, host, words));
    });
}
