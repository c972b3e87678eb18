import type { ErrorCode } from "@troupe/core";

/** A mistake in a file, or a thing to know about it, with its place. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly code: ErrorCode;
  /** What is wrong, with the value. */
  readonly message: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units, as editors count. */
  readonly column: number;
  /** Of the last character + 1; null when only the start is known. */
  readonly endLine: number | null;
  readonly endColumn: number | null;
  /** What to do about it. */
  readonly hint: string | null;
  /** True when its lines may hold a secret: they are not to be shown. */
  readonly isHidden?: true;
}

/** True when at least one of them is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}

/** Two files of a run or more are shown file by file, each from top to bottom. */
export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column || (a.message < b.message ? -1 : Number(a.message > b.message));
}
