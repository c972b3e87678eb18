import { jsonLine } from "@troupe/core";
import type { CommandContext } from "../command-context.js";
import type { CommandOutputs } from "../command-outputs.js";

/** Prints what a command says with `--json`: one line, as its schema has it. */
export function printJson<Name extends keyof CommandOutputs>(
  { print }: Pick<CommandContext, "print">,
  _name: Name,
  output: CommandOutputs[Name],
): void {
  print(`${jsonLine(output)}\n`);
}
