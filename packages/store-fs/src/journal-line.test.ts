import { crc32 } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { newEntry } from "../test/temp-store.js";
import { encodeLine, NO_LINE, parseLine, splitSegments } from "./journal-line.js";

const entry = newEntry("run-1", "id-1");

function lineOf(seq: number): Buffer {
  return encodeLine(entry, seq, NO_LINE).bytes.subarray(1, -1);
}

/** A line with a right checksum around any content. */
function sealed(body: string): Buffer {
  return Buffer.from(`${body},"crc":"${crc32(body).toString(16).padStart(8, "0")}"}`);
}

test("writes one line: version, position, entry, the checksum of the line before and its own, between newlines", () => {
  expect(encodeLine(entry, 7, "0123abcd").bytes.toString()).toMatchInlineSnapshot(`
    "
    {"v":1,"seq":7,"id":"id-1","at":1000,"events":[{"type":"run.stop-requested","by":"id-1"}],"summary":{"runId":"run-1","workflow":"test","objective":"Test the store","status":"running","createdAt":1000,"updatedAt":1000},"prev":"0123abcd","crc":"c4972f0c"}
    "
  `);
});

test("reads any entry back as it was written", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.nat(), fc.integer({ min: 1 }), (text, at, seq) => {
      const written = { ...entry, id: text, at };
      const { bytes, crc } = encodeLine(written, seq, "deadbeef");
      expect(bytes.subarray(1, -1).includes(10)).toBe(false);
      const [parsed] = splitSegments(bytes)
        .segments.slice(1)
        .map((segment) => parseLine(segment));
      const expected = JSON.parse(JSON.stringify({ ...written, seq }));
      expect(parsed).toEqual({ kind: "valid", entry: expected, prev: "deadbeef", crc });
    }),
  );
});

test("takes every beginning of a line for a fragment, whatever is in it", () => {
  const text = `${',"crc":"12345678"}'.repeat(3)}\\`;
  const line = encodeLine(newEntry("run-1", text), 1, NO_LINE).bytes.subarray(1, -1);
  const kinds = Array.from({ length: line.length }, (_, length) => parseLine(line.subarray(0, length)).kind);
  expect(kinds).toEqual(["blank", ...Array(line.length - 1).fill("fragment")]);
});

test("takes every flipped bit for damage or, where it cuts the line's end off, for a fragment", () => {
  const line = lineOf(3);
  for (let bit = 0; bit < line.length * 8; bit += 1) {
    const flipped = Buffer.from(line);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const { segments, rest } = splitSegments(flipped);
    const kinds = [...segments, rest].map((segment) => parseLine(segment).kind);
    expect(kinds, `bit ${bit}`).toSatisfy((found: readonly string[]) => found.at(-1) === "damaged");
  }
});

test("allows two wrong characters in the end of a damaged line, not three", () => {
  const line = lineOf(1).toString();
  const broken = line.replace("id-1", "id-2");
  const withEnd = (end: string) => parseLine(Buffer.from(broken.slice(0, -end.length) + end)).kind;
  expect([withEnd('"}'), withEnd("xx"), withEnd("xxx")]).toEqual(["damaged", "damaged", "fragment"]);
  expect([withEnd("x".repeat(9)), withEnd("x".repeat(12))]).toEqual(["fragment", "fragment"]);
});

test("takes holes of zeros, as a power loss leaves them, for fragments", () => {
  const line = encodeLine(newEntry("run-1", "x".repeat(2_000)), 1, NO_LINE).bytes.subarray(1, -1);
  const hole = (from: number, to: number) => Buffer.from(line).fill(0, from, to);
  expect(parseLine(Buffer.alloc(100)).kind).toBe("fragment");
  expect(parseLine(hole(0, 10)).kind).toBe("fragment");
  expect(parseLine(hole(line.length - 1, line.length)).kind).toBe("fragment");
  expect(parseLine(hole(600, 1_112)).kind).toBe("fragment");
  expect(parseLine(hole(600, 601)).kind).toBe("damaged");
});

test("reads a whole line though zeros took the place of the newlines around it", () => {
  const line = lineOf(1);
  const zeros = Buffer.alloc(7);
  expect(parseLine(Buffer.concat([zeros, line, zeros]))).toEqual(parseLine(line));
});

test("names what is intact but not an entry of this format", () => {
  const body = lineOf(1)
    .toString()
    .replace(/,"crc".*/, "");
  expect(parseLine(sealed(body.replace('"v":1', '"v":3')))).toEqual({ kind: "newer", version: 3 });
  const foreign = [
    "not JSON",
    "[1",
    '{"a":1',
    '{"v":"1"',
    body.replace('"v":1', '"v":0'),
    body.replace('"seq":1', '"seq":0'),
    body.replace('"seq":1', '"seq":1.5'),
    body.replace('"at":1000', '"at":null'),
    body.replace('"id":"id-1"', '"id":1'),
    body.replace(/"events":\[.*?\]/, '"events":{}'),
    body.replace(/"summary":\{.*?\}/, '"summary":[]'),
    body.replace(/"prev":".*?"/, '"prev":0'),
  ];
  expect(foreign.map((each) => parseLine(sealed(each)).kind)).toEqual(foreign.map(() => "foreign"));
});
