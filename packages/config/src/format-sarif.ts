import { ERROR_CODES, type ErrorCode, sanitizeLine } from "@troupe/core";
import type { Diagnostic } from "./diagnostic.js";

/**
 * One SARIF 2.1.0 log with one run: a rule for each code that occurs, a result for each diagnostic, an artifact for each
 * file in `checked`. Columns are counted in UTF-16 code units; names of files become relative URIs, absolute ones
 * `file:` URIs. `version`: of the tool.
 */
export function formatSarif(diagnostics: readonly Diagnostic[], checked: readonly string[], version: string): string {
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort();
  const files = [...new Set([...checked, ...diagnostics.map(({ file }) => file)])];
  const run = {
    tool: { driver: { name: "troupe", semanticVersion: version, rules: codes.map(rule) } },
    columnKind: "utf16CodeUnits",
    invocations: [{ executionSuccessful: true }],
    artifacts: files.map((file) => ({ location: { uri: uriOf(file) } })),
    results: diagnostics.map((diagnostic) => result(diagnostic, codes, files)),
  };
  const log = { $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function rule(code: ErrorCode): unknown {
  return {
    id: code,
    shortDescription: { text: ERROR_CODES[code].summary },
    defaultConfiguration: { level: "error" },
  };
}

function result(diagnostic: Diagnostic, codes: readonly ErrorCode[], files: readonly string[]): unknown {
  const { severity, code, file, message, hint } = diagnostic;
  const artifactLocation = { uri: uriOf(file), index: files.indexOf(file) };
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: severity,
    message: { text: [message, hint].flatMap((part) => (part === null ? [] : [sanitizeLine(part)])).join(" - ") },
    locations: [{ physicalLocation: { artifactLocation, region: regionOf(diagnostic) } }],
  };
}

/** The end of a region is that of its last character + 1, as in a diagnostic. */
function regionOf({ line, column, endLine, endColumn }: Diagnostic): unknown {
  const start = { startLine: line, startColumn: column };
  return endLine === null || endColumn === null ? start : { ...start, endLine, endColumn };
}

function uriOf(file: string): string {
  const path = file.replaceAll("\\", "/");
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  if (path.startsWith("/")) return `file://${encoded}`;
  // a first part with a colon would be read as a scheme
  return /^[A-Za-z]:\//.test(path) ? `file:///${encoded.replace("%3A", ":")}` : encoded;
}
