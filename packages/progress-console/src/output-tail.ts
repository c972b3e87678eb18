import { sanitizeLine } from "@troupe/core";

/** Characters kept of a line; a terminal shows fewer. */
const LINE_CHARACTERS = 1024;
/** Characters looked at of one chunk: its end. */
const CHUNK_CHARACTERS = 4096;

/** Follows raw output and knows its last line, in constant memory. */
export interface OutputTail {
  push(text: string): void;
  /** The last line with something to see, also an unfinished one; safe to show. */
  lastLine(): string;
}

export function createOutputTail(): OutputTail {
  let open = "";
  let last = "";
  return {
    push(text) {
      const [first = "", ...rest] = text.slice(-CHUNK_CHARACTERS).split(/[\r\n]+/);
      open = (open + first).slice(0, LINE_CHARACTERS);
      for (const part of rest) {
        last = sanitizeLine(open) || last;
        open = part.slice(0, LINE_CHARACTERS);
      }
    },
    lastLine: () => sanitizeLine(open) || last,
  };
}
