import { readPlainArguments } from "./arguments/plain-arguments.js";
import { createProcessHost } from "./host/process-host.js";
import { runCli } from "./run-cli.js";

/** The command of this process, from its arguments to its exit code. */
export async function main(): Promise<void> {
  // on Windows only the streams know how to write to a console
  const descriptors = process.platform === "win32" ? null : { stdout: 1, stderr: 2 };
  const args = process.argv.slice(2);
  const host = createProcessHost(process, descriptors);
  process.exitCode = await runCli(args, host);
  // whoever has only looked has nothing left to do: ending at once saves taking the heap apart
  if (readPlainArguments(args) !== null && host.isWritten) process.exit();
}
