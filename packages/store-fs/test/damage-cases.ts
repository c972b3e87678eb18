import { crc32 } from "node:zlib";
import type { NewEntry } from "@troupe/core";
import { encodeLine } from "../src/journal-line.js";
import { newEntry } from "./temp-store.js";

/** What reading a damaged journal must come to: so many entries from the first, and then its end or an error. */
export interface DamageCase {
  readonly name: string;
  readonly bytes: Buffer;
  readonly kept: number;
  readonly fault: { readonly code: "JOURNAL_CORRUPT" | "JOURNAL_NEWER"; readonly offset: number } | null;
}

interface Line {
  readonly bytes: Buffer;
  readonly entry: NewEntry;
}

/** Longer than a hole that counts as one, and than one chunk of reading. */
const SIZES = [0, 10, 700, 5_000, 70_000];
const LINES = 10;

export const RUN = "run-1";

/** A sound journal; `text` of its entries in turn short, long, and longer than a chunk. */
export function soundLines(runId: string = RUN): readonly Line[] {
  const lines: Line[] = [];
  let prev = "00000000";
  for (let seq = 1; seq <= LINES; seq += 1) {
    const text = "x".repeat(SIZES[seq % SIZES.length] ?? 0);
    const entry = newEntry(runId, `e${seq}${text}`);
    const line = encodeLine(entry, seq, prev);
    lines.push({ bytes: line.bytes, entry });
    prev = line.crc;
  }
  return lines;
}

/** The same numbers on every machine and in every run. */
function createDice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export function damageCases(): readonly DamageCase[] {
  const lines = soundLines();
  return [
    ...tornCases(lines),
    ...cutCases(lines),
    ...zeroCases(lines),
    ...flipCases(lines),
    ...orderCases(lines),
    ...foreignCases(lines),
  ];
}

function startOf(lines: readonly Line[], index: number): number {
  return join(lines.slice(0, index)).length;
}

function join(lines: readonly Line[], ...more: readonly Buffer[]): Buffer {
  return Buffer.concat([...lines.map(({ bytes }) => bytes), ...more]);
}

/** `extra` between two lines, or at an end. */
function inserted(lines: readonly Line[], index: number, ...extra: readonly Buffer[]): Buffer {
  return Buffer.concat([join(lines.slice(0, index)), ...extra, join(lines.slice(index))]);
}

/** Remains of one to three writes that were cut off, wherever they stand. */
function* tornCases(lines: readonly Line[]): Generator<DamageCase> {
  const roll = createDice(1);
  for (let index = 0; index <= lines.length; index += 1) {
    for (const count of [1, 1, 1, 2, 2, 3]) {
      const torn = Array.from({ length: count }, () => {
        const of = lines[Math.min(index, lines.length - 1)]?.bytes ?? Buffer.alloc(0);
        return of.subarray(0, roll(of.length - 3));
      });
      const bytes = inserted(lines, index, ...torn);
      yield { name: `${count} torn before line ${index + 1}`, bytes, kept: lines.length, fault: null };
    }
  }
}

/** Cut off before, in and behind each part of each line. */
function* cutCases(lines: readonly Line[]): Generator<DamageCase> {
  for (const [index, { bytes }] of lines.entries()) {
    const start = startOf(lines, index);
    const { length } = bytes;
    for (const at of [0, 1, 2, 8, length >> 1, length - 19, length - 12, length - 3, length - 2, length - 1]) {
      const whole = at >= length - 1;
      const kept = index + (whole ? 1 : 0);
      if (kept === 0) continue;
      yield {
        name: `cut at ${at} of line ${index + 1}`,
        bytes: join(lines).subarray(0, start + at),
        kept,
        fault: null,
      };
    }
  }
}

/** Zeros from somewhere to the end, as a power loss leaves them, and holes in the middle. */
function* zeroCases(lines: readonly Line[]): Generator<DamageCase> {
  const all = join(lines);
  for (const [index, { bytes }] of lines.entries()) {
    const start = startOf(lines, index);
    for (const at of [1, bytes.length >> 1, bytes.length - 4]) {
      if (index > 0) {
        const filled = Buffer.from(all).fill(0, start + at);
        yield { name: `zeros from ${at} of line ${index + 1} on`, bytes: filled, kept: index, fault: null };
      }
      if (index + 1 >= lines.length || at + 8 > bytes.length) continue;
      const fault = { code: "JOURNAL_CORRUPT", offset: start + 1 } as const;
      const few = Buffer.from(all).fill(0, start + Math.max(at, 2), start + Math.max(at, 2) + 8);
      yield { name: `8 zeros at ${at} of line ${index + 1}`, bytes: few, kept: index, fault };
    }
    // a hole as large as a lost page is a lost write; what comes behind it continues nothing
    if (bytes.length < 2_000 || index + 1 >= lines.length) continue;
    const next = startOf(lines, index + 1) + 1;
    const hole = Buffer.from(all).fill(0, start + 500, start + 1_500);
    yield {
      name: `a hole in line ${index + 1}`,
      bytes: hole,
      kept: index,
      fault: { code: "JOURNAL_CORRUPT", offset: next },
    };
  }
}

function* flipCases(lines: readonly Line[]): Generator<DamageCase> {
  const roll = createDice(2);
  const all = join(lines);
  for (let count = 0; count < 160; count += 1) {
    const index = count % lines.length;
    const { length } = lines[index]?.bytes ?? Buffer.alloc(0);
    const at = 1 + roll(length - 2);
    const offset = startOf(lines, index) + at;
    const bit = roll(8);
    const bytes = Buffer.from(all);
    bytes[offset] = (bytes[offset] ?? 0) ^ (1 << bit);
    // a flipped bit that makes a newline splits the line: its end is what is damaged then
    const start = bytes[offset] === 0x0a ? offset + 1 : startOf(lines, index) + 1;
    const fault = { code: "JOURNAL_CORRUPT", offset: start } as const;
    yield { name: `bit ${bit} of byte ${at} of line ${index + 1}`, bytes, kept: index, fault };
  }
}

/** Swapped, left out, and doubled lines. */
function* orderCases(lines: readonly Line[]): Generator<DamageCase> {
  for (let first = 0; first < lines.length; first += 1) {
    const start = startOf(lines, first) + 1;
    const fault = { code: "JOURNAL_CORRUPT", offset: start } as const;
    for (let second = first + 1; second < lines.length; second += 1) {
      const order = [...lines];
      const [one, other] = [lines[first], lines[second]];
      if (one === undefined || other === undefined) continue;
      [order[first], order[second]] = [other, one];
      yield { name: `lines ${first + 1} and ${second + 1} swapped`, bytes: join(order), kept: first, fault };
      const doubled = inserted(lines, second, one.bytes);
      yield { name: `line ${first + 1} again before ${second + 1}`, bytes: doubled, kept: lines.length, fault: null };
    }
    if (first + 1 === lines.length) continue;
    const left = lines.filter((_, index) => index !== first);
    yield { name: `line ${first + 1} left out`, bytes: join(left), kept: first, fault };
  }
}

/** Lines of another run, and of a later version. */
function* foreignCases(lines: readonly Line[]): Generator<DamageCase> {
  const others = soundLines("run-2");
  for (let index = 0; index <= lines.length; index += 1) {
    const offset = startOf(lines, index) + 1;
    for (const [which, other] of others.entries()) {
      if ((which + index) % 2 === 1) continue;
      const bytes = inserted(lines, index, other.bytes);
      const fault = { code: "JOURNAL_CORRUPT", offset } as const;
      yield { name: `line ${which + 1} of another run before ${index + 1}`, bytes, kept: index, fault };
    }
    for (const version of [3, 4, 99]) {
      const bytes = inserted(lines, index, laterLine(version));
      const fault = { code: "JOURNAL_NEWER", offset } as const;
      yield { name: `version ${version} before line ${index + 1}`, bytes, kept: index, fault };
    }
  }
}

function laterLine(version: number): Buffer {
  const body = JSON.stringify({ v: version, what: "this version does not know" }).slice(0, -1);
  return Buffer.from(`\n${body},"crc":"${crc32(body).toString(16).padStart(8, "0")}"}\n`);
}
