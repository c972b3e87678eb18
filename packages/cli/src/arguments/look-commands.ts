import type { Command } from "commander";
import { type Act, inAnyProject, inProject } from "./act.js";
import { performList, performStatus } from "./perform-plain.js";

/** Commands that show runs and take nothing. */
export function addLookCommands(program: Command, act: Act): void {
  program
    .command("status")
    .description("show a run; takes nothing and is true after a crash")
    .argument("[run]", "default: the newest run")
    .action(async (run: string | undefined, _options: unknown, command: Command) => {
      await act(command, performStatus(run));
    });
  program
    .command("why")
    .description("say whether a resume would keep or run a stage, and because of what")
    .argument("<stage>")
    .argument("[run]", "default: the run that troupe resume would take")
    .option("--from <stage>", "as for resume")
    .option("--rerun-changed", "as for resume")
    .option("--keep-completed", "as for resume")
    .option("--recorded", "as for resume")
    .action(async (stage: string, run: string | undefined, _options: unknown, command: Command) => {
      const { whyCommand } = await import("../commands/why.js");
      await act(
        command,
        inProject((context) => whyCommand(context, stage, run, command.opts())),
      );
    });
  program
    .command("list")
    .description("list all runs, newest first")
    .action(async (_options: unknown, command: Command) => {
      await act(command, performList);
    });
  program
    .command("logs")
    .description("print what the agents and commands of a run wrote")
    .argument("[run]", "default: the newest run")
    .argument("[stage]", "only this stage")
    .option("-f, --follow", "go on while the run is running")
    .option("--failed", "only failed stages")
    .action(async (run: string | undefined, stage: string | undefined, _options: unknown, command: Command) => {
      const { logsCommand } = await import("../commands/logs.js");
      await act(
        command,
        inProject((context) => logsCommand(context, run, stage, command.opts())),
      );
    });
  program
    .command("agents")
    .description("show the configured agents and the known ones: installed or not, version, login; calls no model")
    .action(async (_options: unknown, command: Command) => {
      const { agentsCommand } = await import("../commands/agents.js");
      await act(command, inProject(agentsCommand));
    });
  program
    .command("doctor")
    .description("look at all that a run needs, and say what to type for each problem; calls no model")
    .action(async (_options: unknown, command: Command) => {
      const { doctorCommand } = await import("../commands/doctor.js");
      await act(command, inAnyProject(doctorCommand));
    });
}
