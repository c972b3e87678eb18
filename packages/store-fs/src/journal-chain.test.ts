import { crc32 } from "node:zlib";
import type { JournalEntry } from "@troupe/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newEntry } from "../test/temp-store.js";
import { type Chain, emptyChain, extendChain, faultAtEnd, type JournalFault } from "./journal-chain.js";
import { encodeLine, splitSegments } from "./journal-line.js";

const EMPTY_CHAIN = emptyChain("run-1");

interface Reading {
  readonly ids: readonly string[];
  readonly fault: JournalFault | null;
}

/** Judges a whole journal at once. */
function readJournal(bytes: Buffer): Reading {
  const entries: JournalEntry[] = [];
  const { segments, rest } = splitSegments(bytes);
  let chain: Chain = EMPTY_CHAIN;
  let offset = 0;
  const ids = () => entries.map(({ id }) => id);
  for (const segment of [...segments, rest]) {
    const step = extendChain(chain, segment, offset);
    if (step.kind === "fault") return { ids: ids(), fault: step.fault };
    if (step.kind === "entry") entries.push(step.entry);
    chain = step.chain;
    offset += segment.length + 1;
  }
  return { ids: ids(), fault: faultAtEnd(chain) };
}

interface Written {
  readonly bytes: Buffer;
  readonly crc: string;
}

/** Lines that follow each other, from `after`. */
function lines(count: number, after: { readonly seq: number; readonly crc: string } = EMPTY_CHAIN): readonly Written[] {
  const written: Written[] = [];
  let { crc } = after;
  for (let seq = after.seq + 1; seq <= after.seq + count; seq += 1) {
    const line = encodeLine(newEntry("run-1", `e${seq}`), seq, crc);
    written.push(line);
    crc = line.crc;
  }
  return written;
}

function join(...parts: readonly (Written | Buffer)[]): Buffer {
  return Buffer.concat(parts.map((part) => (Buffer.isBuffer(part) ? part : part.bytes)));
}

const clean = lines(4);
const [one, two, three, four] = clean as readonly [Written, Written, Written, Written];
const all = { ids: ["e1", "e2", "e3", "e4"], fault: null };
const rival = (seq: number, prev: string, id = "rival"): Written => encodeLine(newEntry("run-1", id), seq, prev);

test("reads what follows from the first line on", () => {
  expect(readJournal(join(...clean))).toEqual(all);
  expect(readJournal(Buffer.alloc(0))).toEqual({ ids: [], fault: null });
});

describe("what is passed over", () => {
  test("a line that came second to its position, and whatever was built on it", () => {
    const loser = rival(2, one.crc);
    const heir = rival(3, loser.crc, "heir");
    const grandchild = rival(4, heir.crc, "grandchild");
    expect(readJournal(join(one, two, loser, heir, grandchild, three, four))).toEqual(all);
    expect(readJournal(join(one, two, three, loser, heir, four, grandchild))).toEqual(all);
    expect(readJournal(join(...clean, rival(1, "00000000"), rival(4, three.crc)))).toEqual(all);
  });

  test("a line that is there twice", () => {
    expect(readJournal(join(one, one, two, three, two, four, four))).toEqual(all);
  });

  test("a damaged loser, once the chain goes on behind it", () => {
    const damaged = Buffer.from(rival(3, two.crc).bytes);
    damaged[20] = 0x7e;
    expect(readJournal(join(one, two, damaged, three, four))).toEqual(all);
  });

  test("torn writes wherever they stand, several in a row, and holes of zeros", () => {
    const torn = fc.oneof(
      fc.nat(two.bytes.length - 3).map((length) => two.bytes.subarray(0, length)),
      fc.nat(5_000).map((length) => Buffer.alloc(length)),
    );
    const gap = fc.array(torn, { maxLength: 3 }).map((parts) => Buffer.concat(parts));
    fc.assert(
      fc.property(fc.array(gap, { minLength: 5, maxLength: 5 }), (gaps) => {
        const [first = Buffer.alloc(0), ...others] = gaps;
        expect(
          readJournal(join(first, ...clean.flatMap((line, index) => [line, others[index] ?? Buffer.alloc(0)]))),
        ).toEqual(all);
      }),
      { numRuns: 300 },
    );
  });

  test("any mixture of losers, doubles and torn writes between the lines that count", () => {
    type Noise = "loser" | "double" | "torn" | "zeros" | "blank";
    const noise = fc.constantFrom<Noise>("loser", "double", "torn", "zeros", "blank");
    fc.assert(
      fc.property(fc.array(fc.array(noise, { maxLength: 3 }), { minLength: 1, maxLength: 12 }), (plan) => {
        const parts: (Written | Buffer)[] = [];
        let crc = EMPTY_CHAIN.crc;
        for (const [index, noises] of plan.entries()) {
          const line = encodeLine(newEntry("run-1", `e${index + 1}`), index + 1, crc);
          parts.push(line);
          for (const [at, kind] of noises.entries()) {
            if (kind === "loser") parts.push(rival(index + 1, crc, `loser ${at}`));
            if (kind === "double") parts.push(line);
            if (kind === "torn") parts.push(line.bytes.subarray(0, 40 + at));
            if (kind === "zeros") parts.push(Buffer.alloc(600));
            if (kind === "blank") parts.push(Buffer.from("\n\n"));
          }
          crc = line.crc;
        }
        expect(readJournal(join(...parts))).toEqual({ ids: plan.map((_, index) => `e${index + 1}`), fault: null });
      }),
    );
  });
});

describe("what is reported", () => {
  test("every flipped bit, wherever it is", () => {
    const bytes = join(...clean);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(readJournal(flipped).fault?.kind, `bit ${bit}`).toBe("corrupt");
    }
  });

  test("the offset of the damage, not of what suffers from it", () => {
    const damaged = Buffer.from(two.bytes);
    damaged[20] = 0x7e;
    const offset = one.bytes.length + 1;
    expect(readJournal(join(one, damaged, three)).fault).toEqual({ kind: "corrupt", offset, reason: "a damaged line" });
    expect(readJournal(join(one, damaged)).fault).toEqual({ kind: "corrupt", offset, reason: "a damaged line" });
  });

  test("a missing line and lines in the wrong order", () => {
    const reason = "a line that continues no known one";
    expect(readJournal(join(one, three))).toEqual({
      ids: ["e1"],
      fault: { kind: "corrupt", offset: one.bytes.length + 1, reason },
    });
    expect(readJournal(join(two)).fault?.kind).toBe("corrupt");
    expect(readJournal(join(one, three, two, four)).fault?.kind).toBe("corrupt");
  });

  test("a line that names its neighbour and another position", () => {
    expect(readJournal(join(one, two, rival(7, two.crc)))).toMatchObject({
      ids: ["e1", "e2"],
      fault: { reason: "a line that continues no known one" },
    });
  });

  test("a line of another run, wherever it stands", () => {
    const foreign = (seq: number, prev: string) => encodeLine(newEntry("run-2", "foreign"), seq, prev);
    const reason = "a line of another run";
    expect(readJournal(join(foreign(1, "00000000"), ...clean)).fault).toEqual({ kind: "corrupt", offset: 1, reason });
    for (const line of [foreign(1, "00000000"), foreign(2, two.crc), foreign(3, two.crc), foreign(9, "12345678")]) {
      const offset = one.bytes.length + two.bytes.length + 1;
      expect(readJournal(join(one, two, line, three, four))).toEqual({
        ids: ["e1", "e2"],
        fault: { kind: "corrupt", offset, reason },
      });
    }
  });

  test("a line of another journal", () => {
    expect(readJournal(join(one, two, rival(3, "12345678"))).fault?.kind).toBe("corrupt");
    expect(readJournal(join(one, two, Buffer.from('\n{"a":1,"crc":"6d8cdb94"}\n'))).fault?.kind).toBe("corrupt");
  });

  test("the first line of a later format", () => {
    const body = one.bytes
      .toString()
      .trim()
      .replace('"v":1', '"v":3')
      .replace(/,"crc".*/, "");
    const later = resealed(body);
    expect(readJournal(join(one, two, later)).fault).toEqual({
      kind: "newer",
      offset: one.bytes.length + two.bytes.length + 1,
      version: 3,
    });
  });
});

test("a journal cut off anywhere reads as its beginning", () => {
  const bytes = join(...clean);
  const ends = clean.map((_, index) => join(...clean.slice(0, index + 1)).length - 1);
  for (let length = 0; length <= bytes.length; length += 1) {
    const count = ends.filter((end) => end <= length).length;
    expect(readJournal(bytes.subarray(0, length))).toEqual({ ids: all.ids.slice(0, count), fault: null });
  }
});

test("remembers of losers only those that can still have heirs", () => {
  let chain: Chain = EMPTY_CHAIN;
  for (const part of [one, rival(1, "00000000"), two, rival(2, one.crc), rival(1, "00000000", "late")]) {
    const step = extendChain(chain, part.bytes.subarray(1, -1), 0);
    if (step.kind !== "fault") chain = step.chain;
  }
  expect([...chain.losers.values()]).toEqual([2]);
});

function resealed(body: string): Buffer {
  return Buffer.from(`\n${body},"crc":"${crc32(body).toString(16).padStart(8, "0")}"}\n`);
}
