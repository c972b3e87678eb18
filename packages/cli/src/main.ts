import { createProcessHost } from "./host/process-host.js";
import { runCli } from "./run-cli.js";

/** The command of this process, from its arguments to its exit code. */
export async function main(): Promise<void> {
  // on Windows only the streams know how to write to a console
  const descriptors = process.platform === "win32" ? null : { stdout: 1, stderr: 2 };
  process.exitCode = await runCli(process.argv.slice(2), createProcessHost(process, descriptors));
}
