import type { Command } from "commander";
import type { NotifyCommandOptions } from "../commands/notify.js";
import { type Act, inProject } from "./act.js";

/** The command that looks at hooks and tries them. */
export function addNotifyCommand(program: Command, act: Act): void {
  program
    .command("notify")
    .description("show who is told of runs and what is missing; --test tells them something")
    .argument("[hooks...]", "just these: by number, as they stand in the file, or by kind, such as slack")
    .option("--test", "send a test notification by each hook, once, whatever its events are")
    .addHelpText(
      "after",
      `
A test has the event "test" and belongs to no run. Exit code 6 when one does not arrive.`,
    )
    .action(async (hooks: string[], own: NotifyCommandOptions, command: Command) => {
      const { notifyCommand } = await import("../commands/notify.js");
      await act(
        command,
        inProject((context) => notifyCommand(context, hooks, own)),
      );
    });
}
