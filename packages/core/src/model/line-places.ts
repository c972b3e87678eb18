import { fenceMark } from "./fence-readings.js";
import { type LineDoubt, lineAt } from "./text-lines.js";

/** Where a line stands, by what is in front of it and above it. */
export interface LinePlace {
  /** It stands for itself: no quote, no list item, nothing that belongs to one, no indented code, no part of a diff. */
  readonly isAlone: boolean;
  readonly doubt: LineDoubt;
}

const CONTAINER = /^[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$))/u;
const QUOTE = /^[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*>/u;
/** It goes on like a quote. */
const FOOTNOTE = /^ {0,3}\[\^[^\]]+\]:/u;
const CODE = /^(?: {4}| {0,3}\t)/u;
const HEADING = /^#{1,6}(?:[ \t]|$)/u;
const RULE = /^ {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$/u;
/** Below the heads of a table, without its spaces. */
const TABLE = /^\|?:?-+:?(?:\|:?-+:?)*\|?$/u;

/** The first line of a diff, or of a part of one. */
const DIFF = /^(?:@@+ -\d|diff (?:-|\S+ \S)|Index: \S)/u;
const IN_DIFF =
  /^(?:[ +\-\\@]|$|(?:diff|index|old mode|new mode|new file|deleted file|similarity|dissimilarity|rename|copy|Binary files|GIT binary) |Index: |={9})/u;

const LAZY = "it follows a quote without an empty line between, and so goes on with it";
const BESIDE_DIFF = "it follows a diff without an empty line between";
const IN_TABLE = "it follows a table without an empty line between";

/** Reads line after line; of fences it is told the first one only, with a mark in it. */
export function createPlaceReader(lines: readonly string[]): (index: number) => LinePlace {
  let isListed = false; // within a list item or a quote
  let isQuoted = false; // what follows at once goes on with a quote
  let inDiff = false;
  let isEmptyAbove = true;
  let beside: LineDoubt = null; // until an empty line
  return (index) => {
    const line = lineAt(lines, index);
    const isEmpty = line.trim() === "";
    const wasEmptyAbove = isEmptyAbove;
    isEmptyAbove = isEmpty;
    if (isEmpty) {
      isQuoted = false;
      beside = null;
      return { isAlone: true, doubt: null };
    }
    if (beginsDiff(lines, index)) inDiff = true;
    else if (inDiff && !IN_DIFF.test(line)) {
      inDiff = false;
      if (!wasEmptyAbove) beside = BESIDE_DIFF;
    }
    if (inDiff) return { isAlone: false, doubt: null };
    if (line.includes("|") && TABLE.test(line.replace(/[ \t]+/gu, ""))) beside = IN_TABLE;
    if (CONTAINER.test(line) && !RULE.test(line)) {
      isListed = true;
      isQuoted = QUOTE.test(line);
      return { isAlone: false, doubt: null };
    }
    if (CODE.test(line) && fenceMark(line) === null) return { isAlone: false, doubt: null };
    if (/^[ \t]/u.test(line)) return { isAlone: !isListed, doubt: isQuoted ? LAZY : beside };
    const interrupts = HEADING.test(line) || RULE.test(line) || fenceMark(line) !== null;
    if (interrupts || wasEmptyAbove) isListed = false;
    if (interrupts) {
      isQuoted = false;
      beside = null;
    }
    if (FOOTNOTE.test(line)) {
      isQuoted = true;
      return { isAlone: false, doubt: null };
    }
    return { isAlone: true, doubt: isQuoted ? LAZY : beside };
  };
}

function beginsDiff(lines: readonly string[], index: number): boolean {
  const line = lineAt(lines, index);
  return DIFF.test(line) || (line.startsWith("--- ") && lineAt(lines, index + 1).startsWith("+++ "));
}
