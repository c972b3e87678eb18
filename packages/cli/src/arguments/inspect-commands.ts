import { type Command, Option } from "commander";
import type { ArtifactsOptions } from "../commands/artifacts.js";
import type { GraphFormat, GraphOptions } from "../commands/graph.js";
import { type Act, inProject } from "./act.js";

/** Written out: the command itself is loaded when it is performed. */
const GRAPH_FORMATS: readonly GraphFormat[] = ["ascii", "mermaid", "dot", "json"];

/** Commands that look into a run from any terminal. */
export function addInspectCommands(program: Command, act: Act): void {
  program
    .command("watch")
    .description("show a run live from any terminal, from its first event on; takes nothing")
    .argument("[run]", "default: the newest run")
    .addHelpText(
      "after",
      `
Ctrl+C ends the watching, not the run. With --json it prints the same events as run --json, one a line, all of them.
Exit code: the run's own (0 done, 1 failed, cancelled or interrupted, 7 limit, 8 waiting for a person); 1 also when
nobody works on it any more; 130, 143 or 129 when a signal ended the watching.`,
    )
    .action(async (run: string | undefined, _options: unknown, command: Command) => {
      const { watchCommand } = await import("../commands/watch.js");
      await act(
        command,
        inProject((context) => watchCommand(context, run)),
      );
    });
  program
    .command("show")
    .description("show all that is known of a run or of one of its stages: turns, verdicts, checks, artifacts, answers")
    .argument("[run]", "default: the newest run")
    .argument("[stage]", "only this stage, with what it answered")
    .action(async (run: string | undefined, stage: string | undefined, _options: unknown, command: Command) => {
      const { showCommand } = await import("../commands/show.js");
      await act(
        command,
        inProject((context) => showCommand(context, run, stage)),
      );
    });
  program
    .command("artifacts")
    .description("list the files that a run's stages left, or print one of them")
    .argument("[run]", "default: the newest run")
    .argument("[name]", "print this file in its newest version")
    .option("--turn <turn>", "the version that this turn left, such as SPEC.2")
    .option("-o, --output <file>", "copy it there instead of printing it; over an older file only with --yes")
    .addHelpText(
      "after",
      `
On a terminal a file is made safe to look at; into a pipe or a file go its very bytes.`,
    )
    .action(async (run: string | undefined, name: string | undefined, own: ArtifactsOptions, command: Command) => {
      const { artifactsCommand } = await import("../commands/artifacts.js");
      await act(
        command,
        inProject((context) => artifactsCommand(context, run, name, own)),
      );
    });
  program
    .command("graph")
    .description("draw the workflow, or that of a run with the state of each stage")
    .option("--workflow <file>", "workflow file; default: as for run")
    .option("--run [run]", "colour it with the state of this run; default: the newest run")
    .addOption(new Option("--format <format>", "default: ascii").choices(GRAPH_FORMATS))
    .action(async (own: GraphOptions, command: Command) => {
      const { graphCommand } = await import("../commands/graph.js");
      await act(
        command,
        inProject((context) => graphCommand(context, own)),
      );
    });
}
