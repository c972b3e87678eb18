import { stat } from "node:fs/promises";
import { type CommandLine, TroupeError } from "@troupe/core";
import { describeCommand } from "./describe-command.js";
import { findProgram } from "./find-program.js";

/** Why a program could not be started; `details.reason` of `PROCESS_NOT_STARTED`. */
export type StartFailureReason =
  /** no such program */
  | "program"
  /** there is such a file, but it may not be executed or is no program */
  | "not-executable"
  /** a script whose first line names a program that does not exist */
  | "interpreter"
  /** the working folder does not exist or is no folder */
  | "cwd"
  /** the system had no room for another process or open file: worth another attempt */
  | "exhausted"
  | "other";

export interface StartAttempt {
  readonly command: CommandLine;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Finds out why a spawn failed: the system says ENOENT for a missing program, a missing interpreter and a missing
 * working folder alike.
 */
export async function explainStartFailure(attempt: StartAttempt, cause: unknown): Promise<TroupeError> {
  const reason = await findReason(attempt, cause);
  const { message, hint } = describeFailure(reason, attempt, cause);
  const retry = reason === "exhausted" ? {} : { retry: "never" };
  return new TroupeError("PROCESS_NOT_STARTED", message, { hint, details: { reason, ...retry }, cause });
}

async function findReason(attempt: StartAttempt, cause: unknown): Promise<StartFailureReason> {
  const code = cause instanceof Error && "code" in cause ? cause.code : null;
  const folder = await stat(attempt.cwd).catch(() => null); // absent: that is the reason
  if (folder?.isDirectory() !== true) return "cwd";
  if (code === "EAGAIN" || code === "EMFILE" || code === "ENFILE" || code === "ENOMEM") return "exhausted";
  if (code === "EACCES" || code === "ENOEXEC") return "not-executable";
  if (code !== "ENOENT") return "other";
  const search = { program: programOf(attempt.command), searchPath: attempt.env.PATH, folder: attempt.cwd };
  return (await findProgram(search)) === null ? "program" : "interpreter";
}

function describeFailure(
  reason: StartFailureReason,
  { command, cwd }: StartAttempt,
  cause: unknown,
): { readonly message: string; readonly hint: string } {
  const program = programOf(command);
  const shown = describeCommand({ argv: [program] });
  switch (reason) {
    case "program":
      return { message: `the program ${shown} was not found`, hint: `Install ${shown}, or put it on the PATH.` };
    case "not-executable":
      return { message: `${shown} may not be executed`, hint: `Make it executable: chmod +x ${shown}` };
    case "interpreter":
      return {
        message: `the interpreter that ${shown} names in its first line was not found`,
        hint: `Look at it with: head -1 ${shown}`,
      };
    case "cwd":
      return { message: `the working folder ${cwd} does not exist`, hint: `Create it: mkdir -p '${cwd}'` };
    case "exhausted":
      return {
        message: `the system could not start another process for ${shown}: ${reasonText(cause)}`,
        hint: "End other programs, or raise the limits on processes and open files (ulimit -a).",
      };
    case "other":
      return {
        message: `${shown} could not be started: ${reasonText(cause)}`,
        hint: "Check the command and the length of its arguments.",
      };
  }
}

function programOf(command: CommandLine): string {
  return "shell" in command ? "/bin/sh" : (command.argv[0] ?? "");
}

function reasonText(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
