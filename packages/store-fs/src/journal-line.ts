import { type JournalEntry, type NewEntry, packEvents, unpackEvents } from "@troupe/core";
import { crc32 } from "./crc32.js";

/** `prev` of the first line of a journal. */
export const NO_LINE: string = "00000000";

/** The newest that is read. 1: events as they are. 2: packed events, written only where packing leaves something out. */
export const NEWEST_VERSION: number = 2;
/** Ends a line, and begins it. */
export const NEWLINE: number = 0x0a;
/** The shape of a line's end; `h` stands for a hex digit. */
const TAIL = ',"crc":"hhhhhhhh"}';
/** Where the checksum goes when it is known. */
const BLANK_TAIL = ',"crc":"00000000"}\n';
const WHOLE_TAIL = /^,"crc":"[0-9a-f]{8}"\}$/;
const TAIL_TOLERANCE = 2;
/** A run of zeros this long is a hole that a power loss left, not damage: no flipped bit makes one. */
const HOLE_BYTES = 512;

/** What the bytes between two newlines are. */
export type ParsedLine =
  | { readonly kind: "valid"; readonly entry: JournalEntry; readonly prev: string; readonly crc: string }
  /** Intact, of a later format. */
  | { readonly kind: "newer"; readonly version: number }
  /** Intact, and not a line of a journal. */
  | { readonly kind: "foreign" }
  /** Not intact, although it was written to its end. */
  | { readonly kind: "damaged" }
  /** The remains of a write that was cut off. */
  | { readonly kind: "fragment" }
  | { readonly kind: "blank" };

/**
 * What is wanted of a line: with the summary alone its events stay packed, and are left out; `all again` is all of a line
 * whose very bytes have been found intact before, so that its checksum need not be worked out once more.
 */
export type WantedParts = "all" | "all again" | "summary";

export interface EncodedLine {
  /** A newline, the line, a newline: a torn fragment before it never swallows it. */
  readonly bytes: Buffer;
  readonly crc: string;
}

/** The bytes of an entry at position `seq`, after the line whose checksum is `prev`. */
export function encodeLine(entry: NewEntry, seq: number, prev: string): EncodedLine {
  const { id, at, events, summary } = entry;
  const packed = packEvents(events);
  const v = packed === null ? 1 : 2;
  const body = JSON.stringify({ v, seq, id, at, events: packed ?? events, summary, prev }).slice(0, -1);
  const bytes = Buffer.from(`\n${body}${BLANK_TAIL}`, "utf8"); // encoded once: the checksum is of these bytes
  const crc = checksum(bytes.subarray(1, bytes.length - BLANK_TAIL.length));
  bytes.write(crc, bytes.length - BLANK_TAIL.length + BLANK_TAIL.indexOf("0"), "latin1");
  return { bytes, crc };
}

/** Judges the bytes between two newlines. */
export function parseLine(segment: Buffer, wanted: WantedParts = "all"): ParsedLine {
  if (segment.length === 0) return { kind: "blank" };
  // Zeros around a whole line are where a power loss lost the newline of a neighbour.
  const line = withoutOuterZeros(segment);
  const tail = line.toString("latin1", Math.max(0, line.length - TAIL.length));
  if (line.length > TAIL.length && WHOLE_TAIL.test(tail)) {
    const body = line.subarray(0, line.length - TAIL.length);
    const crc = tail.slice(-10, -2);
    if (wanted === "all again" || checksum(body) === crc) return parseIntact(line, crc, wanted);
  }
  if (line.length < segment.length || segment.includes(Buffer.alloc(HOLE_BYTES))) return { kind: "fragment" };
  return isWrittenToItsEnd(segment) ? { kind: "damaged" } : { kind: "fragment" };
}

function parseIntact(line: Buffer, crc: string, wanted: WantedParts): ParsedLine {
  let value: unknown;
  try {
    value = JSON.parse(line.toString("utf8"));
  } catch {
    return { kind: "foreign" }; // the checksum is right, so nobody has damaged it: it never was JSON
  }
  if (!isRecord(value) || typeof value.v !== "number") return { kind: "foreign" };
  if (value.v > NEWEST_VERSION) return { kind: "newer", version: value.v };
  const { seq, id, at, events, summary, prev } = value;
  const isEntry =
    (value.v === 1 || value.v === 2) &&
    typeof seq === "number" &&
    Number.isSafeInteger(seq) &&
    seq >= 1 &&
    typeof id === "string" &&
    typeof at === "number" &&
    Array.isArray(events) &&
    isRecord(summary) &&
    typeof prev === "string";
  if (!isEntry) return { kind: "foreign" };
  // What events and summaries mean is the engine's matter; the checksum says that they are as it wrote them.
  const meant = wanted === "summary" ? [] : value.v === 1 ? events : unpackEvents(events);
  const entry = { id, at, events: meant, summary, seq } as unknown as JournalEntry;
  return { kind: "valid", entry, prev, crc };
}

/**
 * Whether it ends in the checksum key, two wrong characters allowed, or does so but for one character more, which is
 * what a flipped last newline looks like.
 */
function isWrittenToItsEnd(segment: Buffer): boolean {
  return [segment.length, segment.length - 1].some(
    (end) => end >= TAIL.length && tailMismatches(segment, end) <= TAIL_TOLERANCE,
  );
}

function tailMismatches(bytes: Buffer, end: number): number {
  const tail = bytes.toString("latin1", end - TAIL.length, end);
  return [...TAIL].filter((expected, index) => {
    const found = tail[index] ?? "";
    return expected === "h" ? !/[0-9a-f]/.test(found) : found !== expected;
  }).length;
}

function withoutOuterZeros(bytes: Buffer): Buffer {
  if (bytes[0] !== 0 && bytes.at(-1) !== 0) return bytes;
  let start = 0;
  let end = bytes.length;
  while (start < end && bytes[start] === 0) start += 1;
  while (end > start && bytes[end - 1] === 0) end -= 1;
  return bytes.subarray(start, end);
}

function checksum(body: string | Buffer): string {
  return crc32(body).toString(16).padStart(8, "0");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Cuts `bytes` at its newlines; `rest` is what follows the last one. */
export function splitSegments(bytes: Buffer): { readonly segments: readonly Buffer[]; readonly rest: Buffer } {
  const segments: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
    segments.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return { segments, rest: bytes.subarray(start) };
}
