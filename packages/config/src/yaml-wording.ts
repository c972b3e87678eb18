import type { YAMLParseError, ErrorCode as YamlErrorCode } from "yaml";
import type { Span } from "./diagnostic-log.js";

/** A mistake of syntax in words; offsets into the YAML text. */
export interface SyntaxWording {
  readonly span: Span;
  readonly message: string;
  readonly hint: string | null;
}

type Fixed = readonly [message: string, hint: string | null];

const FIXED: Partial<Record<YamlErrorCode, Fixed>> = {
  BAD_DQ_ESCAPE: [
    "a backslash in double quotes begins an escape, and there is none like this",
    "Write \\\\ for a backslash, or use single quotes.",
  ],
  BAD_SCALAR_START: ["a value cannot start with this character", "Put the value in quotes."],
  BLOCK_IN_FLOW: [
    'there is a second ": " before the next comma',
    "Put a comma between two entries, or the value in quotes.",
  ],
  KEY_OVER_1024_CHARS: ["a key is longer than 1024 characters", "Shorten it."],
  TAB_AS_INDENT: ["a tab indents the line", "Use spaces."],
};

/** Words for what the parser found, as a person needs them who does not know its terms. */
export function wordSyntaxError(error: YAMLParseError, text: string): SyntaxWording {
  const [start, end] = error.pos;
  const span = { start, end };
  const fixed = FIXED[error.code];
  if (fixed !== undefined) return { span, message: fixed[0], hint: fixed[1] };
  if (error.code === "MULTIPLE_DOCS") {
    const message = "the file has a second document (---)";
    return { span: { start, end: start + 3 }, message, hint: "Keep one document; remove the line with ---." };
  }
  if (error.code === "BLOCK_AS_IMPLICIT_KEY") return wordSecondColon(start, text);
  if (error.code === "MULTILINE_IMPLICIT_KEY") return wordMissingColon(start, text);
  if (error.code === "BAD_INDENT") return wordIndentation(start, text);
  if (error.code === "UNEXPECTED_TOKEN") return wordUnexpected(span, text);
  return { span, message: error.message.charAt(0).toLowerCase() + error.message.slice(1), hint: null };
}

function lineEndOf(text: string, from: number): number {
  const newline = text.indexOf("\n", from);
  const end = newline === -1 ? text.length : newline;
  return text[end - 1] === "\r" && end > from ? end - 1 : end;
}

/** From the first letter of a line to its end. */
function lineSpan(text: string, at: number): Span {
  const lineStart = text.lastIndexOf("\n", at - 1) + 1;
  const blank = /^[ \t]*/.exec(text.slice(lineStart, lineStart + 1_000))?.[0].length ?? 0;
  return { start: lineStart + blank, end: lineEndOf(text, lineStart) };
}

function wordSecondColon(start: number, text: string): SyntaxWording {
  const end = lineEndOf(text, start);
  if (/:(?:\s|$)/.test(text.slice(start, end))) {
    const message = 'there is a second ": " in the line, which would make the value a map';
    return { span: { start, end }, message, hint: "Put the value in quotes." };
  }
  const below = text.slice(end).search(/\S/);
  const span = below === -1 ? { start, end } : lineSpan(text, end + below);
  return {
    span,
    message: "the line is indented further than the one above it, which has a value already",
    hint: "Indent it like the line above.",
  };
}

function wordMissingColon(start: number, text: string): SyntaxWording {
  const span = lineSpan(text, start);
  const line = text.slice(span.start, Math.min(span.end, span.start + 100));
  const joined = /^([\w.-]+):(\S.*)$/.exec(line);
  if (joined !== null) {
    return { span, message: "there is no blank behind the colon", hint: `Write "${joined[1]}: ${joined[2]}".` };
  }
  const words = /^([\w.-]+)[ \t]+([^\s:].*)$/.exec(line);
  const hint = words === null ? "Write a name, a colon, a blank and the value." : `Write "${words[1]}: ${words[2]}".`;
  return { span, message: "the line has no colon", hint };
}

function wordIndentation(start: number, text: string): SyntaxWording {
  const span = lineSpan(text, start);
  const before = text.slice(0, text.lastIndexOf("\n", span.start - 1) + 1).trimEnd();
  const above = lineSpan(text, before.length);
  const column = (at: number): number => at - text.lastIndexOf("\n", at - 1);
  const isItem = (at: number): boolean => /^-(?:\s|$)/.test(text.slice(at, at + 2));
  if (column(above.start) === column(span.start) && isItem(above.start) !== isItem(span.start)) {
    return isItem(span.start)
      ? { span, message: "an item of a list stands among keys", hint: "Indent it further, below the key of its list." }
      : {
          span,
          message: "a key stands among the items of a list",
          hint: 'Begin the line with "- ", or indent it like the key of the list.',
        };
  }
  return {
    span,
    message: "the line is indented like none of those above it",
    hint: "Indent it exactly like the lines it belongs to.",
  };
}

function wordUnexpected(span: Span, text: string): SyntaxWording {
  const line = text.slice(lineSpan(text, span.start).start, span.start);
  const opening = /(?:^|[:,[{-]\s+)(["'*&])[^\s]*[^"']*?["'*]?$/.exec(line)?.[1];
  if (opening === "*" || opening === "&") {
    const start = span.start - line.length + line.lastIndexOf(opening === "*" ? " *" : " &") + 1;
    return {
      span: { start: Math.min(start, span.start), end: span.end },
      message: `a value cannot start with ${opening}, which names a value written elsewhere`,
      hint: "Put the value in quotes.",
    };
  }
  if (line.trimEnd().endsWith("'") || line.trimEnd().endsWith('"')) {
    const quote = line.trimEnd().at(-1);
    const hint = quote === "'" ? "Within single quotes write '' for an apostrophe." : 'Within double quotes write \\".';
    return { span, message: "the text goes on behind its closing quote", hint };
  }
  const hint = "Check the indentation of this line and of the one above it.";
  return { span, message: "this does not fit here", hint };
}
