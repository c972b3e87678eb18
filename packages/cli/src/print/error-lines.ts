import { sanitizeText } from "@troupe/core";

/** Of what a program wrote at its end at most so many lines are shown; all of it is in its log. */
const MOST_LINES = 6;
/** Of a line at most so much, in UTF-16 code units. */
const MOST_LETTERS = 300;

/** An error for a terminal: its code with what failed, then the last lines of what else its message says. */
export function errorLines({ code, message }: { readonly code: string; readonly message: string }): readonly string[] {
  const lines = sanitizeText(message)
    .split("\n")
    .map((line) => line.trimEnd())
    .filter(Boolean);
  const [first = "", ...rest] = lines;
  const shown = rest.slice(-MOST_LINES);
  const left = rest.length - shown.length;
  const more = left === 0 ? [] : [`  | (${left} more ${left === 1 ? "line" : "lines"} before)`];
  return [`${code}: ${cut(first)}`, ...more, ...shown.map((line) => `  | ${cut(line)}`)];
}

function cut(line: string): string {
  return line.length > MOST_LETTERS ? `${line.slice(0, MOST_LETTERS).toWellFormed()}…` : line;
}
