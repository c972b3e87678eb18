/** A run of lines outside fences, or the content of one fence. */
export interface TextBlock {
  readonly kind: "text" | "fence";
  readonly lines: readonly string[];
  /** Of a fence, in lower case; "" for none and for text. */
  readonly language: string;
  /**
   * For each line of text whether it stands for itself: no quote, no list item, nothing that belongs to one, no
   * indented code, no part of a diff, nothing between two tags. For a fence one value, for the fence itself.
   */
  readonly standsAlone: readonly boolean[];
  /** For each line: whether what stands for itself may be code or a quote all the same, for its bounds are missing. */
  readonly inDoubt: readonly boolean[];
}

interface FenceStart {
  readonly marks: string;
  readonly language: string;
}

const QUOTE_OR_ITEM = /^[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$))/u;

/** The first line of a part of a unified diff. */
const HUNK = /^@@ -\d/u;

/** What stands in the place of the middle of a text that was too long. */
const LEFT_OUT = /^\[\.\.\. (?:\d+ bytes )?left out \.\.\.\]$/u;

/** The lines of a text, whatever ends them. */
export function splitLines(text: string): readonly string[] {
  return text.replace(/^\u{feff}/u, "").split(/\r\n|\r|\n/u);
}

/** The line at an index that exists. */
export function lineAt(lines: readonly string[], index: number): string {
  return lines.slice(index, index + 1).join("");
}

/**
 * As much of markdown's structure as it takes to tell what an agent says from what it quotes, lists and shows as code.
 * A fence that is never closed is no fence: what follows it is text, and in doubt.
 */
export function markdownBlocks(text: string): readonly TextBlock[] {
  const lines = splitLines(text);
  const standsAlone = findLinesStandingAlone(lines);
  const findEnd = createFenceSearch(lines);
  const blocks: (Omit<TextBlock, "inDoubt"> & { readonly from: number })[] = [];
  let start = 0;
  const endText = (end: number): void => {
    const alone = standsAlone.slice(start, end);
    blocks.push({ kind: "text", lines: lines.slice(start, end), language: "", standsAlone: alone, from: start });
  };
  let at = 0;
  let unclosedAt = lines.length;
  for (const [index, line] of lines.entries()) {
    if (index < at) continue; // within the fence just read
    at = index + 1;
    const fence = parseFenceStart(line);
    const end = fence === null ? -1 : findEnd(index, fence.marks);
    if (fence !== null && end === -1) unclosedAt = Math.min(unclosedAt, index);
    if (fence === null || end === -1) continue;
    endText(index);
    const alone = standsAlone.slice(index, index + 1);
    const inner = lines.slice(index + 1, end);
    blocks.push({ kind: "fence", lines: inner, language: fence.language, standsAlone: alone, from: index });
    at = end + 1;
    start = at;
  }
  endText(lines.length);
  const [cutAt, boundAt] = findCut(lines);
  const isInDoubt = (line: number): boolean => line >= unclosedAt || (line > cutAt && line < boundAt);
  return blocks.map(({ from, ...block }) => ({
    ...block,
    inDoubt: block.lines.map((_, line) => isInDoubt(from + line)),
  }));
}

/**
 * The line where a text was cut, and the last one after it that bounds a fence or closes a tag: what lies between them
 * may be within something that was opened in what is left out.
 */
function findCut(lines: readonly string[]): readonly [cutAt: number, boundAt: number] {
  const cutAt = lines.findLastIndex((line) => LEFT_OUT.test(line));
  const isBound = (line: string): boolean => parseFenceStart(line) !== null || /<\/[A-Za-z]|-->/u.test(line);
  return cutAt === -1 ? [-1, -1] : [cutAt, lines.findLastIndex(isBound)];
}

function findLinesStandingAlone(lines: readonly string[]): readonly boolean[] {
  let within = false; // a list item or a quote
  let inDiff = false;
  const enclosedUntil = findEnclosures(lines);
  let enclosed = -1; // the line that ends what is enclosed
  return lines.map((line, index) => {
    enclosed = Math.max(enclosed, enclosedUntil(index));
    if (index <= enclosed) return false;
    inDiff = HUNK.test(line) || (inDiff && (line === "" || /^[ +\-\\]/u.test(line)));
    if (inDiff) return false;
    if (QUOTE_OR_ITEM.test(line)) {
      within = true;
      return false;
    }
    if (/^(?: {4}|\t| {1,3}\t)/u.test(line)) return false;
    if (line.startsWith(" ")) return !within;
    if (line !== "") within = false;
    return true;
  });
}

/**
 * For a line that opens a tag or a comment, the line that closes it, -1 = it opens none: what stands between
 * `<tool_output>` and `</tool_output>` is shown, not said. A tag that is never closed encloses nothing.
 */
function findEnclosures(lines: readonly string[]): (index: number) => number {
  const closings = new Map<string, number[]>();
  for (const [index, line] of lines.entries()) {
    for (const [, name = "--"] of line.matchAll(/<\/([A-Za-z][\w-]*)|-->/gu)) {
      const known = closings.get(name);
      if (known === undefined) closings.set(name, [index]);
      else known.push(index);
    }
  }
  for (const indexes of closings.values()) indexes.reverse(); // the next one is the last
  return (index) => {
    const name = openedBy(lineAt(lines, index));
    const ends = name === null ? undefined : closings.get(name);
    while (ends !== undefined && (ends.at(-1) ?? index) < index) ends.pop();
    return ends?.at(-1) ?? -1;
  };
}

function openedBy(line: string): string | null {
  if (/^\s*<!--/u.test(line)) return "--";
  return /^\s*<([A-Za-z][\w-]*)(?:\s[^<>]*)?>/u.exec(line)?.[1] ?? null;
}

function parseFenceStart(line: string): FenceStart | null {
  const [, marks, info = ""] = /^[ \t]*(`{3,}|~{3,})(.*)$/u.exec(line) ?? [];
  if (marks === undefined || (marks.startsWith("`") && info.includes("`"))) return null;
  return { marks, language: info.trim().replace(/\s.*$/u, "").toLowerCase() };
}

/**
 * Finds the line that closes a fence, -1 = none. It remembers what it has not found, so that a text full of fences that
 * are never closed costs no more than one pass for each length of mark.
 */
function createFenceSearch(lines: readonly string[]): (opensAt: number, marks: string) => number {
  const unclosed = new Map<string, number>();
  return (opensAt, marks) => {
    const letter = marks.slice(0, 1);
    if (marks.length >= (unclosed.get(letter) ?? Number.POSITIVE_INFINITY)) return -1;
    for (let at = opensAt + 1; at < lines.length; at += 1)
      if (closes(lineAt(lines, at), letter, marks.length)) return at;
    unclosed.set(letter, marks.length);
    return -1;
  };
}

function closes(line: string, letter: string, length: number): boolean {
  const bare = line.trim();
  return bare.length >= length && bare === letter.repeat(bare.length);
}
