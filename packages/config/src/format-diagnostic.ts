import { sanitizeLine } from "@troupe/core";
import { codeFrame, DEFAULT_COLUMNS } from "./code-frame.js";
import type { Diagnostic } from "./diagnostic.js";

/** How a diagnostic is printed. */
export interface FormatOptions {
  /** Colours by escape codes; default false. */
  readonly color?: boolean;
  /** Columns of the terminal, so that no frame is wrapped; default 118, at least 40. */
  readonly columns?: number;
}

/**
 * One diagnostic for a person: place, code and message, the line with its neighbour above and a marker, the hint.
 * `text` is the content of the file; null = no frame. Nothing of the file can move the cursor or hide text.
 */
export function formatDiagnostic(diagnostic: Diagnostic, text: string | null, options: FormatOptions = {}): string {
  const paint = options.color === true ? paintWith : (_style: Style, words: string): string => words;
  const { file, line, column, severity, code, message, hint } = diagnostic;
  const place = paint("bold", `${sanitizeLine(file)}:${line}:${column}`);
  const head = `${place} ${paint(severity, `${severity} ${code}`)}: ${sanitizeLine(message)}`;
  const marked = (words: string): string => paint(severity, words);
  const frame =
    text === null || diagnostic.isHidden === true
      ? []
      : codeFrame(diagnostic, text, options.columns ?? DEFAULT_COLUMNS, marked);
  return [head, ...frame, ...(hint === null ? [] : [`  ${paint("bold", "hint:")} ${sanitizeLine(hint)}`])].join("\n");
}

/** All diagnostics, a blank line between them, and a last line that counts them. `texts` by file name. */
export function formatDiagnostics(
  diagnostics: readonly Diagnostic[],
  texts: ReadonlyMap<string, string>,
  options: FormatOptions = {},
): string {
  if (diagnostics.length === 0) return "";
  const shown = diagnostics.map((diagnostic) => {
    const text = texts.get(diagnostic.file);
    return formatDiagnostic(
      diagnostic,
      text === undefined ? null : withoutHidden(diagnostics, diagnostic, text),
      options,
    );
  });
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error").length;
  const warnings = diagnostics.length - errors;
  const counts = [count(errors, "error"), count(warnings, "warning")].filter((part) => part !== null);
  return `${shown.join("\n\n")}\n\n${counts.join(", ")}\n`;
}

/**
 * The text for the frame of one diagnostic; null when its own lines are hidden by another. The line above is emptied if
 * it may belong to what is hidden: the place of a block of lines is that of its key.
 */
function withoutHidden(all: readonly Diagnostic[], { file, line }: Diagnostic, text: string): string | null {
  const hidden = all.filter((other) => other.isHidden === true && other.file === file);
  const covers = (one: number): boolean =>
    hidden.some((other) => other.line <= one && one <= (other.endLine ?? other.line));
  if (hidden.length === 0) return text;
  if (covers(line)) return null;
  const lines = text.split("\n");
  const above = lines[line - 2] ?? "";
  const isBelow = /^[\s-]/.test(above) && hidden.some((other) => other.line < line - 1);
  if (isBelow || covers(line - 1)) lines[line - 2] = "";
  return lines.join("\n");
}

function count(number: number, noun: string): string | null {
  return number === 0 ? null : `${number} ${noun}${number === 1 ? "" : "s"}`;
}

type Style = "bold" | "error" | "warning";

const CODES: Readonly<Record<Style, string>> = { bold: "1", error: "31", warning: "33" };

function paintWith(style: Style, words: string): string {
  return `\u001b[${CODES[style]}m${words}\u001b[0m`;
}
