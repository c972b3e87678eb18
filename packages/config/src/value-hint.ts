import type * as z from "zod";
import { parseDuration } from "./duration.js";
import { didYouMean } from "./nearest-name.js";
import type { Path } from "./yaml-tree.js";

/**
 * What to write instead of a value that does not fit; null = nothing better can be said than what is expected.
 * `written` is the value as it stands in the file, `keys` what a map in its place may hold.
 */
export function hintForValue(
  issue: z.core.$ZodIssue,
  value: unknown,
  written: string | null,
  path: Path,
  keys: readonly string[],
): string | null {
  const name = path.at(-1);
  if (typeof name === "string" && keys.includes(name) && !isMap(value)) {
    return `"${name}" is a key of what stands in ${path.slice(0, -1).join(".")}: indent it one step further.`;
  }
  if (typeof value === "string") return hintForText(issue, value) ?? nearestChoice(issue, value);
  if (isMap(value) && expects(issue, "array"))
    return "A list has brackets around it, or a dash and a blank before each item.";
  if (Array.isArray(value)) return hintForList(issue, value);
  const isBare = typeof value === "number" || typeof value === "boolean";
  if (!isBare) return null;
  const shown = written ?? String(value);
  if (typeof value === "number" && isDuration(issue)) return hintForUnit(value);
  return (expects(issue, "string") || issue.code === "invalid_union") &&
    /^an? (?:text|id|stage id)\b/.test(issue.message)
    ? `Put it in quotes: "${shown}".`
    : null;
}

/** Of a union of words and maps: the word, or the key of the map, that was probably meant. */
function nearestChoice(issue: z.core.$ZodIssue, value: string): string | null {
  if (issue.code !== "invalid_union") return null;
  const words = issue.errors
    .flat()
    .flatMap((inner) => (inner.code === "invalid_value" ? inner.values.map(String) : []));
  return words.length === 0 ? null : didYouMean(value, words);
}

function isMap(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function expects(issue: z.core.$ZodIssue, type: string): boolean {
  return issue.code === "invalid_type" && issue.expected === type;
}

function isDuration(issue: z.core.$ZodIssue): boolean {
  return issue.message.startsWith("a duration");
}

const YES: ReadonlySet<string> = new Set(["true", "yes", "y", "on"]);
const NO: ReadonlySet<string> = new Set(["false", "no", "n", "off", "none"]);

function hintForText(issue: z.core.$ZodIssue, value: string): string | null {
  if (/^[\u2018-\u201f]/.test(value)) return 'Curly quotes are part of the text: use " or none.';
  if (expects(issue, "boolean")) {
    const word = value.toLowerCase();
    if (word === "true" || word === "false") return `Write ${word}, without quotes.`;
    return YES.has(word) ? "Write true." : NO.has(word) ? "Write false." : null;
  }
  if (expects(issue, "number") && value.trim() !== "" && Number.isFinite(Number(value))) {
    return `Write ${Number(value)}, without quotes.`;
  }
  if (issue.code === "invalid_value" && issue.values.some((one) => String(one) === value)) {
    return `Write ${value}, without quotes.`;
  }
  if (issue.code === "invalid_value") return didYouMean(value, issue.values.map(String));
  if (isDuration(issue)) return hintForDuration(value);
  if (!expects(issue, "array")) return null;
  if (/^-[^-\s]/.test(value)) return "Write a blank behind each dash.";
  return value.length <= 100 ? `Write a list: [${JSON.stringify(value)}].` : null;
}

const UNITS: ReadonlyMap<string, string> = new Map([
  ["second", "s"],
  ["sec", "s"],
  ["minute", "m"],
  ["min", "m"],
  ["hour", "h"],
  ["hr", "h"],
  ["day", "d"],
]);

/** Who writes 90 means seconds; 8 may as well be hours, and nobody wants a run that is over after 8 seconds. */
function hintForUnit(value: number): string | null {
  if (value <= 0) return null;
  return value < 60 ? `Give a unit: "${value}s", "${value}m" or "${value}h".` : `Give a unit: "${value}s".`;
}

/** "2 hours" is understood, but not taken. */
function hintForDuration(value: string): string | null {
  const short = value
    .toLowerCase()
    .replace(/[a-z]+/g, (word) => UNITS.get(word.replace(/s$/, "")) ?? word)
    .replace(/\s|and|,/g, "");
  return short !== value && parseDuration(short) !== null ? `Write "${short}".` : null;
}

function hintForList(issue: z.core.$ZodIssue, value: readonly unknown[]): string | null {
  const [only] = value;
  if (value.length === 1 && typeof only === "string" && expects(issue, "string")) {
    return `Write it without brackets and dash: ${JSON.stringify(only)}.`;
  }
  return expects(issue, "object") || expects(issue, "record")
    ? "A map has a name and a colon in each line, and no dashes."
    : null;
}
