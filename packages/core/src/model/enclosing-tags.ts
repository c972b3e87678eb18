import type { LineDoubt, NumberedText } from "./text-lines.js";

/** What stands between two tags is shown, not said. */
export interface Enclosures {
  /** By line: it begins between a tag and the one that closes it. */
  readonly hidden: readonly boolean[];
  readonly doubts: readonly LineDoubt[];
}

interface Token {
  readonly type: "open" | "close";
  readonly name: string;
  readonly line: number;
  /** `a --> b`, `a <div> and` and `[words]` in a line are a part of it, unless they have a counterpart. */
  readonly isLoose: boolean;
}

const TOKENS =
  /<!--|-->|<!\[CDATA\[|\]\]>|(?<=^ {0,3})<\?|\?>|<\/?[A-Za-z][\w:.-]*(?:\s[^<>]*)?\/?>|[[{]\/?[A-Za-z][\w:.-]*[\]}]/gmu;
const MARKS: ReadonlyMap<string, Pick<Token, "type" | "name">> = new Map([
  ["<!--", { type: "open", name: "<!--" }],
  ["-->", { type: "close", name: "<!--" }],
  ["<![CDATA[", { type: "open", name: "<![CDATA[" }],
  ["]]>", { type: "close", name: "<![CDATA[" }],
  ["<?", { type: "open", name: "<?" }],
  ["?>", { type: "close", name: "<?" }],
]);
/** Within these nothing but their own end is markup. */
const RAW: readonly string[] = ["<!--", "<![CDATA[", "<?"];
const CLOSERS: Readonly<Record<string, string>> = { "<": ">", "[": "]", "{": "}" };
/** Elements without content. */
const VOID = /^<(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/u;

/**
 * Reads tags, comments and the like, also in the middle of a line. One that is never closed leaves open how far it goes,
 * one that was never opened where it began: an approval on that side of it is in doubt. `parts` are in order, without
 * code; `count` is the number of lines of the whole text.
 */
export function findEnclosures(parts: readonly NumberedText[], count: number): Enclosures {
  const opened = new Map<string, Token[]>();
  const regions = new Map<number, number>();
  let raw: string | null = null;
  let unopened: Token | null = null;
  for (const token of parts.flatMap(tokensOf)) {
    const { type, name, line } = token;
    if (raw !== null && name !== raw) continue;
    const own = opened.get(name) ?? [];
    opened.set(name, own);
    if (type === "open") {
      if (raw === null) own.push(token);
      raw = RAW.includes(name) ? name : null;
      continue;
    }
    raw = null;
    const opener = own.pop();
    if (opener !== undefined)
      regions.set(opener.line, line); // the last one that is set for a line ends last
    else if (!token.isLoose) unopened = token;
  }
  return { hidden: linesIn(regions, count), doubts: doubtsOf(firstUnclosed(opened), unopened, count) };
}

function tokensOf({ text: written, line: first }: NumberedText): readonly Token[] {
  const text = written.replace(/&lt;/giu, "<").replace(/&gt;/giu, ">"); // only lines are counted
  let line = first;
  let at = 0;
  return [...text.matchAll(TOKENS)].flatMap((match): readonly Token[] => {
    for (; at < match.index; at += 1) if (text[at] === "\n") line += 1;
    const [whole] = match;
    const mark = MARKS.get(whole);
    const isEnd = /^[ \t]*(?:\n|$)/u.test(text.slice(match.index + whole.length, match.index + whole.length + 80));
    if (mark !== undefined) return [{ ...mark, line, isLoose: whole === "-->" && !isEnd }];
    const name = whole.replace(/^([<[{])\/?([\w:.-]+).*$/su, "$1$2").toLowerCase();
    if (whole.charAt(1) === "/") return [{ type: "close", name, line, isLoose: false }];
    // Array<T> is no tag, nor is list[index]
    const before = text.charAt(match.index - 1);
    const isNone = VOID.test(name) || whole.endsWith("/>") || /[\w)\]]/u.test(before);
    const isLoose = whole.startsWith("<") ? isInSentence(text, match.index, whole) : !(isEnd && /^\n?$/u.test(before));
    return isNone ? [] : [{ type: "open", name, line, isLoose }];
  });
}

/** It neither begins nor ends its line, nor does a colon announce it: "renders a <div> and more". */
function isInSentence(text: string, from: number, tag: string): boolean {
  const end = from + tag.length;
  const begins =
    /(?:^|\n|\b(?:said|says|wrote|writes|outputs?|prints|printed|returned|answered|replied):)[\s>]*$/iu.test(
      text.slice(Math.max(0, from - 20), from),
    );
  return !begins && !/^[ \t`"'*_:]*(?:\n|$)/u.test(text.slice(end, end + 80));
}

/** A line is within a region from the one after its beginning to the one in which it ends. */
function linesIn(regions: ReadonlyMap<number, number>, count: number): readonly boolean[] {
  let reach = -1;
  return Array.from({ length: count }, (_, line) => {
    const isWithin = line <= reach;
    reach = Math.max(reach, regions.get(line) ?? -1);
    return isWithin;
  });
}

function firstUnclosed(opened: ReadonlyMap<string, readonly Token[]>): Token | null {
  let first: Token | null = null;
  for (const token of [...opened.values()].flat()) {
    if (!token.isLoose && (first === null || token.line < first.line)) first = token;
  }
  return first;
}

function doubtsOf(unclosed: Token | null, unopened: Token | null, count: number): readonly LineDoubt[] {
  return Array.from({ length: count }, (_, line) => {
    if (unclosed !== null && line > unclosed.line) {
      return `${shownMark(unclosed.name)} in line ${unclosed.line + 1} is never closed: what follows it may be quoted`;
    }
    return unopened !== null && line <= unopened.line
      ? `what ends in line ${unopened.line + 1} (${shownMark(unopened.name)}) was never opened: what is before it may be quoted`
      : null;
  });
}

function shownMark(name: string): string {
  if (RAW.includes(name)) return name;
  return `${name}${CLOSERS[name.charAt(0)]}`;
}
