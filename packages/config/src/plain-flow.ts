import type { Span } from "./diagnostic-log.js";
import type { Path } from "./yaml-tree.js";

/** What was read, and where it stands. */
interface Read {
  readonly value: unknown;
  readonly span: Span;
}

/** Begins with nothing that YAML gives a meaning at the beginning. */
const BLOCK_WORD = /^[A-Za-z0-9_./$(<~+=;^\\\u00a1-\uffff]/;
/** Within a list or map of one line, where more has a meaning. */
const FLOW_WORD = /^[A-Za-z0-9_./$(][A-Za-z0-9_./$()<>=+@~ -]*/;
const FLOW_KEY = /^(?<key>[A-Za-z_][A-Za-z0-9_./-]*): +/;
const QUOTED = /^(?:"(?<double>[^"\\]*)"|'(?<single>[^']*)'(?!'))/;
/** Nothing more, or a comment. */
const END = /^ *$|^ +#/;
const WHOLE = /^(?:0|[1-9]\d{0,8})$/;
const DECIMAL = /^(?:0|[1-9]\d{0,8})\.\d{1,6}$/;
/** Maybe a number of some kind. */
const NUMBER = /^[-+]?\.?\d[\d_.,:]*(?:e[-+]?\d+)?$|^[-+]?0[xob]|^[-+]?\.(?:inf|nan)$/i;

const DEEPEST = 8;
const LONGEST_OTHER_WORD = 5;

/** A value that stands in one line; its inner values are told to `note`, inmost first. */
export class PlainFlow {
  /** Of maps, by path from the value on. */
  readonly keys: (readonly [Path, readonly string[]])[] = [];
  readonly #text: string;
  readonly #offset: number;
  readonly #note: (path: Path, key: Span | null, read: Read) => void;
  #at = 0;

  constructor(text: string, offset: number, note: (path: Path, key: Span | null, read: Read) => void) {
    this.#text = text;
    this.#offset = offset;
    this.#note = note;
  }

  /** null = it is of no plain kind. */
  read(): Read | null {
    if (!"\"'[{".includes(this.#text.charAt(0))) return this.#blockWord();
    const read = this.#value([]);
    return read !== null && END.test(this.#rest()) ? read : null;
  }

  #rest(): string {
    return this.#text.slice(this.#at);
  }

  #blockWord(): Read | null {
    const comment = this.#text.indexOf(" #");
    const word = (comment === -1 ? this.#text : this.#text.slice(0, comment)).trimEnd();
    if (!BLOCK_WORD.test(word) || word.includes(": ") || word.endsWith(":")) return null;
    return this.#typed(word, 0);
  }

  #typed(word: string, from: number): Read | null {
    const span = this.#span(from, from + word.length);
    if (word === "true" || word === "false") return { value: word === "true", span };
    const mayBeNumber = "0123456789+-.".includes(word.charAt(0)); // of nothing too
    if (mayBeNumber && (WHOLE.test(word) || DECIMAL.test(word))) return { value: Number(word), span };
    const isOther = isOtherWord(word) || word === "~" || (mayBeNumber && NUMBER.test(word));
    return isOther ? null : { value: word, span };
  }

  #span(from: number, to: number): Span {
    return { start: this.#offset + from, end: this.#offset + to };
  }

  #value(path: Path): Read | null {
    const from = this.#at;
    const rest = this.#rest();
    if (path.length > DEEPEST) return null;
    if (rest.startsWith("[")) return this.#list(path);
    if (rest.startsWith("{")) return this.#map(path);
    const quoted = QUOTED.exec(rest);
    if (quoted !== null) {
      this.#at += quoted[0].length;
      return { value: quoted.groups?.double ?? quoted.groups?.single ?? "", span: this.#span(from, this.#at) };
    }
    const word = FLOW_WORD.exec(rest)?.[0].trimEnd() ?? "";
    this.#at += word.length;
    return word === "" ? null : this.#typed(word, from);
  }

  #list(path: Path): Read | null {
    const values: unknown[] = [];
    return this.#enclosed("]", values, () => {
      const inner = [...path, values.length];
      const read = this.#value(inner);
      if (read === null) return false;
      this.#note(inner, null, read);
      values.push(read.value);
      return true;
    });
  }

  #map(path: Path): Read | null {
    const value: Record<string, unknown> = {};
    const keys: string[] = [];
    const read = this.#enclosed("}", value, () => {
      const found = FLOW_KEY.exec(this.#rest());
      const key = found?.groups?.key ?? "__proto__";
      if (found === null || key === "__proto__" || Object.hasOwn(value, key) || isOtherWord(key)) return false;
      const span = this.#span(this.#at, this.#at + key.length);
      this.#at += found[0].length;
      const inner = [...path, key];
      const entry = this.#value(inner);
      if (entry === null) return false;
      this.#note(inner, span, entry);
      keys.push(key);
      value[key] = entry.value;
      return true;
    });
    this.keys.push([path, keys]);
    return read;
  }

  #enclosed(close: string, value: unknown, readPart: () => boolean): Read | null {
    const from = this.#at;
    this.#at += 1;
    this.#skipBlanks();
    for (let isFirst = true; !this.#rest().startsWith(close); isFirst = false) {
      if (!isFirst) {
        if (!this.#rest().startsWith(",")) return null;
        this.#at += 1;
        this.#skipBlanks();
      }
      if (!readPart()) return null;
      this.#skipBlanks();
    }
    this.#at += 1;
    return { value, span: this.#span(from, this.#at) };
  }

  #skipBlanks(): void {
    while (this.#text[this.#at] === " ") this.#at += 1;
  }
}

/** What some version of YAML takes for something else than a text. */
export function isOtherWord(word: string): boolean {
  return word.length <= LONGEST_OTHER_WORD && /^(?:null|true|false|yes|no|on|off|y|n)$/i.test(word);
}
