import { maskCode } from "./code-spans.js";
import { findEnclosures } from "./enclosing-tags.js";
import { type Fences, fenceMark } from "./fence-readings.js";
import { createPlaceReader, type LinePlace } from "./line-places.js";
import { findOpenMarks, findShown } from "./shown-lines.js";
import { type LineDoubt, lineAt, type NumberedText } from "./text-lines.js";

/** What stands in the place of the middle of a text that was too long. */
const LEFT_OUT = /^\[\.\.\. (?:\d+ bytes )?left out \.\.\.\]$/u;
/** Code within lines never goes on behind such a line, or from the one before it. */
const HEADING = /^ {0,3}#{1,6}(?:[ \t]|$)/u;
const BEGINS_BLOCK = /^[ \t]*(?:[<>]|(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$))/u;

/** Reads each line of a text; of a fence its first line, and nothing within. */
export function readLines(lines: readonly string[], fences: Fences): readonly LinePlace[] {
  const isFenced = fencedLines(lines.length, fences);
  const blocks = blocksOf(lines, isFenced).map(({ text, line }) => ({ ...maskCode(text), line }));
  const tags = findEnclosures(blocks, lines.length);
  const shown = findShown(lines, withoutCode(lines, blocks), isFenced);
  const unsure = [unclosedDoubt(lines, fences), cutDoubt(lines)];
  const marks = new Map(
    blocks.flatMap((block) => [
      ...findOpenMarks(block),
      ...block.broken.map((at) => [block.line + at, "it stands within code that begins before it"] as const),
    ]),
  );
  const placeAt = createPlaceReader(lines);
  const opens = new Set(fences.closed.map(({ from }) => from));
  return lines.map((_, line): LinePlace => {
    if (isFenced[line] === true && !opens.has(line)) return { isAlone: false, doubt: null };
    const { isAlone, doubt } = placeAt(line);
    const found = [doubt, tags.doubts[line], shown[line], marks.get(line), ...unsure.map((doubtAt) => doubtAt(line))];
    return {
      isAlone: isAlone && tags.hidden[line] === false,
      doubt: found.find((one) => typeof one === "string") ?? null,
    };
  });
}

function withoutCode(lines: readonly string[], blocks: readonly NumberedText[]): readonly string[] {
  const masked = [...lines];
  for (const { line, text } of blocks) for (const [at, part] of text.split("\n").entries()) masked[line + at] = part;
  return masked;
}

function fencedLines(count: number, { closed }: Fences): readonly boolean[] {
  const isFenced = new Array<boolean>(count).fill(false);
  for (const { from, to } of closed) isFenced.fill(true, from, to + 1);
  return isFenced;
}

/** Paragraphs, items and the like: what code within lines cannot reach beyond. */
function blocksOf(lines: readonly string[], isFenced: readonly boolean[]): readonly NumberedText[] {
  const blocks: NumberedText[] = [];
  let own: string[] = [];
  const end = (at: number): void => {
    if (own.length > 0) blocks.push({ line: at - own.length, text: own.join("\n") });
    own = [];
  };
  for (const [at, line] of lines.entries()) {
    const isBreak = isFenced[at] === true || line.trim() === "";
    if (isBreak || HEADING.test(line) || BEGINS_BLOCK.test(line)) end(at);
    if (isBreak) continue;
    own.push(line);
    if (HEADING.test(line)) end(at + 1);
  }
  end(lines.length);
  return blocks;
}

/** A mark that could close a fence and has none: perhaps it closes one that was taken to have ended before. */
function unclosedDoubt(lines: readonly string[], { closed, unclosed }: Fences): (line: number) => LineDoubt {
  const last = unclosed.findLast((line) => fenceMark(lineAt(lines, line))?.info === "") ?? -1;
  const first = closed.find(({ from }) => from < last)?.from ?? lines.length;
  return (line) =>
    line > first && line < last ? `the fence in line ${last + 1} may begin before it: it has no counterpart` : null;
}

/**
 * Between the line where a text was cut and the last one after it that bounds a fence or closes a tag: that may be within
 * something that was opened in what is left out.
 */
function cutDoubt(lines: readonly string[]): (line: number) => LineDoubt {
  const cutAt = lines.findLastIndex((line) => LEFT_OUT.test(line));
  const isBound = (line: string): boolean => fenceMark(line) !== null || /<\/[A-Za-z]|-->/u.test(line);
  const boundAt = cutAt === -1 ? -1 : lines.findLastIndex(isBound);
  return (line) => (line > cutAt && line < boundAt ? "what was opened before it may have been left out" : null);
}
