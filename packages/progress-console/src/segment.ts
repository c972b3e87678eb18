import stringWidth from "string-width";
import { UNICODE_GLYPHS } from "./glyphs.js";

/** What a piece of text means; its colour follows from it. */
export type Tone = "plain" | "dim" | "good" | "bad" | "busy" | "wait" | "name";

/** A piece of a line, on one line and safe to show. */
export interface Segment {
  readonly text: string;
  readonly tone: Tone;
}

const SGR: Readonly<Record<Exclude<Tone, "plain">, readonly [string, string]>> = {
  dim: ["\u001b[2m", "\u001b[22m"],
  good: ["\u001b[32m", "\u001b[39m"],
  bad: ["\u001b[31m", "\u001b[39m"],
  busy: ["\u001b[36m", "\u001b[39m"],
  wait: ["\u001b[33m", "\u001b[39m"],
  name: ["\u001b[1m", "\u001b[22m"],
};

const PRINTABLE_ASCII = /^[ -~]*$/;
const graphemes: Intl.Segmenter = new Intl.Segmenter();

/** How many columns the text takes: nearly all texts are plain, and their letters are only counted. */
export function columnsOf(text: string): number {
  return PRINTABLE_ASCII.test(text) ? text.length : columnsOfOther(text);
}

/** Marks and brackets are measured for each row of each picture. */
const measured: Map<string, number> = new Map();
const MOST_LETTERS_KEPT = 4;
const MOST_TEXTS_KEPT = 256;

function columnsOfOther(text: string): number {
  const known = measured.get(text);
  if (known !== undefined) return known;
  const columns = stringWidth(text);
  if (text.length <= MOST_LETTERS_KEPT && measured.size < MOST_TEXTS_KEPT) measured.set(text, columns);
  return columns;
}

export function segment(text: string, tone: Tone = "plain"): Segment {
  return { text, tone };
}

/** The line as text, with colours or without. */
export function paint(segments: readonly Segment[], isColoured: boolean): string {
  return segments
    .map(({ text, tone }) => {
      if (!isColoured || tone === "plain" || text === "") return text;
      const [on, off] = SGR[tone];
      return `${on}${text}${off}`;
    })
    .join("");
}

/** How many columns the segments take. */
export function widthOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { text }) => sum + columnsOf(text), 0);
}

/** The segments cut to `columns`, with an ellipsis where something is missing. */
export function fitSegments(
  segments: readonly Segment[],
  columns: number,
  ellipsis: string = UNICODE_GLYPHS.ellipsis,
): readonly Segment[] {
  const fitting: Segment[] = [];
  let left = columns;
  for (const [index, { text, tone }] of segments.entries()) {
    const width = columnsOf(text);
    const isLast = segments.slice(index + 1).every((rest) => rest.text === "");
    if (width < left || (width === left && isLast)) {
      fitting.push({ text, tone });
      left -= width;
      continue;
    }
    fitting.push({ text: cutText(text, left, ellipsis), tone });
    break;
  }
  return fitting;
}

/** The text in exactly `columns`, cut or filled with spaces. */
export function padText(text: string, columns: number, ellipsis: string = UNICODE_GLYPHS.ellipsis): string {
  if (columns < 1) return "";
  const width = columnsOf(text);
  if (width <= columns) return text + " ".repeat(columns - width);
  const cut = cutText(text, columns, ellipsis);
  return cut + " ".repeat(Math.max(0, columns - columnsOf(cut)));
}

/** In at most `columns`, the ellipsis among them. */
function cutText(text: string, columns: number, ellipsis: string): string {
  return `${takeColumns(text, columns - ellipsis.length)}${ellipsis.slice(0, Math.max(0, columns))}`;
}

/** As much of the start of the text as fits; what a reader sees as one character stays whole. */
function takeColumns(text: string, columns: number): string {
  if (PRINTABLE_ASCII.test(text)) return text.slice(0, Math.max(0, columns));
  let taken = "";
  let left = columns;
  for (const { segment: grapheme } of graphemes.segment(text)) {
    const width = columnsOf(grapheme);
    if (width > left) break;
    taken += grapheme;
    left -= width;
  }
  return taken;
}
