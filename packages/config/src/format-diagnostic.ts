import { sanitizeLine } from "@troupe/core";
import type { Diagnostic } from "./diagnostic.js";

export interface FormatOptions {
  /** Colours by escape codes; default false. */
  readonly color?: boolean;
}

/** Columns of a source line that are shown; a longer line is cut around the mistake. */
const FRAME_WIDTH = 110;

/**
 * One diagnostic for a person: place, code and message, the line with its neighbour above and a marker, the hint.
 * `text` is the content of the file; null = no frame. Nothing of the file can move the cursor or hide text.
 */
export function formatDiagnostic(diagnostic: Diagnostic, text: string | null, options: FormatOptions = {}): string {
  const paint = options.color === true ? paintWith : (_style: Style, words: string): string => words;
  const { file, line, column, severity, code, message, hint } = diagnostic;
  const place = paint("bold", `${sanitizeLine(file)}:${line}:${column}`);
  const head = `${place} ${paint(severity, `${severity} ${code}`)}: ${sanitizeLine(message)}`;
  const frame = text === null ? [] : codeFrame(diagnostic, text, (words) => paint(severity, words));
  return [head, ...frame, ...(hint === null ? [] : [`  ${paint("bold", "hint:")} ${sanitizeLine(hint)}`])].join("\n");
}

/** All diagnostics, a blank line between them, and a last line that counts them. `texts` by file name. */
export function formatDiagnostics(
  diagnostics: readonly Diagnostic[],
  texts: ReadonlyMap<string, string>,
  options: FormatOptions = {},
): string {
  if (diagnostics.length === 0) return "";
  const shown = diagnostics.map((diagnostic) =>
    formatDiagnostic(diagnostic, texts.get(diagnostic.file) ?? null, options),
  );
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error").length;
  const warnings = diagnostics.length - errors;
  const counts = [count(errors, "error"), count(warnings, "warning")].filter((part) => part !== null);
  return `${shown.join("\n\n")}\n\n${counts.join(", ")}\n`;
}

function count(number: number, noun: string): string | null {
  return number === 0 ? null : `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function codeFrame(diagnostic: Diagnostic, text: string, paint: (words: string) => string): readonly string[] {
  const lines = text.split("\n", diagnostic.line);
  const source = lines[diagnostic.line - 1];
  if (source === undefined || text.length === 0) return [];
  const startsAt = diagnostic.column - 1;
  const end = endColumnOf(diagnostic, source);
  const from = startsAt > FRAME_WIDTH - 30 ? startsAt - 40 : 0;
  const above = lines[diagnostic.line - 2];
  const gutter = String(diagnostic.line).length;
  const marker = "^".repeat(Math.max(1, Math.min(end, from + FRAME_WIDTH) - startsAt));
  return [
    ...(above === undefined || above.trim() === "" ? [] : [numbered(diagnostic.line - 1, gutter, cut(above, from))]),
    numbered(diagnostic.line, gutter, cut(source, from)),
    `  ${" ".repeat(gutter)} | ${" ".repeat(startsAt - from)}${paint(marker)}`,
  ];
}

/** Of the marker, from 0: one letter when the end is unknown, to the end of the line when it lies further down. */
function endColumnOf(diagnostic: Diagnostic, source: string): number {
  if (diagnostic.endLine === null || diagnostic.endColumn === null) return diagnostic.column;
  return diagnostic.endLine === diagnostic.line ? diagnostic.endColumn - 1 : source.trimEnd().length;
}

function numbered(line: number, gutter: number, words: string): string {
  return `  ${String(line).padStart(gutter)} | ${words}`.trimEnd();
}

/** One column per code unit, so that the marker stands below its words: a control character becomes one replacement. */
function cut(line: string, from: number): string {
  const window = line.slice(from, from + FRAME_WIDTH);
  const shown = window.replace(/\t/g, " ").replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "\u{fffd}");
  return shown.replace(/\u{fffd}$/u, line.endsWith("\r") ? "" : "\u{fffd}");
}

type Style = "bold" | "error" | "warning";

const CODES: Readonly<Record<Style, string>> = { bold: "1", error: "31", warning: "33" };

function paintWith(style: Style, words: string): string {
  return `\u001b[${CODES[style]}m${words}\u001b[0m`;
}
