import { type Command, Option } from "commander";
import type { ReportFormat, ReportOptions } from "../commands/report.js";
import { type Act, inProject } from "./act.js";

/** Written out: what makes a report is loaded when one is asked for. */
const FORMATS: readonly ReportFormat[] = ["markdown", "junit", "github", "html", "json"];

/** The command that reports on a run. */
export function addReportCommand(program: Command, act: Act): void {
  program
    .command("report")
    .description("report on a run, under way, dead or finished: outcome, timeline, reviews, artifacts, cost")
    .argument("[run]", "default: the newest run")
    .addOption(new Option("--format <format>", "default: markdown").choices(FORMATS))
    .option("-o, --output <file>", "write it there, over an older one; - = standard output")
    .addHelpText(
      "after",
      `
html is one page that needs neither network nor server. github is added to the summary of the step of a workflow in
GitHub Actions, where there is one. junit is for CI servers: a run that has not succeeded is a failed test.`,
    )
    .action(async (run: string | undefined, own: ReportOptions, command: Command) => {
      const { reportCommand } = await import("../commands/report.js");
      await act(
        command,
        inProject((context) => reportCommand(context, run, own)),
      );
    });
}
