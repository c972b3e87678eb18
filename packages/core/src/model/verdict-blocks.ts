import { type Fence, type FenceReadings, findFences, readFences } from "./fence-readings.js";
import { readLines } from "./line-doubts.js";
import type { LinePlace } from "./line-places.js";
import { type LineDoubt, splitLines } from "./text-lines.js";

/** A run of lines outside fences, or the content of one fence. */
export interface TextBlock {
  readonly kind: "text" | "fence";
  readonly lines: readonly string[];
  /** Number of the first of them in the whole text, from 0. */
  readonly from: number;
  /** Of a fence, in lower case; "" for none and for text. */
  readonly language: string;
  /**
   * For each line of text whether it stands for itself: no quote, no list item, nothing that belongs to one, no
   * indented code, no part of a diff, nothing between two tags. For a fence one value, for the fence itself.
   */
  readonly standsAlone: readonly boolean[];
  /** For each line of text why what stands for itself may be shown and not said all the same. For a fence one value. */
  readonly doubts: readonly LineDoubt[];
}

/**
 * As much of markdown's structure as it takes to tell what an agent says from what it quotes, lists and shows as code.
 * Where authors, renderers and people read a text in different ways there is a doubt. Takes time in proportion to the text.
 */
export function markdownBlocks(text: string): readonly TextBlock[] {
  const lines = splitLines(text);
  const fences = findFences(lines);
  const told = readLines(lines, fences);
  const readings = readFences(lines);
  const blocks: TextBlock[] = [];
  let start = 0;
  const endText = (end: number): void => {
    const own = told.slice(start, end);
    blocks.push({
      kind: "text",
      lines: lines.slice(start, end),
      from: start,
      language: "",
      standsAlone: own.map(({ isAlone }) => isAlone),
      doubts: own.map(({ doubt }, at) => doubtOfLine(readings, start + at) ?? doubt),
    });
  };
  for (const fence of fences.closed) {
    endText(fence.from);
    blocks.push(fenceBlock(fence, lines, told, readings));
    start = fence.to + 1;
  }
  endText(lines.length);
  return blocks;
}

function fenceBlock(
  fence: Fence,
  lines: readonly string[],
  told: readonly LinePlace[],
  readings: FenceReadings,
): TextBlock {
  const { from, to, language } = fence;
  const own = told.slice(from, from + 1);
  return {
    kind: "fence",
    lines: lines.slice(from + 1, to),
    from: from + 1,
    language,
    standsAlone: own.map(({ isAlone }) => isAlone),
    doubts: own.map(({ doubt }) => doubtOfFence(readings, fence) ?? doubt),
  };
}

/** Some reading has it in a fence. */
function doubtOfLine({ all, documents }: FenceReadings, line: number): LineDoubt {
  const found = [...all, documents].flatMap((opened) => opened.slice(line, line + 1)).find((opened) => opened !== -1);
  return found === undefined ? null : `it may be code: see the fence in line ${found + 1}`;
}

/** Not all readings agree on where it begins. */
function doubtOfFence({ all, documents }: FenceReadings, { from, to }: Fence): LineDoubt {
  const isOwn = (opened: number | undefined): boolean => opened === from;
  const isSure = all.every((opened) => isOwn(opened[to])) && (documents[to] === -1 || isOwn(documents[to]));
  return isSure ? null : "it is not clear where the fence around it begins";
}
