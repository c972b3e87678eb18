import type { Span } from "./diagnostic-log.js";
import { isOtherWord, PlainFlow } from "./plain-flow.js";
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
  return new PlainBlocks(text).read();
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

class PlainBlocks {
  readonly #raw: readonly string[];
  /** null for a line with nothing in it, or a comment. */
  readonly #lines: (Line | null)[];
  readonly #places = new Map<string, Place>();
  readonly #keys = new Map<string, readonly string[]>();
  #at = 0;
  #nodes = 0;

  constructor(text: string) {
    this.#raw = text.split("\n");
    let offset = 0;
    this.#lines = this.#raw.map((raw) => {
      const text = raw.trimStart();
      const indent = raw.length - text.length;
      const isNothing = text === "" || text.startsWith("#");
      const line = isNothing ? null : { indent, text: text.trimEnd(), offset: offset + indent };
      offset += raw.length + 1;
      return line;
    });
  }

  read(): YamlTree | null {
    if (this.#raw.some((raw) => raw.length > LONGEST_LINE)) return null;
    const first = this.#next();
    if (first === null || first.indent > 0) return null;
    const root = this.#map(0, []);
    return root === null || this.#next() !== null ? null : { value: root.value, ...this.#lookups() };
  }

  /** The next line with something in it. */
  #next(): Line | null {
    while (this.#at < this.#lines.length) {
      const line = this.#lines[this.#at] ?? null;
      if (line !== null) return line;
      this.#at += 1;
    }
    return null;
  }

  #map(indent: number, path: Path): Read | null {
    const value: Record<string, unknown> = {};
    const keys: string[] = [];
    const start = this.#next()?.offset ?? 0;
    const first = this.#at;
    let end: number | null = null;
    for (let line = this.#next(); line?.indent === indent && !isItem(line); line = this.#next()) {
      const { key, gap = "", rest = "" } = ENTRY.exec(line.text)?.groups ?? {};
      if (key === undefined || key === "__proto__" || Object.hasOwn(value, key) || isOtherWord(key)) return null;
      const inner = [...path, key];
      const span = { start: line.offset, end: line.offset + key.length };
      const read = this.#entry(line, rest, span.end + 1 + gap.length, inner);
      if (read === null) return null;
      this.#note(inner, span, read);
      keys.push(key);
      value[key] = read.value;
      end = endIn(line, read);
    }
    this.#keys.set(keyOf(path), keys);
    return this.#closed(
      indent,
      path,
      { value, span: keys.length === 1 && end !== null ? { start, end } : null },
      first,
    );
  }

  #list(indent: number, path: Path): Read | null {
    const values: unknown[] = [];
    const start = this.#next()?.offset ?? 0;
    const first = this.#at;
    let end: number | null = null;
    for (let line = this.#next(); line?.indent === indent && isItem(line); line = this.#next()) {
      const { rest } = ITEM.exec(line.text)?.groups ?? {};
      if (rest === undefined) return null;
      const inner = [...path, values.length];
      const read = this.#item(line, rest, inner);
      if (read === null) return null;
      this.#note(inner, null, read);
      values.push(read.value);
      end = endIn(line, read);
    }
    return this.#closed(
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
  #item(line: Line, rest: string, path: Path): Read | null {
    if (!ENTRY.test(rest)) return this.#inline(line, rest, line.offset + 2, path);
    this.#lines[this.#at] = { indent: line.indent + 2, text: rest, offset: line.offset + 2 };
    return this.#map(line.indent + 2, path);
  }

  /** Null where a line is further in than what came before allows, or there is too much of everything. */
  #closed(indent: number, path: Path, read: Read, line: number): Read | null {
    if (read.span !== null && this.#hasCommentAside(indent, line)) return null;
    const next = this.#next();
    return path.length > DEEPEST || this.#nodes > MOST_NODES || (next !== null && next.indent > indent) ? null : read;
  }

  /** Whether comments around the one line of a block stand where they belong to its value, and to its place. */
  #hasCommentAside(indent: number, line: number): boolean {
    const isAside = (at: number): boolean => !isBlank(this.#raw[at]) && ![0, indent].includes(indentOf(this.#raw[at]));
    for (let at = line - 1; this.#lines[at] === null; at -= 1) if (isAside(at)) return true;
    for (let at = line + 1; this.#lines[at] === null; at += 1) if (isAside(at)) return true;
    return false;
  }

  #entry(line: Line, rest: string, offset: number, path: Path): Read | null {
    if (rest.startsWith(">") || rest.startsWith("|")) {
      const { style, strip } = BLOCK_SCALAR.exec(rest)?.groups ?? {};
      if (style !== undefined) return this.#blockScalar(line.indent, offset, style === ">", strip === "-");
    }
    const isComment = rest.startsWith("#") && COMMENT.test(rest);
    if (rest !== "" && !isComment) return this.#inline(line, rest, offset, path);
    this.#at += 1;
    const next = this.#next();
    if (next === null) return null;
    if (isItem(next)) return next.indent >= line.indent ? this.#list(next.indent, path) : null;
    return next.indent > line.indent ? this.#map(next.indent, path) : null;
  }

  #inline({ indent }: Line, text: string, offset: number, path: Path): Read | null {
    const flow = new PlainFlow(text, offset, (inner, key, read) => this.#note([...path, ...inner], key, read));
    const read = flow.read();
    for (const [inner, keys] of flow.keys) this.#keys.set(keyOf([...path, ...inner]), keys);
    this.#at += 1;
    const next = this.#next();
    return next !== null && next.indent > indent ? null : read; // it would go on there
  }

  #blockScalar(indent: number, start: number, isFolded: boolean, isStripped: boolean): Read | null {
    const from = this.#at + 1;
    const depth = (this.#raw[from] ?? "").search(/[^ ]/);
    if (depth <= indent) return null;
    let to = from;
    while (to < this.#raw.length && (isBlank(this.#raw[to]) || indentOf(this.#raw[to]) >= depth)) to += 1;
    if (to === this.#raw.length && this.#raw.at(-1) !== "") return null; // without a line end
    const after = this.#raw[to];
    if (after !== undefined && indentOf(after) > indent) return null;
    const lines = this.#raw.slice(from, to);
    if (lines.some((line) => (isBlank(line) ? line.length > depth : isFolded && line[depth] === " "))) return null;
    const content = lines
      .map((line) => line.slice(depth))
      .join("\n")
      .replace(/\n+$/, "");
    const value = isFolded ? content.replace(/\n(\n*)/g, (_, more: string) => (more === "" ? " " : more)) : content;
    this.#at = to;
    const next = this.#next();
    if (next !== null && next.indent > indent) return null;
    return { value: isStripped ? value : `${value}\n`, span: { start, end: start + content.length + 2 } };
  }

  #note(path: Path, key: Span | null, { span }: Read): void {
    this.#nodes += key === null ? 1 : 2;
    this.#places.set(keyOf(path), { key, value: span });
  }

  #lookups(): Pick<YamlTree, "keySpan" | "valueSpan" | "keys" | "written" | "isBlank"> {
    const find = (path: Path, choose: (place: Place) => Span | null): Span => {
      for (let length = path.length; length > 0; length--) {
        const place = this.#places.get(keyOf(path.slice(0, length)));
        const span = place === undefined ? null : choose(place);
        if (span !== null) return span;
      }
      return { start: 0, end: 0 };
    };
    return {
      keySpan: (path) => find(path, (place) => place.key ?? place.value),
      valueSpan: (path) => find(path, (place) => place.value ?? place.key),
      keys: (path) => this.#keys.get(keyOf(path)) ?? [],
      isBlank: () => false,
      written: () => null, // for those who tell of mistakes
    };
  }
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
