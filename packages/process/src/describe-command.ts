import { type CommandLine, sanitizeLine } from "@troupe/core";

/** A command on one line as a person would type it, safe to show; for display only, never to be started from. */
export function describeCommand(command: CommandLine): string {
  if ("shell" in command) return sanitizeLine(command.shell);
  return sanitizeLine(command.argv.map(quote).join(" "));
}

function quote(argument: string): string {
  if (/^[\w@%+=:,./-]+$/u.test(argument)) return argument;
  return `'${argument.replaceAll("'", "'\\''")}'`;
}
