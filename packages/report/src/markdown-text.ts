import { sanitizeLine } from "@troupe/core";
import { wellFormed } from "./well-formed.js";

/** Longest foreign text in a line, in characters. */
const MOST_CHARACTERS = 2_000;

/** Foreign text in one line that stays text: no emphasis, link, HTML, list or heading. */
export function plain(text: string, most: number = MOST_CHARACTERS): string {
  return clip(wellFormed(sanitizeLine(text)), most)
    .replace(/[\\`*_[\]<>~]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/^(\d+)([.)])/, "$1\\$2")
    .replace(/^[-+#=>]/, "\\$&");
}

/** Foreign text as a code span. */
export function code(text: string): string {
  const line = clip(wellFormed(sanitizeLine(text)), MOST_CHARACTERS);
  const ticks = "`".repeat(1 + Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length)));
  const gap = line.startsWith("`") || line.endsWith("`") || line === "" ? " " : "";
  return `${ticks}${gap}${line}${gap}${ticks}`;
}

/** Foreign text with its line breaks, as a block of code; it is safe to show already. */
export function fenced(text: string): string {
  const ticks = "`".repeat(Math.max(3, 1 + Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))));
  return `${ticks}text\n${wellFormed(text)}\n${ticks}`;
}

/** Says how much was left out. */
export function clip(text: string, most: number): string {
  const more = text.length - most;
  if (more <= 0) return text;
  // half a surrogate pair would be no character
  const whole = text.slice(0, most).replace(/[\ud800-\udbff]$/, "");
  return `${whole}… (${text.length - whole.length} more characters)`;
}

/** A table; `right` are the columns of figures. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  const marks = head.map((_, index) => (right.includes(index) ? "---:" : "---"));
  return [line(head), line(marks), ...rows.map(line)].join("\n");
}

/** A pipe ends a cell unless an odd number of backslashes stands before it, in code spans too. */
function cell(text: string): string {
  return text.replace(/(\\*)\|/g, (_, before: string) => `${before}${before.length % 2 === 0 ? "\\" : "\\\\"}|`);
}

export function bullets(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}
