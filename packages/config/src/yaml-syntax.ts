import type { Document, YAMLParseError, ErrorCode as YamlErrorCode } from "yaml";
import type { DiagnosticLog, Span } from "./diagnostic-log.js";

/** After these the parser goes on as if nothing had been: only their line is in doubt. */
const LOCAL: ReadonlySet<YamlErrorCode> = new Set<YamlErrorCode>([
  "ALIAS_PROPS",
  "BAD_ALIAS",
  "BAD_DQ_ESCAPE",
  "BAD_SCALAR_START",
  "BLOCK_AS_IMPLICIT_KEY",
  "KEY_OVER_1024_CHARS",
  "MULTIPLE_ANCHORS",
  "MULTIPLE_TAGS",
  "TAG_RESOLVE_FAILED",
]);

interface Wording {
  readonly message: string;
  readonly hint: string | null;
}

const WORDINGS: Partial<Record<YamlErrorCode, Wording>> = {
  BAD_SCALAR_START: { message: "a value cannot start with this character", hint: "Put the value in quotes." },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'there is a second ": " in the line, which would make the value a map',
    hint: "Put the value in quotes.",
  },
  MULTIPLE_DOCS: {
    message: "the file has a second document (---)",
    hint: "Keep one document; remove the line with ---.",
  },
  TAB_AS_INDENT: { message: "a tab indents the line", hint: "Use spaces." },
  UNEXPECTED_TOKEN: {
    message: "this does not fit here",
    hint: "Check the indentation of this line and of the one above it.",
  },
};

/** Reports what the parser found, one mistake per line, without the mistakes that only follow from an earlier one. */
export function reportSyntaxErrors(
  document: Document.Parsed,
  openQuotes: readonly Span[],
  offset: number,
  log: DiagnosticLog,
): void {
  const lines = new Set<number>();
  let isBroken = false;
  for (const error of document.errors) {
    const isLocal = LOCAL.has(error.code);
    if (isBroken && error.code === "UNEXPECTED_TOKEN") continue;
    if (!isLocal) isBroken = true;
    const span = spanOf(error, openQuotes, offset);
    const line = log.lineOf(span.start);
    if (lines.has(line)) continue;
    lines.add(line);
    log.addSyntax({ span, ...wordingOf(error) }, isLocal ? "line" : "rest");
  }
}

function spanOf(error: YAMLParseError, openQuotes: readonly Span[], offset: number): Span {
  const [start, end] = error.pos;
  // the parser notices at the end of the file; the person wants to see where the quote began
  const quote = isMissingQuote(error) ? openQuotes.findLast((span) => span.start <= start) : undefined;
  if (quote !== undefined) return { start: quote.start + offset, end: quote.start + 1 + offset };
  if (error.code === "MULTIPLE_DOCS") return { start: start + offset, end: start + 3 + offset };
  return { start: start + offset, end: end + offset };
}

function isMissingQuote(error: YAMLParseError): boolean {
  return error.code === "MISSING_CHAR" && error.message.includes("quote");
}

function wordingOf(error: YAMLParseError): Wording {
  if (isMissingQuote(error)) return { message: "the quote is not closed", hint: null };
  const known = WORDINGS[error.code];
  if (known !== undefined) return known;
  return { message: error.message.charAt(0).toLowerCase() + error.message.slice(1), hint: null };
}
