import { stripVTControlCharacters } from "node:util";
import type { TextSink } from "@troupe/core";
import stringWidth from "string-width";

/** Rows at the end of the terminal that are drawn over and over, with lasting lines above them. */
export interface LiveRegion {
  /**
   * Writes `lasting` above the region and `lines` as the region, in one write; nothing when there is nothing to change.
   * Each of `lines` fits in the terminal, and there are fewer of them than it has rows.
   */
  draw(lasting: readonly string[], lines: readonly string[]): void;
  /** Leaves the rows as they are, and draws the next ones where the cursor is: others have written below them. */
  leave(): void;
}

const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";
/** A terminal that knows these shows what lies between them at once. */
const BEGIN_UPDATE = "\u001b[?2026h";
const END_UPDATE = "\u001b[?2026l";
const ERASE_LINE = "\u001b[2K";
const ERASE_REST_OF_LINE = "\u001b[K";
const GO_UP = "\u001b[1A";
const TO_LINE_START = "\u001b[G";
const graphemes: Intl.Segmenter = new Intl.Segmenter();

/**
 * Never clears more than its own rows. Below them is an empty line, where the cursor rests, hidden during a redraw only:
 * what ends the process between two of them, `kill -9` too, leaves it where a shell goes on.
 */
export function createLiveRegion(sink: TextSink): LiveRegion {
  let size = sink.size();
  let drawn: readonly string[] = [];
  /** Lines right above the region that the terminal, when it became too small for them, has moved where nobody reaches. */
  let lost: readonly string[] = [];

  const eraseAll = (): string => {
    const before = size;
    size = sink.size();
    if (size.columns === before.columns && size.rows === before.rows) return eraseRows(drawn.length);
    // The terminal has wrapped the rows anew, and, made larger, brings back what it had moved away.
    const height = rowsOf(drawn, size.columns);
    const erased = height + rowsOf(lost, size.columns);
    lost = firstRows([...lost, ...drawn], erased - (size.rows - 1), size.columns);
    return eraseRows(erased); // the cursor stops at the top of the screen
  };
  const change = (lasting: readonly string[], lines: readonly string[]): string => {
    const { columns, rows } = sink.size();
    const isResized = drawn.length > 0 && (columns !== size.columns || rows !== size.rows);
    if (!isResized && lasting.length === 0 && lines.length === drawn.length) return rewrite(drawn, lines);
    if (drawn.length === 0 && lasting.length === 0 && lines.length === 0) return "";
    const erasing = drawn.length === 0 ? "" : eraseAll();
    size = sink.size();
    if (lasting.length > 0 || lines.length === 0) lost = []; // what is above the region is something else now
    return `${erasing}${[...lasting, ...lines].map((line) => `${line}\n`).join("")}`;
  };
  return {
    draw(lasting, lines) {
      const written = change(lasting, lines);
      drawn = lines;
      if (written !== "") sink.write(`${BEGIN_UPDATE}${HIDE_CURSOR}${written}${SHOW_CURSOR}${END_UPDATE}`);
    },
    leave() {
      drawn = [];
      lost = [];
    },
  };
}

/** Only the lines that have changed: most of a picture is as it was. */
function rewrite(before: readonly string[], lines: readonly string[]): string {
  let written = "";
  let at = lines.length; // where the cursor is
  for (const [index, line] of lines.entries()) {
    if (line === before[index]) continue;
    written += `${goTo(index - at)}${TO_LINE_START}${line}${ERASE_REST_OF_LINE}`;
    at = index;
  }
  return written === "" ? "" : `${written}${goTo(lines.length - at)}${TO_LINE_START}`;
}

function goTo(rowsDown: number): string {
  if (rowsDown === 0) return "";
  return rowsDown > 0 ? `\u001b[${rowsDown}B` : `\u001b[${-rowsDown}A`;
}

/** Those above the cursor and its own, an empty one; the cursor then stands where the first of them was. */
function eraseRows(rows: number): string {
  return `${TO_LINE_START}${ERASE_LINE}${`${GO_UP}${ERASE_LINE}`.repeat(rows)}`; // also what a key has echoed there
}

function rowsOf(lines: readonly string[], columns: number): number {
  return lines.reduce((sum, line) => sum + wrappedRows(line, columns), 0);
}

/** A letter of two columns that does not fit at the border leaves the last column empty. */
function wrappedRows(line: string, columns: number): number {
  if (stringWidth(line) <= columns) return 1;
  let rows = 1;
  let taken = 0;
  for (const { segment } of graphemes.segment(stripVTControlCharacters(line))) {
    const width = stringWidth(segment);
    if (taken + width > columns) {
      rows += 1;
      taken = 0;
    }
    taken += width;
  }
  return rows;
}

/** As many of the first lines as so many rows hold; of one that is not among them as a whole nobody knows what is left. */
function firstRows(lines: readonly string[], rows: number, columns: number): readonly string[] {
  let left = rows;
  const end = lines.findIndex((line) => {
    left -= rowsOf([line], columns);
    return left < 0;
  });
  return end === -1 ? lines : lines.slice(0, end);
}
