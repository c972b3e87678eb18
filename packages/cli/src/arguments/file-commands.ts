import type { Command } from "commander";
import type { Act } from "./act.js";

/** Commands about the files that a person writes. */
export function addFileCommands(program: Command, act: Act): void {
  program
    .command("validate")
    .description("check workflow, project file and objectives; exit code 3 with every mistake, its line and the fix")
    .argument("[files...]", "stages.yaml, troupe.yaml or objectives; default: what run would use")
    .action(async (files: string[], _options: unknown, command: Command) => {
      const { validateCommand } = await import("../commands/validate.js");
      await act(command, (host, options) => validateCommand(host, options, files));
    });
}
