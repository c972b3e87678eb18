import {
  Alias,
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { DiagnosticLog, Span } from "./diagnostic-log.js";
import { didYouMean } from "./nearest-name.js";
import { warnOfDirection } from "./text-direction.js";
import { inspectTokens, MAX_DEPTH, MAX_NODES, TOO_MANY } from "./yaml-limits.js";
import { reportSyntaxErrors } from "./yaml-syntax.js";

export type Path = readonly (string | number)[];

/** A YAML text as plain data, with the place of every key and value. */
export interface YamlTree {
  /** Maps are plain objects without a `__proto__` key; null for an empty text. */
  readonly value: unknown;
  /** The place of a key, or of the nearest thing around it that has one. */
  keySpan(path: Path): Span;
  /** The place of a value: of its key when it is a block of lines. */
  valueSpan(path: Path): Span;
  /** Keys of a map in the order of the file. */
  keys(path: Path): readonly string[];
  /** A value of one line as it stands in the file; null when it has no place of its own. */
  written(path: Path): string | null;
  /** True for a key with nothing behind its colon, not even a null. */
  isBlank(path: Path): boolean;
}

/** Where the YAML text stands in the file. */
export interface YamlSource {
  readonly text: string;
  /** Offset of `text` in the file. */
  readonly offset: number;
}

/**
 * Parses one YAML document under caps (depth, nodes, aliases; no merge keys, tags, directives or second document) and
 * reports every mistake of syntax and every key given twice. Null when nothing could be built.
 */
export function parseYamlTree(source: YamlSource, log: DiagnosticLog): YamlTree | null {
  const report = inspectTokens(source.text);
  const shift = (span: Span): Span => ({ start: span.start + source.offset, end: span.end + source.offset });
  if (report.refusal !== null) {
    const { span, message, hint } = report.refusal;
    log.addSyntax({ span: shift(span), message, hint }, "rest");
    return null;
  }
  warnOfDirection(source.text, source.offset, log);
  // uniqueKeys is quadratic in the keys of one map: keys given twice are found while walking
  const document = parseDocument(source.text, { uniqueKeys: false, prettyErrors: false, logLevel: "error" });
  reportSyntaxErrors(document, report, source, log);
  const walk = new TreeWalk(document, source, log);
  const value = walk.valueOf(document.contents, [], null, 0);
  return walk.isTooLarge ? null : { value, ...walk.lookups() };
}

interface Place {
  readonly key: Span | null;
  readonly value: Span | null;
}

class TreeWalk {
  isTooLarge = false;
  readonly #document: Document;
  readonly #source: YamlSource;
  readonly #log: DiagnosticLog;
  readonly #places = new Map<string, Place>();
  readonly #keys = new Map<string, string[]>();
  readonly #anchors: string[] = [];
  readonly #blank = new Set<string>();
  #nodes = 0;

  constructor(document: Document, source: YamlSource, log: DiagnosticLog) {
    this.#document = document;
    this.#source = source;
    this.#log = log;
  }

  lookups(): Pick<YamlTree, "keySpan" | "valueSpan" | "keys" | "written" | "isBlank"> {
    const start = { start: this.#source.offset, end: this.#source.offset };
    const find = (path: Path, choose: (place: Place) => Span | null): Span => {
      for (let length = path.length; length > 0; length--) {
        const place = this.#places.get(keyOf(path.slice(0, length)));
        const span = place === undefined ? null : choose(place);
        if (span !== null) return span;
      }
      return start;
    };
    return {
      keySpan: (path) => find(path, (place) => place.key ?? place.value),
      valueSpan: (path) => find(path, (place) => place.value ?? place.key),
      keys: (path) => this.#keys.get(keyOf(path)) ?? [],
      isBlank: (path) => this.#blank.has(keyOf(path)),
      written: (path) => {
        const span = this.#places.get(keyOf(path))?.value ?? null;
        const { text, offset } = this.#source;
        return span === null ? null : text.slice(span.start - offset, Math.min(span.end, span.start + 60) - offset);
      },
    };
  }

  valueOf(node: unknown, path: Path, key: Span | null, depth: number): unknown {
    if (this.isTooLarge) return undefined;
    this.#nodes++;
    if (this.#nodes > MAX_NODES) return this.#tooLarge(key, TOO_MANY);
    if (depth > MAX_DEPTH) return this.#tooLarge(key, `the file is nested deeper than ${MAX_DEPTH} levels`);
    this.#places.set(keyOf(path), { key, value: this.#spanOf(node) });
    if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor !== undefined) this.#anchors.push(node.anchor);
    if (node instanceof Alias) return this.#aliased(node, path, key, depth);
    if (this.#refuseTag(node) && isScalar(node)) return typeof node.value === "string" ? node.value : null;
    if (isMap(node)) return this.#mapOf(node, path, depth);
    if (isSeq(node)) return this.#listOf(node, path, depth);
    return isScalar(node) ? this.#scalarOf(node.value, path) : null;
  }

  #aliased(alias: Alias, path: Path, key: Span | null, depth: number): unknown {
    const target = alias.resolve(this.#document);
    if (target === undefined) {
      const message = `the alias *${alias.source} names no anchor before it`;
      const quoted = "Put the value in quotes, if the star is part of it.";
      const hint = didYouMean(alias.source, this.#anchors) ?? quoted;
      this.#log.add({ span: this.#spanOf(alias) ?? this.#start(), message, hint });
      return null;
    }
    const place = this.#places.get(keyOf(path));
    const value = this.valueOf(target, path, key, depth + 1);
    if (place !== undefined) this.#places.set(keyOf(path), place); // a mistake is shown where the alias stands
    return value;
  }

  #mapOf(map: YAMLMap, path: Path, depth: number): unknown {
    const value: Record<string, unknown> = {};
    const seen = new Map<string, Span>();
    this.#keys.set(keyOf(path), []);
    for (const pair of map.items) {
      const key = this.#keyOf(pair);
      if (key === null) continue;
      const first = seen.get(key.name);
      if (first !== undefined) {
        const message = `"${key.name}" is given twice; the first is in line ${this.#log.lineOf(first.start)}`;
        this.#log.add({ span: key.span, message, hint: "Remove one of them." });
        continue;
      }
      seen.set(key.name, key.span);
      this.#keys.get(keyOf(path))?.push(key.name);
      value[key.name] = this.valueOf(pair.value, [...path, key.name], key.span, depth + 1);
      const isBlank = value[key.name] === null && this.#spanOf(pair.value) === null;
      if (isBlank && !this.#warnOfComment(key)) this.#blank.add(keyOf([...path, key.name]));
      if (this.isTooLarge) return undefined;
    }
    return value;
  }

  /** `color: #fff` is a key without a value. True when it warned. */
  #warnOfComment({ name, span }: { readonly name: string; readonly span: Span }): boolean {
    const { text, offset } = this.#source;
    const rest = /^["']?[ \t]*:[ \t]+#[^\s#!].*/.exec(text.slice(span.end - offset, span.end - offset + 200))?.[0];
    if (rest === undefined) return false;
    const at = span.end + rest.indexOf("#");
    const message = `"${name}" is empty: a # behind a blank begins a comment`;
    const hint = "Put the value in quotes, or write a blank behind the # of a comment.";
    this.#log.add({ span: { start: at, end: span.end + rest.length }, message, hint, severity: "warning" });
    return true;
  }

  #listOf(list: YAMLSeq, path: Path, depth: number): unknown {
    const values: unknown[] = [];
    for (const [index, item] of list.items.entries()) {
      // a pair in a flow list is `[a: 1]`, a map of one key
      values.push(this.valueOf(item, [...path, index], null, depth + 1));
      if (this.isTooLarge) return undefined;
    }
    return values;
  }

  #keyOf(pair: Pair): { readonly name: string; readonly span: Span } | null {
    const node = pair.key;
    const span = this.#spanOf(node) ?? this.#spanOf(pair.value) ?? this.#start();
    this.#nodes++;
    const refuse = ([message, hint]: readonly [string, string]): null => {
      this.#log.add({ span, message, hint });
      return null;
    };
    const written = isScalar(node) && node.source !== undefined ? node.source : "";
    if (!isScalar(node) || (node.value === null && written === ""))
      return refuse(["a key must be a plain word", "Write the word itself."]);
    this.#refuseTag(node);
    const name = typeof node.value === "string" ? node.value : written;
    if (node.value === null) return refuse([`a key cannot be ${name}`, `Put it in quotes: "${name}".`]);
    const refusal = refusalOfKey(name);
    return refusal === null ? { name, span } : refuse(refusal);
  }

  #scalarOf(value: unknown, path: Path): unknown {
    const span = this.#places.get(keyOf(path))?.value ?? this.#start();
    if (typeof value === "string" && (value.includes("\0") || !value.isWellFormed())) {
      this.#log.add({ span, message: "the text has a character that no text may have (NUL or half a character)" });
      return null;
    }
    if (typeof value === "number" && !Number.isFinite(value)) {
      this.#log.add({ span, message: "the number is not finite", hint: "Put it in quotes if it is meant as a text." });
      return null;
    }
    return value;
  }

  /** True when there is one: what it makes of the value may be anything, bytes too. */
  #refuseTag(node: unknown): boolean {
    const tag = isScalar(node) || isMap(node) || isSeq(node) ? node.tag : undefined;
    if (tag === undefined) return false;
    const span = this.#spanOf(node) ?? this.#start();
    this.#log.add({ span, message: `tags are not supported: ${tag}`, hint: "Remove the tag." });
    return true;
  }

  #spanOf(node: unknown): Span | null {
    const range = isScalar(node) || isMap(node) || isSeq(node) || node instanceof Alias ? node.range : null;
    if (range === null || range === undefined) return null;
    const isBlock = (isMap(node) || isSeq(node)) && node.flow !== true;
    if (isBlock && this.#source.text.slice(range[0], range[1]).trimEnd().includes("\n")) return null;
    // an empty value (`key:`) has no characters of its own
    if (range[0] === range[1]) return null;
    return { start: range[0] + this.#source.offset, end: range[1] + this.#source.offset };
  }

  #start(): Span {
    return { start: this.#source.offset, end: this.#source.offset };
  }

  #tooLarge(key: Span | null, message: string): undefined {
    this.isTooLarge = true;
    this.#log.addSyntax({ span: key ?? this.#start(), message }, "rest");
  }
}

function keyOf(path: Path): string {
  return path.map((part) => `${part}\0`).join("");
}

/** Message and hint; null = the key may be. */
function refusalOfKey(name: string): readonly [string, string] | null {
  if (name === "<<") return ["merge keys (<<) are not supported", "Write the keys out, or use defaults."];
  if (name === "__proto__") return ['a key cannot be "__proto__"', "Choose another name."];
  const blank = /^[^\S ]|[^\S ]$|^[\u200b\u2060\ufeff]|[\u200b\u2060\ufeff]$/.exec(name)?.[0];
  if (blank === undefined) return null;
  const code = (blank.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return [`a key begins or ends with a blank that is no space (U+${code})`, "Write ordinary spaces."];
}
