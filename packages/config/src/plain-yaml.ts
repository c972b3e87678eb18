import type { Span } from "./diagnostic-log.js";
import { flowOf, isOtherWord, readFlow } from "./plain-flow.js";
import type { Path, YamlTree } from "./yaml-tree.js";

/** No control character but the line end, none of direction, no blank that is no space, and nothing that is a line end for some. */
const PLAIN_TEXT = /^[\x20-\x7e\n\u00a1-\u00ac\u00ae-\u024f\u2010-\u2027\u2030-\u205e\u20ac\u2190-\u21ff]*$/;
// The first use of an expression makes it, which takes longer than reading a line: a look at the first letter goes before.
const MOST_CHARACTERS = 64 * 1024;
const LONGEST_LINE = 1_000;
const DEEPEST = 8;
const MOST_NODES = 1_500;

const ENTRY = /^(?<key>[A-Za-z_][A-Za-z0-9_./-]*):(?:(?<gap> +)(?<rest>.*))?$/;
const ITEM = /^- (?! )(?<rest>.+)$/;
const COMMENT = /^#(?:[\s#]|$)/;
const BLOCK_SCALAR = /^(?<style>[>|])(?<strip>-?)$/;

/**
 * The tree of a YAML text of the plain kind that people write: maps, lists and texts in block style, lists and maps of one
 * line, comments; no anchors, tags, escapes, nulls, texts over several lines without `>` or `|`, and nothing twice. It is what
 * `parseYamlTree` would return without saying anything. Null = it is of any other kind, maybe wrong: this one finds no
 * mistakes. It exists because the parser takes longer to load and to warm up than Node does to start.
 */
export function readPlainYaml(text: string): YamlTree | null {
  if (text.length > MOST_CHARACTERS || !PLAIN_TEXT.test(text)) return null;
  return readBlocks(blocksOf(text));
}

interface Line {
  readonly indent: number;
  /** Behind the indentation. */
  readonly text: string;
  /** Of `text`. */
  readonly offset: number;
}

/** What was read: its own place, null for a block of several lines. */
interface Read {
  readonly value: unknown;
  readonly span: Span | null;
}

interface Place {
  readonly key: Span | null;
  readonly value: Span | null;
}

/** A text, and how far it has been read. Functions and no class: the build has such compiled at once, methods never. */
interface Blocks {
  readonly raw: readonly string[];
  /** null for a line with nothing in it, or a comment. */
  readonly lines: (Line | null)[];
  readonly places: Map<string, Place>;
  readonly keys: Map<string, readonly string[]>;
  at: number;
  nodes: number;
}

function blocksOf(text: string): Blocks {
  const raw = text.split("\n");
  let offset = 0;
  const lines = raw.map((line) => {
    const content = line.trimStart();
    const indent = line.length - content.length;
    const isNothing = content === "" || content.startsWith("#");
    const read = isNothing ? null : { indent, text: content.trimEnd(), offset: offset + indent };
    offset += line.length + 1;
    return read;
  });
  return { raw, lines, places: new Map(), keys: new Map(), at: 0, nodes: 0 };
}

function readBlocks(blocks: Blocks): YamlTree | null {
  if (blocks.raw.some((raw) => raw.length > LONGEST_LINE)) return null;
  const first = nextLine(blocks);
  if (first === null || first.indent > 0) return null;
  const root = readMap(blocks, 0, []);
  return root === null || nextLine(blocks) !== null ? null : { value: root.value, ...lookupsOf(blocks) };
}

/** The next line with something in it. */
function nextLine(blocks: Blocks): Line | null {
  while (blocks.at < blocks.lines.length) {
    const line = blocks.lines[blocks.at] ?? null;
    if (line !== null) return line;
    blocks.at += 1;
  }
  return null;
}

function readMap(blocks: Blocks, indent: number, path: Path): Read | null {
  const value: Record<string, unknown> = {};
  const keys: string[] = [];
  const start = nextLine(blocks)?.offset ?? 0;
  const first = blocks.at;
  let end: number | null = null;
  for (let line = nextLine(blocks); line?.indent === indent && !isItem(line); line = nextLine(blocks)) {
    const { key, gap = "", rest = "" } = ENTRY.exec(line.text)?.groups ?? {};
    if (key === undefined || key === "__proto__" || Object.hasOwn(value, key) || isOtherWord(key)) return null;
    const inner = [...path, key];
    const span = { start: line.offset, end: line.offset + key.length };
    const read = readEntry(blocks, line, rest, span.end + 1 + gap.length, inner);
    if (read === null) return null;
    note(blocks, inner, span, read);
    keys.push(key);
    value[key] = read.value;
    end = endIn(line, read);
  }
  blocks.keys.set(keyOf(path), keys);
  return closed(
    blocks,
    indent,
    path,
    { value, span: keys.length === 1 && end !== null ? { start, end } : null },
    first,
  );
}

function readList(blocks: Blocks, indent: number, path: Path): Read | null {
  const values: unknown[] = [];
  const start = nextLine(blocks)?.offset ?? 0;
  const first = blocks.at;
  let end: number | null = null;
  for (let line = nextLine(blocks); line?.indent === indent && isItem(line); line = nextLine(blocks)) {
    const { rest } = ITEM.exec(line.text)?.groups ?? {};
    if (rest === undefined) return null;
    const inner = [...path, values.length];
    const read = readItem(blocks, line, rest, inner);
    if (read === null) return null;
    note(blocks, inner, null, read);
    values.push(read.value);
    end = endIn(line, read);
  }
  return closed(
    blocks,
    indent,
    path,
    {
      value: values,
      span: values.length === 1 && end !== null ? { start, end } : null,
    },
    first,
  );
}

/** A map in an item goes on below its first key. */
function readItem(blocks: Blocks, line: Line, rest: string, path: Path): Read | null {
  if (!ENTRY.test(rest)) return readInline(blocks, line, rest, line.offset + 2, path);
  blocks.lines[blocks.at] = { indent: line.indent + 2, text: rest, offset: line.offset + 2 };
  return readMap(blocks, line.indent + 2, path);
}

/** Null where a line is further in than what came before allows, or there is too much of everything. */
function closed(blocks: Blocks, indent: number, path: Path, read: Read, line: number): Read | null {
  if (read.span !== null && hasCommentAside(blocks, indent, line)) return null;
  const next = nextLine(blocks);
  return path.length > DEEPEST || blocks.nodes > MOST_NODES || (next !== null && next.indent > indent) ? null : read;
}

/** Whether comments around the one line of a block stand where they belong to its value, and to its place. */
function hasCommentAside(blocks: Blocks, indent: number, line: number): boolean {
  const isAside = (at: number): boolean => !isBlank(blocks.raw[at]) && ![0, indent].includes(indentOf(blocks.raw[at]));
  for (let at = line - 1; blocks.lines[at] === null; at -= 1) if (isAside(at)) return true;
  for (let at = line + 1; blocks.lines[at] === null; at += 1) if (isAside(at)) return true;
  return false;
}

function readEntry(blocks: Blocks, line: Line, rest: string, offset: number, path: Path): Read | null {
  if (rest.startsWith(">") || rest.startsWith("|")) {
    const { style, strip } = BLOCK_SCALAR.exec(rest)?.groups ?? {};
    if (style !== undefined) return readBlockScalar(blocks, line.indent, offset, style === ">", strip === "-");
  }
  const isComment = rest.startsWith("#") && COMMENT.test(rest);
  if (rest !== "" && !isComment) return readInline(blocks, line, rest, offset, path);
  blocks.at += 1;
  const next = nextLine(blocks);
  if (next === null) return null;
  if (isItem(next)) return next.indent >= line.indent ? readList(blocks, next.indent, path) : null;
  return next.indent > line.indent ? readMap(blocks, next.indent, path) : null;
}

function readInline(blocks: Blocks, { indent }: Line, text: string, offset: number, path: Path): Read | null {
  const flow = flowOf(text, offset, (inner, key, read) => note(blocks, [...path, ...inner], key, read));
  const read = readFlow(flow);
  for (const [inner, keys] of flow.keys) blocks.keys.set(keyOf([...path, ...inner]), keys);
  blocks.at += 1;
  const next = nextLine(blocks);
  return next !== null && next.indent > indent ? null : read; // it would go on there
}

function readBlockScalar(
  blocks: Blocks,
  indent: number,
  start: number,
  isFolded: boolean,
  isStripped: boolean,
): Read | null {
  const from = blocks.at + 1;
  const depth = (blocks.raw[from] ?? "").search(/[^ ]/);
  if (depth <= indent) return null;
  let to = from;
  while (to < blocks.raw.length && (isBlank(blocks.raw[to]) || indentOf(blocks.raw[to]) >= depth)) to += 1;
  if (to === blocks.raw.length && blocks.raw.at(-1) !== "") return null; // without a line end
  const after = blocks.raw[to];
  if (after !== undefined && indentOf(after) > indent) return null;
  const lines = blocks.raw.slice(from, to);
  if (lines.some((line) => (isBlank(line) ? line.length > depth : isFolded && line[depth] === " "))) return null;
  const content = lines
    .map((line) => line.slice(depth))
    .join("\n")
    .replace(/\n+$/, "");
  const value = isFolded ? content.replace(/\n(\n*)/g, (_, more: string) => (more === "" ? " " : more)) : content;
  blocks.at = to;
  const next = nextLine(blocks);
  if (next !== null && next.indent > indent) return null;
  return { value: isStripped ? value : `${value}\n`, span: { start, end: start + content.length + 2 } };
}

function note(blocks: Blocks, path: Path, key: Span | null, { span }: Read): void {
  blocks.nodes += key === null ? 1 : 2;
  blocks.places.set(keyOf(path), { key, value: span });
}

function lookupsOf(blocks: Blocks): Pick<YamlTree, "keySpan" | "valueSpan" | "keys" | "written" | "isBlank"> {
  const find = (path: Path, choose: (place: Place) => Span | null): Span => {
    for (let length = path.length; length > 0; length--) {
      const place = blocks.places.get(keyOf(path.slice(0, length)));
      const span = place === undefined ? null : choose(place);
      if (span !== null) return span;
    }
    return { start: 0, end: 0 };
  };
  return {
    keySpan: (path) => find(path, (place) => place.key ?? place.value),
    valueSpan: (path) => find(path, (place) => place.value ?? place.key),
    keys: (path) => blocks.keys.get(keyOf(path)) ?? [],
    isBlank: () => false,
    written: () => null, // for those who tell of mistakes
  };
}

/** null for a value that goes on below its line. */
function endIn({ offset, text }: Line, { span }: Read): number | null {
  return span !== null && span.end <= offset + text.length ? span.end : null;
}

function isItem({ text }: Line): boolean {
  return text.startsWith("- ");
}

function isBlank(raw: string | undefined): boolean {
  return raw === undefined || raw.trim() === "";
}

function indentOf(raw: string | undefined): number {
  return raw === undefined ? 0 : raw.length - raw.trimStart().length;
}

function keyOf(path: Path): string {
  return path.map((part) => `${part}\0`).join("");
}
