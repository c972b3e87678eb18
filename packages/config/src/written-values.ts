import type { CheckDefinition, CommandLine, RunLimits } from "@troupe/core";
import type { WrittenCheck } from "./check-schema.js";
import type { WrittenLimits } from "./common-schema.js";
import { parseDuration } from "./duration.js";

// From what a file writes to the model; nothing here needs the schemas themselves.

/** The command in the model's form. */
export function toCommandLine(written: string | readonly string[]): CommandLine {
  return typeof written === "string" ? { shell: written } : { argv: written };
}

/** The check in the model's form. */
export function toCheck(written: WrittenCheck): CheckDefinition {
  if (typeof written === "string" || !isMap(written)) return toCommandLine(written);
  const line = toCommandLine(written.run);
  const { report, format } = written;
  const files = report === null || report === undefined ? [] : typeof report === "string" ? [report] : report;
  if (files.length === 0 && (format === null || format === undefined)) return line;
  const guessed = files.every((file) => file.toLowerCase().endsWith(".tap")) ? "tap" : "junit";
  return { ...line, report: { format: format ?? guessed, files } };
}

function isMap(written: Exclude<WrittenCheck, string>): written is Exclude<WrittenCheck, string | readonly string[]> {
  return !Array.isArray(written);
}

/** Only what the file gives. */
export function toLimits(written: WrittenLimits | null | undefined): Partial<RunLimits> {
  if (written === null || written === undefined) return {};
  const { duration: total, cost, tokens, wait, concurrency } = written;
  return {
    ...(typeof total === "string" ? { durationMs: parseDuration(total) } : {}),
    ...(typeof cost === "number" ? { costUsd: cost } : {}),
    ...(typeof tokens === "number" ? { tokens } : {}),
    ...(typeof wait === "string" ? { waitMs: parseDuration(wait) } : {}),
    ...(typeof concurrency === "number" ? { concurrency } : {}),
  };
}
