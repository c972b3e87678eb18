import type { Diagnostic } from "./diagnostic.js";

export const DEFAULT_COLUMNS: number = 118;
const MIN_COLUMNS = 40;
/** Columns of a long line that are shown before the mistake. */
const BEFORE = 40;

/** One character of a source line as it is shown. */
interface Cell {
  readonly shown: string;
  /** Columns in a terminal. */
  readonly width: number;
  /** Offset in the line, in UTF-16 code units. */
  readonly at: number;
}

/**
 * The line of a diagnostic with its neighbour above and a marker below, as wide as `columns`. Nothing of the text can
 * move the cursor or hide what follows. A long line is cut around the mistake, with "…" where something is left out.
 */
export function codeFrame(
  diagnostic: Diagnostic,
  text: string,
  columns: number,
  paint: (words: string) => string,
): readonly string[] {
  const lines = text.split("\n", diagnostic.line);
  const source = lines[diagnostic.line - 1];
  if (source === undefined || text.length === 0) return [];
  const gutter = String(diagnostic.line).length;
  const width = Math.max(columns, MIN_COLUMNS) - gutter - 6;
  const startsAt = diagnostic.column - 1;
  const cells = cellsOf(source, startsAt + width * 2);
  const before = widthOf(cells.filter(({ at }) => at < startsAt));
  // what fits is not cut; else the mistake stands near the left, so that what follows it is seen
  const dropped = before > width - Math.min(30, width / 2) ? before - Math.min(BEFORE, Math.floor(width / 2)) : 0;
  const from = firstAfter(cells, dropped);
  const shown = cut(cells, from, width);
  const column = shown.lead + widthOf(cells.filter(({ at }) => at >= from && at < startsAt));
  const end = endOf(diagnostic, source);
  const length = widthOf(cells.filter(({ at }) => at >= startsAt && at < end));
  const above = lines[diagnostic.line - 2] ?? "";
  const showsAbove = above.trim() !== "" && from === 0;
  return [
    ...(showsAbove ? [numbered(diagnostic.line - 1, gutter, cut(cellsOf(above, width * 2), 0, width).words)] : []),
    numbered(diagnostic.line, gutter, shown.words),
    `  ${" ".repeat(gutter)} | ${" ".repeat(column)}${paint("^".repeat(Math.max(1, Math.min(length, width - column))))}`,
  ];
}

/** Of the marker, from 0: one letter when the end is unknown, to the end of the line when it lies further down. */
function endOf(diagnostic: Diagnostic, source: string): number {
  if (diagnostic.endLine === null || diagnostic.endColumn === null) return diagnostic.column;
  return diagnostic.endLine === diagnostic.line ? diagnostic.endColumn - 1 : source.trimEnd().length;
}

function numbered(line: number, gutter: number, words: string): string {
  return `  ${String(line).padStart(gutter)} | ${words}`.trimEnd();
}

function cut(cells: readonly Cell[], from: number, width: number): { readonly words: string; readonly lead: number } {
  const lead = from === 0 ? "" : "…";
  const rest = cells.filter(({ at }) => at >= from);
  if (widthOf(rest) + lead.length <= width) return { words: lead + join(rest), lead: lead.length };
  let room = width - lead.length - 1;
  const fitting = rest.slice(
    0,
    rest.findIndex((cell) => {
      room -= cell.width;
      return room < 0;
    }),
  );
  return { words: `${lead}${join(fitting)}…`, lead: lead.length };
}

function join(cells: readonly Cell[]): string {
  return cells.map(({ shown }) => shown).join("");
}

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, { width }) => sum + width, 0);
}

/** Offset of the first character that is not among the `dropped` first columns. */
function firstAfter(cells: readonly Cell[], dropped: number): number {
  let column = 0;
  for (const { at, width } of cells) {
    if (column >= dropped && width > 0) return at;
    column += width;
  }
  return 0;
}

function cellsOf(line: string, limit: number): readonly Cell[] {
  const cells: Cell[] = [];
  let at = 0;
  for (const character of line.replace(/\r$/, "").slice(0, limit)) {
    const shown = character === "\t" ? " " : isUnshowable(character) ? "\u{fffd}" : character;
    cells.push({ shown, width: hasNoWidth(shown) ? 0 : isWide(shown) ? 2 : 1, at });
    at += character.length;
  }
  return cells;
}

// The expressions stand in functions: making them means asking for sets of Unicode, which whoever shows no mistake need not.

/** Controls, formats (direction overrides, joiners), line separators, halves of characters. */
function isUnshowable(character: string): boolean {
  return /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u.test(character);
}

function hasNoWidth(character: string): boolean {
  return /\p{M}/u.test(character);
}

/** East Asian wide and full-width ranges of Unicode, and what is an emoji by itself. */
function isWide(character: string): boolean {
  return /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u.test(
    character,
  );
}
