/** The mark that opens or closes a fence of code. */
export interface FenceMark {
  readonly letter: string;
  readonly length: number;
  /** What follows it; "" = it can close a fence. */
  readonly info: string;
}

/** A fence that is closed, by the lines of its marks. */
export interface Fence {
  readonly from: number;
  readonly to: number;
  readonly language: string;
}

const MARK = /^[ \t]*(`{3,}|~{3,})(.*)$/u;
/** A mark of a quote or a list item in front of a line. */
const CONTAINER = /^ {0,3}(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t])) ?/u;
const CONTAINERS = /^(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t])))*/u;
/** Documents in which other fences are shown, often with marks of the same length. */
const DOCUMENTS: readonly string[] = ["markdown", "md", "mdx"];

/** The mark that a line begins with, whatever its indent and the quotes and items that it stands in. */
export function fenceMark(line: string): FenceMark | null {
  return markOf(withoutContainers(line));
}

/** A line without the marks of the quotes and items that it begins. */
export function withoutContainers(line: string): string {
  return line.replace(CONTAINERS, "");
}

function markOf(line: string): FenceMark | null {
  const [, marks, rest = ""] = MARK.exec(line) ?? [];
  if (marks === undefined || (marks.startsWith("`") && rest.includes("`"))) return null;
  return { letter: marks.slice(0, 1), length: marks.length, info: rest.trim() };
}

function languageOf({ info }: FenceMark): string {
  return info.replace(/\s.*$/u, "").toLowerCase();
}

function closes({ letter, length, info }: FenceMark, opener: FenceMark): boolean {
  return info === "" && letter === opener.letter && length >= opener.length;
}

const QUOTED = /^[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*>/u;

/** The mark of each line. One that opens a fence in a quote and has no end in it is none, where the quote ends for certain. */
function marksOf(lines: readonly string[]): readonly (FenceMark | null)[] {
  const marks = lines.map(fenceMark);
  let open: { readonly mark: FenceMark; readonly at: number } | null = null;
  for (const [at, line] of [...lines, ""].entries()) {
    const mark = QUOTED.test(line) ? fenceMark(line) : null;
    if (open === null) open = mark === null ? null : { mark, at };
    else if (mark !== null && closes(mark, open.mark)) open = null;
    else if (line.trim() === "") {
      marks.fill(null, open.at, open.at + 1);
      open = null;
    }
  }
  return marks;
}

/** The fences of a text, wherever they stand, and the lines of marks that open a fence which is never closed. */
export interface Fences {
  readonly closed: readonly Fence[];
  readonly unclosed: readonly number[];
}

/** A fence that is never closed is none: what follows it is read as text. */
export function findFences(lines: readonly string[]): Fences {
  const marks = marksOf(lines);
  const findEnd = createFenceSearch(marks);
  const closed: Fence[] = [];
  const unclosed: number[] = [];
  let at = 0;
  for (const [from, mark] of marks.entries()) {
    if (from < at || mark === null) continue;
    const to = findEnd(from, mark);
    if (to === -1) unclosed.push(from);
    else closed.push({ from, to, language: languageOf(mark) });
    at = Math.max(from, to) + 1;
  }
  return { closed, unclosed };
}

/**
 * Finds the line that closes a fence, -1 = none. It remembers what it has not found, so that a text full of fences that
 * are never closed costs no more than one pass for each length of mark.
 */
function createFenceSearch(marks: readonly (FenceMark | null)[]): (opensAt: number, opener: FenceMark) => number {
  const unclosed = new Map<string, number>();
  return (opensAt, opener) => {
    if (opener.length >= (unclosed.get(opener.letter) ?? Number.POSITIVE_INFINITY)) return -1;
    for (let at = opensAt + 1; at < marks.length; at += 1) {
      const mark = marks[at];
      if (mark && closes(mark, opener)) return at;
    }
    unclosed.set(opener.letter, opener.length);
    return -1;
  };
}

/** For each line where the outermost fence around it, its own marks included, was opened; -1 = there is none. */
type FenceReading = readonly number[];

export interface FenceReadings {
  readonly all: readonly FenceReading[];
  /** Of fenced documents alone, which may hold other fences. */
  readonly documents: FenceReading;
}

/**
 * The other ways to read the fences of a text. Authors nest fences with marks of one length, open them in a list item and
 * close them outside of it, indent a mark so far that it is none: renderers and people do not agree on such texts.
 */
export function readFences(lines: readonly string[]): FenceReadings {
  const marks = marksOf(lines);
  return { all: [readStrictly(lines), readFlat(marks), readNested(marks)], documents: readDocuments(marks) };
}

interface OpenFence {
  readonly mark: FenceMark;
  readonly at: number;
  /** What the fence stands in: "" = a quote, spaces = an item with such an indent. */
  readonly within: readonly string[];
}

/** As CommonMark has it: marks have an indent of at most three, and a fence ends with the quote or item it stands in. */
function readStrictly(lines: readonly string[]): FenceReading {
  let open: OpenFence | null = null;
  return lines.map((line, at) => {
    const rest: string | null = open === null ? null : contentOf(line, open.within);
    if (open !== null && rest !== null) {
      const { at: from } = open;
      const mark = strictMark(rest);
      if (mark !== null && closes(mark, open.mark)) open = null;
      return from;
    }
    const { content, within } = enterContainers(line);
    const mark = strictMark(content);
    open = mark === null ? null : { mark, at, within };
    return mark === null ? -1 : at;
  });
}

function strictMark(line: string): FenceMark | null {
  return /^(?: {4}| {0,3}\t)/u.test(line) ? null : markOf(line);
}

function enterContainers(line: string): { readonly content: string; readonly within: readonly string[] } {
  const within: string[] = [];
  let content = line;
  for (let [mark] = CONTAINER.exec(content) ?? []; mark !== undefined; [mark] = CONTAINER.exec(content) ?? []) {
    within.push(mark.includes(">") ? "" : " ".repeat(mark.length));
    content = content.slice(mark.length);
  }
  return { content, within };
}

/** What a line has within the same quotes and items; null = it is not in them. */
function contentOf(line: string, within: readonly string[]): string | null {
  let content = line;
  for (const indent of within) {
    const isIn = indent === "" ? /^ {0,3}>/u.test(content) : content.startsWith(indent) || content.trim() === "";
    if (!isIn) return null;
    content = indent === "" ? content.replace(/^ {0,3}> ?/u, "") : content.slice(indent.length);
  }
  return content;
}

function readFlat(marks: readonly (FenceMark | null)[]): FenceReading {
  let open: { readonly mark: FenceMark; readonly at: number } | null = null;
  return marks.map((mark, line) => {
    if (open === null) {
      if (mark !== null) open = { mark, at: line };
      return mark === null ? -1 : line;
    }
    const { at } = open;
    if (mark !== null && closes(mark, open.mark)) open = null;
    return at;
  });
}

/** A mark with a language within a fence opens another one. */
function readNested(marks: readonly (FenceMark | null)[]): FenceReading {
  const open: { readonly mark: FenceMark; readonly at: number }[] = [];
  return marks.map((mark, line) => {
    const [outer] = open;
    const inner = open.at(-1);
    if (mark !== null) {
      if (inner === undefined || mark.info !== "") open.push({ mark, at: line });
      else if (closes(mark, inner.mark)) open.pop();
    }
    return outer?.at ?? (mark === null ? -1 : line);
  });
}

/** A fenced document goes on to the last mark that could close it. */
function readDocuments(marks: readonly (FenceMark | null)[]): FenceReading {
  const at = marks.findIndex((mark) => mark !== null && DOCUMENTS.includes(languageOf(mark)));
  const to = marks.findLastIndex((mark) => mark?.info === "");
  return marks.map((_, line) => (at !== -1 && line >= at && line <= to ? at : -1));
}
