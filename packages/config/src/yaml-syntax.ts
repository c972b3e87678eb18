import type { Document, YAMLParseError, ErrorCode as YamlErrorCode } from "yaml";
import type { DiagnosticLog, Span } from "./diagnostic-log.js";
import type { LoneBracket } from "./yaml-brackets.js";
import type { TokenReport } from "./yaml-limits.js";
import { type SyntaxWording, wordSyntaxError } from "./yaml-wording.js";

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

interface Source {
  readonly text: string;
  readonly offset: number;
}

/** Reports what the parser found, one mistake per line, without the mistakes that only follow from an earlier one. */
export function reportSyntaxErrors(
  document: Document.Parsed,
  report: TokenReport,
  source: Source,
  log: DiagnosticLog,
): void {
  const lines = new Set<number>();
  let isBroken = false;
  for (const error of document.errors) {
    const isLocal = LOCAL.has(error.code);
    if (isFollowUp(error, document, source.text)) continue;
    if (isBroken && error.code === "UNEXPECTED_TOKEN") continue;
    if (!isLocal) isBroken = true;
    const { span, message, hint } = describe(error, report, source.text);
    const placed = { start: span.start + source.offset, end: span.end + source.offset };
    const line = log.lineOf(placed.start);
    if (lines.has(line)) continue;
    lines.add(line);
    log.addSyntax({ span: placed, message, hint }, isLocal ? "line" : "rest");
  }
}

/** A line that is indented too far makes a key of many lines of the one above it, too. */
function isFollowUp({ code, pos }: YAMLParseError, { errors }: Document.Parsed, text: string): boolean {
  const start = text.lastIndexOf("\n", pos[0] - 1) + 1;
  if (code !== "MULTILINE_IMPLICIT_KEY" || !/^[^\n]*:[ \t]/.test(text.slice(start, start + 1_100))) return false;
  return errors.some((other) => other.code === "BLOCK_AS_IMPLICIT_KEY");
}

/** The parser notices at the end of a line or the file; the person wants to see where it began. */
function describe(error: YAMLParseError, { openQuotes, brackets }: TokenReport, text: string): SyntaxWording {
  const [start, end] = error.pos;
  if (error.code === "MISSING_CHAR" && error.message.includes("quote")) {
    const quote = openQuotes.findLast((span) => span.start <= start) ?? { start, end };
    const span: Span = { start: quote.start, end: quote.start + 1 };
    return { span, message: "the quote is not closed", hint: `Write ${text[quote.start]} at the end of the text.` };
  }
  const bracket = isOfBrackets(error) ? brackets.find((one) => one.seenAt + 1 >= start) : undefined;
  return bracket === undefined ? wordSyntaxError(error, text) : wordBracket(bracket);
}

function isOfBrackets({ code, message }: YAMLParseError): boolean {
  const isPlace = code === "BAD_INDENT" || code === "MISSING_CHAR" || code === "UNEXPECTED_TOKEN";
  return isPlace && /flow|must be .*end with|Unexpected flow/i.test(message);
}

const PARTNERS: Readonly<Record<string, string>> = { "[": "]", "{": "}", "]": "[", "}": "{" };

function wordBracket({ mark, offset, opener }: LoneBracket): SyntaxWording {
  const span = { start: offset, end: offset + 1 };
  if (mark === "[" || mark === "{") {
    const what = mark === "[" ? "list" : "map";
    return { span, message: `the ${what} that begins here is not closed`, hint: `Write ${PARTNERS[mark]} at its end.` };
  }
  if (opener === null) return { span, message: `"${mark}" closes nothing`, hint: "Remove it." };
  const message = `"${mark}" stands where "${PARTNERS[opener]}" is to close what "${opener}" has opened`;
  return { span, message, hint: `Write ${PARTNERS[opener]}, or remove it.` };
}
