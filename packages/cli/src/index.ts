export { type CliHost, SIGNAL_EXIT_CODES, type StopSignal } from "./cli-host.js";
export { type CommandDescription, type DescribedTerm, describeCommands } from "./describe-commands.js";
export { runCli } from "./run-cli.js";
