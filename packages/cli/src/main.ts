import { createProcessHost } from "./host/process-host.js";
import { runCli } from "./run-cli.js";

process.exitCode = await runCli(process.argv.slice(2), createProcessHost(process));
