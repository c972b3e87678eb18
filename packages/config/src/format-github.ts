import { sanitizeLine } from "@troupe/core";
import type { Diagnostic } from "./diagnostic.js";

/**
 * Workflow commands of GitHub Actions, one per line: annotations at the lines of a pull request. File names must be
 * relative to the root of the repository. An end is given only within one line, as GitHub shows no other.
 */
export function formatGithub(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(command).join("");
}

function command(diagnostic: Diagnostic): string {
  const { severity, code, file, line, column, endLine, endColumn, message, hint } = diagnostic;
  const isWithinLine = endLine === line && endColumn !== null && endColumn > column;
  const properties = {
    file: file.replaceAll("\\", "/"),
    line,
    endLine: Math.max(endLine ?? line, line),
    // columns of an annotation over several lines are refused
    ...(endLine === null || endLine === line ? { col: column } : {}),
    ...(isWithinLine ? { endColumn: endColumn - 1 } : {}),
    title: code,
  };
  const shown = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  const words = hint === null ? sanitizeLine(message) : `${sanitizeLine(message)}\nhint: ${sanitizeLine(hint)}`;
  return `::${severity} ${shown.join(",")}::${escapeData(words)}\n`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
