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

type Note = (path: Path, key: Span | null, read: Read) => void;

/** A value that stands in one line, and how far it has been read. */
interface Flow {
  readonly text: string;
  readonly offset: number;
  /** Is told its inner values, inmost first. */
  readonly note: Note;
  /** Of maps, by path from the value on. */
  readonly keys: (readonly [Path, readonly string[]])[];
  at: number;
}

/** A value of one line, `offset` characters into the text. */
export function flowOf(text: string, offset: number, note: Note): Flow {
  return { text, offset, note, keys: [], at: 0 };
}

/** null = it is of no plain kind. */
export function readFlow(flow: Flow): Read | null {
  if (!"\"'[{".includes(flow.text.charAt(0))) return readBlockWord(flow);
  const read = readValue(flow, []);
  return read !== null && END.test(restOf(flow)) ? read : null;
}

function restOf(flow: Flow): string {
  return flow.text.slice(flow.at);
}

function readBlockWord(flow: Flow): Read | null {
  const comment = flow.text.indexOf(" #");
  const word = (comment === -1 ? flow.text : flow.text.slice(0, comment)).trimEnd();
  if (!BLOCK_WORD.test(word) || word.includes(": ") || word.endsWith(":")) return null;
  return typed(flow, word, 0);
}

function typed(flow: Flow, word: string, from: number): Read | null {
  const span = spanIn(flow, from, from + word.length);
  if (word === "true" || word === "false") return { value: word === "true", span };
  const mayBeNumber = "0123456789+-.".includes(word.charAt(0)); // of nothing too
  if (mayBeNumber && (WHOLE.test(word) || DECIMAL.test(word))) return { value: Number(word), span };
  const isOther = isOtherWord(word) || word === "~" || (mayBeNumber && NUMBER.test(word));
  return isOther ? null : { value: word, span };
}

function spanIn(flow: Flow, from: number, to: number): Span {
  return { start: flow.offset + from, end: flow.offset + to };
}

function readValue(flow: Flow, path: Path): Read | null {
  const from = flow.at;
  const rest = restOf(flow);
  if (path.length > DEEPEST) return null;
  if (rest.startsWith("[")) return readList(flow, path);
  if (rest.startsWith("{")) return readMap(flow, path);
  const quoted = "\"'".includes(rest.charAt(0)) ? QUOTED.exec(rest) : null;
  if (quoted !== null) {
    flow.at += quoted[0].length;
    return { value: quoted.groups?.double ?? quoted.groups?.single ?? "", span: spanIn(flow, from, flow.at) };
  }
  const word = FLOW_WORD.exec(rest)?.[0].trimEnd() ?? "";
  flow.at += word.length;
  return word === "" ? null : typed(flow, word, from);
}

function readList(flow: Flow, path: Path): Read | null {
  const values: unknown[] = [];
  return readEnclosed(flow, "]", values, () => {
    const inner = [...path, values.length];
    const read = readValue(flow, inner);
    if (read === null) return false;
    flow.note(inner, null, read);
    values.push(read.value);
    return true;
  });
}

function readMap(flow: Flow, path: Path): Read | null {
  const value: Record<string, unknown> = {};
  const keys: string[] = [];
  const read = readEnclosed(flow, "}", value, () => {
    const found = FLOW_KEY.exec(restOf(flow));
    const key = found?.groups?.key ?? "__proto__";
    if (found === null || key === "__proto__" || Object.hasOwn(value, key) || isOtherWord(key)) return false;
    const span = spanIn(flow, flow.at, flow.at + key.length);
    flow.at += found[0].length;
    const inner = [...path, key];
    const entry = readValue(flow, inner);
    if (entry === null) return false;
    flow.note(inner, span, entry);
    keys.push(key);
    value[key] = entry.value;
    return true;
  });
  flow.keys.push([path, keys]);
  return read;
}

function readEnclosed(flow: Flow, close: string, value: unknown, readPart: () => boolean): Read | null {
  const from = flow.at;
  flow.at += 1;
  skipBlanks(flow);
  for (let isFirst = true; !restOf(flow).startsWith(close); isFirst = false) {
    if (!isFirst) {
      if (!restOf(flow).startsWith(",")) return null;
      flow.at += 1;
      skipBlanks(flow);
    }
    if (!readPart()) return null;
    skipBlanks(flow);
  }
  flow.at += 1;
  return { value, span: spanIn(flow, from, flow.at) };
}

function skipBlanks(flow: Flow): void {
  while (flow.text[flow.at] === " ") flow.at += 1;
}

/** What some version of YAML takes for something else than a text. */
export function isOtherWord(word: string): boolean {
  return word.length <= LONGEST_OTHER_WORD && /^(?:null|true|false|yes|no|on|off|y|n)$/i.test(word);
}
