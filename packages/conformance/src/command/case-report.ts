import { AssertionError } from "node:assert";
import { inspect } from "node:util";
import { isTroupeError, sanitizeLine } from "@troupe/core";
import type { PreparedCase } from "./kit.js";

/** Longest value that is shown whole, in characters. */
const LONGEST_VALUE = 600;

export function reportPassed({ name }: PreparedCase): string {
  return `ok       ${name}\n`;
}

export function reportSkipped({ name }: PreparedCase, reason: string): string {
  return `skipped  ${name}: ${sanitizeLine(reason)}\n`;
}

/** The case, the rule that is broken, and what was expected and got. */
export function reportFailed({ name, rule }: PreparedCase, error: unknown): string {
  const lines = [["rule", rule], ...describe(error)];
  return `FAILED   ${name}\n${lines.map(([what = "", text = ""]) => `         ${what.padEnd(9)}${sanitizeLine(text)}\n`).join("")}`;
}

function describe(error: unknown): readonly (readonly [string, string])[] {
  if (!(error instanceof AssertionError)) return [["got", shownError(error)]];
  const hasValues = error.expected !== undefined || error.actual !== undefined;
  const says = error.generatedMessage && hasValues ? [] : [["what", firstLine(error.message)] as const];
  if (!hasValues || error.operator === "doesNotThrow" || error.operator === "match" || error.operator === "==")
    return says;
  return [...says, ["expected", shown(error.expected)], ["got", shown(error.actual)]];
}

function shownError(error: unknown): string {
  if (isTroupeError(error)) return `${error.code}: ${error.message}`;
  return error instanceof Error ? `${error.name}: ${error.message}` : shown(error);
}

function shown(value: unknown): string {
  const text =
    typeof value === "string"
      ? value
      : inspect(value, { depth: 8, breakLength: Infinity, compact: true, maxArrayLength: 12, maxStringLength: 100 });
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}...` : text;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
