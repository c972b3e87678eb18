import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { BIN } from "./cli-process.js";

const execute = promisify(execFile);

/** null = the command line is built and strace may trace and kill; else why not. */
export async function traceProblem(): Promise<string | null> {
  return builtProblem() ?? (await commandProblem("strace", "-f", "-qq", "-e", "inject=getpid:signal=SIGKILL", "true"));
}

/** null = the command works here; else the reason, in one line. */
export async function commandProblem(command: string, ...args: readonly string[]): Promise<string | null> {
  try {
    await execute(command, args);
    return null;
  } catch (error) {
    const [first = ""] = (error instanceof Error ? error.message : String(error)).split("\n").slice(-2);
    return `${command} does not work here: ${first.trim()}`;
  }
}

/** null = the command line is built. */
export function builtProblem(): string | null {
  return existsSync(BIN) ? null : "the command line is not built: pnpm build";
}

/** Says that cases of a suite are left out, and why: never silently. */
export function skipped(what: string, reason: string): void {
  process.stderr.write(`skipped ${what}: ${reason}\n`);
}
