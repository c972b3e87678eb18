import type { Diagnostic } from "@troupe/config";
import {
  type ErrorCode,
  type ExitCode,
  exitCodeOf,
  isTroupeError,
  type Json,
  jsonLine,
  TroupeError,
} from "@troupe/core";
import type { CommanderError } from "commander";
import type { CliHost } from "../cli-host.js";
import { mistakesBehind } from "../project/diagnosed-files.js";
import { type Place, repeatPlace } from "./repeated-place.js";

/** The last line on standard error of a command with `--json` that ends with an error. */
export interface ErrorOutput {
  readonly version: 1;
  readonly error: ReportedError;
}

interface ReportedError {
  readonly code: ErrorCode;
  /** What failed, with the value. */
  readonly message: string;
  /** What to do or to type next; null = nothing is known. */
  readonly hint: string | null;
  readonly exitCode: ExitCode;
  /** Where it is wrong: a file, in which line and column, from 1; null = it is in no file, or that is not known. */
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  /** All that is wrong in files, warnings too; without `--json` they are shown with the lines that they are about. */
  readonly diagnostics: readonly Diagnostic[];
  /** What else a program may want to know, by the code. */
  readonly details: { readonly [key: string]: Json };
  /** Of a mistake of Troupe, and with `--verbose` of the error behind this one; null = there is none. */
  readonly stack: string | null;
}

/** As `showError`, for a program: one line of JSON. Returns the exit code. */
export function showJsonError(
  error: unknown,
  host: Pick<CliHost, "stderr">,
  isVerbose: boolean,
  place: Place = {},
): number {
  const output: ErrorOutput = { version: 1, error: isTroupeError(error) ? known(error, isVerbose) : ownMistake(error) };
  const { hint } = output.error;
  const placed = { ...output, error: { ...output.error, hint: hint === null ? null : repeatPlace(hint, place) } };
  host.stderr.write(`${jsonLine(placed)}\n`);
  return exitCodeOf(error);
}

function known(error: TroupeError, isVerbose: boolean): ReportedError {
  const { code, message, hint, details, cause } = error;
  const diagnostics = mistakesBehind(error);
  const first = diagnostics.find(({ severity }) => severity === "error");
  return {
    code,
    message,
    hint,
    exitCode: exitCodeOf(error),
    file: first?.file ?? textOf(details.file) ?? textOf(details.path),
    line: first?.line ?? numberOf(details.line),
    column: first?.column ?? numberOf(details.column),
    diagnostics,
    details,
    stack: isVerbose && cause instanceof Error ? stackOf(cause) : null,
  };
}

/** Nobody has foreseen it: whoever reports it needs to say where it happened. */
function ownMistake(error: unknown): ReportedError {
  return {
    code: "INTERNAL",
    message: `troupe itself failed: ${error instanceof Error ? error.message : String(error)}`,
    hint: "If a run was started, its state is safe: troupe list",
    exitCode: exitCodeOf(error),
    file: null,
    line: null,
    column: null,
    diagnostics: [],
    details: {},
    stack: error instanceof Error ? stackOf(error) : null,
  };
}

function stackOf({ stack, message }: Error): string {
  return stack ?? message;
}

function textOf(value: Json | undefined): string | null {
  return typeof value === "string" ? value : null;
}

function numberOf(value: Json | undefined): number | null {
  return typeof value === "number" ? value : null;
}

/** What the parser of arguments refuses, as an error like all others; `commands` are the names of all. */
export function usageError(
  { code, message }: Pick<CommanderError, "code" | "message">,
  args: readonly string[],
  commands: readonly string[],
): TroupeError {
  const command = args.find((word) => commands.includes(word));
  const help = command === undefined ? "troupe --help" : `troupe ${command} --help`;
  // the parser says of it only that it has printed its help
  const text = code === "commander.help" ? "no command was given" : message.replace(/^error: /, "");
  return new TroupeError("USAGE", text.replaceAll("\n", " "), { hint: `See what it takes: ${help}` });
}
