import { type Diagnostic, hasErrors } from "./diagnostic.js";

/** One JSON document: `{ version, valid, errors, warnings, checked, diagnostics }`. `checked`: names of all files looked at. */
export function formatJson(diagnostics: readonly Diagnostic[], checked: readonly string[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const counts = { errors, warnings: diagnostics.length - errors };
  return `${JSON.stringify({ version: 1, valid: !hasErrors(diagnostics), ...counts, checked, diagnostics }, null, 2)}\n`;
}
