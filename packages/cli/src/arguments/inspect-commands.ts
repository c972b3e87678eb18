import type { Command } from "commander";
import { type Act, inProject } from "./act.js";

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
nobody works on it any more; 130, 143 or 129 when a signal ended the watching.

Examples:
  troupe watch
  troupe watch login-page-2026-11-28-3f9a1c --json | jq -r .type`,
    )
    .action(async (run: string | undefined, _options: unknown, command: Command) => {
      const { watchCommand } = await import("../commands/watch.js");
      await act(
        command,
        inProject((context) => watchCommand(context, run)),
      );
    });
}
