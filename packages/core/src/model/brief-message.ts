import { sanitizeLine } from "./sanitize.js";

/** Of one line at most so much is shown, in UTF-16 code units. */
const MOST = 300;

/**
 * The message of an error for one line: its first line, and of what stands below it, as the end of a program's output,
 * the last line. Safe to show.
 */
export function briefMessage(message: string): string {
  const lines = message.split("\n").map(sanitizeLine).filter(Boolean);
  const [first = ""] = lines;
  const last = lines.at(-1) ?? "";
  if (lines.length < 2) return cut(first);
  return `${cut(first)}${lines.length > 2 ? " …" : ""} ${cut(last)}`;
}

/** The most telling line of a message for a narrow place: the last one. Safe to show. */
export function lastLineOfMessage(message: string): string {
  return cut(message.split("\n").map(sanitizeLine).findLast(Boolean) ?? "");
}

function cut(line: string): string {
  return line.length > MOST
    ? `${line
        .slice(0, MOST)
        .toWellFormed()
        .replace(/\ufffd$/, "")}…`
    : line;
}
