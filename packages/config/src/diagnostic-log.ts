import type { ErrorCode } from "@troupe/core";
import { compareDiagnostics, type Diagnostic } from "./diagnostic.js";
import { createLineIndex } from "./line-index.js";

/** Offsets into a text, in UTF-16 code units; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Mistake {
  readonly span: Span;
  readonly message: string;
  /** Default `CONFIG_INVALID`. */
  readonly code?: ErrorCode;
  /** Default `error`. */
  readonly severity?: "error" | "warning";
  readonly hint?: string | null;
  /** True when the mistake is that something is missing elsewhere: an earlier syntax error may have swallowed it. */
  readonly isAbsence?: boolean;
  /** True when its lines may hold a secret. */
  readonly isHidden?: boolean;
}

/** Collects what is wrong with one file. */
export interface DiagnosticLog {
  add(mistake: Mistake): void;
  /**
   * A mistake of syntax. What was parsed on its line (`line`) or from its line on (`rest`) is not to be trusted, so
   * other mistakes found there are dropped.
   */
  addSyntax(mistake: Mistake, unsound: "line" | "rest"): void;
  lineOf(offset: number): number;
  hasErrors(): boolean;
  /** True when there are so many mistakes that costly hints are not worth it any more. */
  isCrowded(): boolean;
  /** Sorted by place; after {@link MAX_DIAGNOSTICS} one more says how many are left out. */
  list(): readonly Diagnostic[];
}

const MAX_DIAGNOSTICS = 100;

export function createDiagnosticLog(file: string, text: string): DiagnosticLog {
  const lines = createLineIndex(text);
  const syntax: Mistake[] = [];
  const other: Mistake[] = [];
  const unsoundLines = new Set<number>();
  let soundBefore = Number.POSITIVE_INFINITY;

  const isSound = (mistake: Mistake): boolean => {
    const { line } = lines.position(mistake.span.start);
    if (unsoundLines.has(line) || line >= soundBefore) return false;
    return !(mistake.isAbsence === true && soundBefore !== Number.POSITIVE_INFINITY);
  };
  const locate = (mistake: Mistake): Diagnostic => {
    const start = lines.position(mistake.span.start);
    const end = lines.position(Math.max(mistake.span.end, mistake.span.start));
    return {
      severity: mistake.severity ?? "error",
      code: mistake.code ?? "CONFIG_INVALID",
      message: shorten(nameBlanks(mistake.message)),
      file,
      line: start.line,
      column: start.column,
      endLine: end.line,
      endColumn: end.column,
      hint: mistake.hint ?? null,
      ...(mistake.isHidden === true ? { isHidden: true } : {}),
    };
  };
  return {
    add: (mistake) => void other.push(mistake),
    addSyntax(mistake, unsound) {
      syntax.push(mistake);
      const { line } = lines.position(mistake.span.start);
      if (unsound === "line") unsoundLines.add(line);
      else soundBefore = Math.min(soundBefore, line);
    },
    lineOf: (offset) => lines.position(offset).line,
    hasErrors: () => [...syntax, ...other].some((mistake) => mistake.severity !== "warning"),
    isCrowded: () => syntax.length + other.length > MAX_DIAGNOSTICS / 4,
    list() {
      const all = [...syntax, ...other.filter(isSound)].map(locate).sort(compareDiagnostics);
      return limit(all);
    },
  };
}

/** What looks like a space and is none cannot be found by its looks. */
function nameBlanks(message: string): string {
  return message.replace(/[\u00a0\u2000-\u200a\u202f\u205f]/g, (blank) => {
    const code = blank.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    return `<U+${code}>`;
  });
}

/** A name in a message may be as long as the file. */
function shorten(message: string): string {
  return message.length <= 400 ? message : `${message.slice(0, 397)}...`;
}

function limit(all: readonly Diagnostic[]): readonly Diagnostic[] {
  const next = all[MAX_DIAGNOSTICS];
  if (next === undefined) return all;
  const left = all.length - MAX_DIAGNOSTICS;
  const message = `${left} more ${left === 1 ? "mistake is" : "mistakes are"} not shown`;
  return [...all.slice(0, MAX_DIAGNOSTICS), { ...next, message, hint: "Mend the ones above first." }];
}
