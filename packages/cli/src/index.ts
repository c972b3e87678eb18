export { type CliHost, SIGNAL_EXIT_CODES, type StopSignal } from "./cli-host.js";
export { runCli } from "./run-cli.js";
