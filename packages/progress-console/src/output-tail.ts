import { sanitizeLine } from "@troupe/core";
import { readableLine } from "./readable-line.js";

/** Characters kept of a line; a terminal shows fewer. */
const LINE_CHARACTERS = 1024;
/** The same of a line of JSON, which is read as a whole: a longer one is the result of a tool, and not shown. */
const JSON_CHARACTERS = 16_384;
/** Characters looked at of one chunk: its end. */
const CHUNK_CHARACTERS = 65_536;

/** Follows raw output and knows its last line, in constant memory. */
export interface OutputTail {
  push(text: string): void;
  /** The last line with something to see, also an unfinished one; of JSON what it says. Safe to show. */
  lastLine(): string;
}

export function createOutputTail(): OutputTail {
  let open = "";
  let last = "";
  /** What an agent has said in pieces so far; it may have several lines. */
  let said = "";
  /** What {@link OutputTail.lastLine} has told; undefined = more has come since. */
  let told: string | undefined;
  const finish = (line: string): void => {
    const readable = readableLine(line.trim());
    if (readable === null) return;
    said = `${readable.isPiece ? said : ""}${readable.text}`.slice(-LINE_CHARACTERS);
    last = lastLineOf(said) || last;
  };
  return {
    push(text) {
      told = undefined;
      const [first = "", ...rest] = text.slice(-CHUNK_CHARACTERS).split(/[\r\n]+/);
      open = kept(open + first);
      for (const part of rest) {
        finish(open);
        open = kept(part);
      }
    },
    lastLine() {
      told ??= isJson(open) ? last : sanitizeLine(open) || last;
      return told;
    },
  };
}

function kept(line: string): string {
  return line.slice(0, isJson(line) ? JSON_CHARACTERS : LINE_CHARACTERS);
}

function isJson(line: string): boolean {
  return line.startsWith("{");
}

function lastLineOf(text: string): string {
  return sanitizeLine(text.split(/[\r\n]+/).findLast((line) => sanitizeLine(line) !== "") ?? "");
}
