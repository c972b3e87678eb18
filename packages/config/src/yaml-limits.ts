import { CST, Lexer } from "yaml";
import type { Span } from "./diagnostic-log.js";
import { createBracketPairs, type LoneBracket } from "./yaml-brackets.js";

/** What a YAML text may hold at most; looked at in its tokens, before anything is built from it. */
export const MAX_DEPTH: number = 64;
export const MAX_NODES: number = 5_000;
const MAX_ALIASES = 50;
/** Marks, keys, values, commas and line ends: a node has up to four of them. */
const MAX_MARKS = 4 * MAX_NODES;
/** Comments, blanks and line ends besides. */
const MAX_TOKENS = 16 * MAX_NODES;

interface Refusal {
  readonly span: Span;
  readonly message: string;
  readonly hint: string | null;
}

/** What the tokens of a text say. */
export interface TokenReport {
  /** Why the text is not to be parsed; null = it may be. */
  readonly refusal: Refusal | null;
  /** Quoted texts that do not end. */
  readonly openQuotes: readonly Span[];
  /** Brackets that have no counterpart, in the order in which that is known. */
  readonly brackets: readonly LoneBracket[];
}

/**
 * Looks at the tokens of a YAML text. Depth of blocks is not in the tokens: it is the number of columns at which a
 * block was opened and not yet closed by a line that starts further left.
 */
export function inspectTokens(text: string): TokenReport {
  const openQuotes: Span[] = [];
  const depth = createDepthGauge();
  const brackets = createBracketPairs();
  let offset = text.startsWith("\u{feff}") ? 1 : 0;
  let marks = 0;
  let tokens = 0;
  let aliases = 0;
  let isContent = false; // the token behind the scalar mark is text, whatever it looks like
  const refuse = (message: string, length: number, hint: string | null): TokenReport => ({
    refusal: { span: { start: offset, end: offset + length }, message, hint },
    openQuotes,
    brackets: brackets.lone(),
  });
  const carriageReturn = /\r(?!\n)/.exec(text);
  if (carriageReturn !== null) {
    offset = carriageReturn.index;
    return refuse("a line ends in a lone carriage return", 1, "Save the file with LF or CRLF line ends.");
  }
  for (const token of new Lexer().lex(text)) {
    const kind: string | null = isContent ? "content" : CST.tokenType(token);
    const length = isContent || !SENTINELS.has(kind ?? "") ? token.length : 0;
    isContent = kind === "scalar";
    tokens++;
    if (MARKS.has(kind ?? "")) marks++;
    if (kind === "alias") aliases++;
    if (isOpenQuote(kind, token)) openQuotes.push({ start: offset, end: offset + length });
    depth.take(kind, token);
    brackets.take(kind, token, offset);
    if (kind === "directive-line" && !/^%YAML 1\.2\s*$/.test(token)) {
      return refuse("directives are not supported", length, "Remove the line that starts with %.");
    }
    if (depth.current() > MAX_DEPTH) return refuse(`the file is nested deeper than ${MAX_DEPTH} levels`, length, null);
    if (aliases > MAX_ALIASES) return refuse(`the file has more than ${MAX_ALIASES} aliases`, length, null);
    if (marks > MAX_MARKS) return refuse(TOO_MANY, length, "Split it.");
    if (tokens > MAX_TOKENS) return refuse("the file has too many lines, comments and blanks", length, "Shorten it.");
    if (kind === "double-quoted-scalar" && hasManyEscapes(token)) {
      return refuse(`a text has more than ${MAX_ESCAPES} escapes`, 1, "Use single quotes, or a block (|).");
    }
    offset += length;
  }
  return { refusal: null, openQuotes, brackets: brackets.lone() };
}

export const TOO_MANY: string = `the file has more than ${MAX_NODES} keys and values`;

const SENTINELS: ReadonlySet<string> = new Set(["byte-order-mark", "doc-mode", "flow-error-end", "scalar"]);
const MARKS: ReadonlySet<string> = new Set([
  "scalar",
  "single-quoted-scalar",
  "double-quoted-scalar",
  "block-scalar-header",
  "alias",
  "seq-item-ind",
  "explicit-key-ind",
  "map-value-ind",
  "flow-map-start",
  "flow-seq-start",
  "comma",
]);

/** Each wrong one becomes an error object: a million of them take seconds. */
const MAX_ESCAPES = 2_000;

function hasManyEscapes(token: string): boolean {
  let escapes = 0;
  for (let at = token.indexOf("\\"); at !== -1; at = token.indexOf("\\", at + 2)) escapes++;
  return escapes > MAX_ESCAPES;
}

function isOpenQuote(kind: string | null, token: string): boolean {
  if (kind !== "single-quoted-scalar" && kind !== "double-quoted-scalar") return false;
  return token.length === 1 || token[0] !== token.at(-1);
}

interface DepthGauge {
  take(kind: string | null, token: string): void;
  current(): number;
}

function createDepthGauge(): DepthGauge {
  const columns: number[] = [];
  let flow = 0;
  let column = 0;
  let isLineStart = true;
  const open = (at: number): void => {
    while ((columns.at(-1) ?? -1) > at) columns.pop();
    if (columns.at(-1) !== at) columns.push(at);
  };
  return {
    take(kind, token) {
      if (kind === "flow-map-start" || kind === "flow-seq-start") flow++;
      if (kind === "flow-map-end" || kind === "flow-seq-end") flow = Math.max(0, flow - 1);
      if (kind !== null && SENTINELS.has(kind)) return;
      const blank = kind === "space" || kind === "newline" || kind === "comment";
      const opens = isLineStart || kind === "seq-item-ind" || kind === "explicit-key-ind";
      if (!blank && opens && flow === 0) open(column);
      if (!blank) isLineStart = kind === "seq-item-ind" || kind === "explicit-key-ind";
      const lineEnd = token.lastIndexOf("\n");
      column = lineEnd === -1 ? column + token.length : token.length - lineEnd - 1;
      if (kind === "newline" || lineEnd !== -1) isLineStart = true;
    },
    current: () => columns.length + flow,
  };
}
