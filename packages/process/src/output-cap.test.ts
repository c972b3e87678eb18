import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createOutputCap } from "./output-cap.js";

const capped = (maxBytes: number, ...chunks: readonly (string | Uint8Array)[]) => {
  const cap = createOutputCap({ maxBytes });
  for (const chunk of chunks) cap.write(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  return cap;
};

describe("an output cap", () => {
  test("returns what fits as it is, also when characters are split over chunks", () => {
    const bytes = Buffer.from("añ€😀z");
    const cap = capped(bytes.length, ...[...bytes].map((byte) => Uint8Array.of(byte)));
    expect([cap.text(), cap.totalBytes, cap.omittedBytes]).toEqual(["añ€😀z", 11, 0]);
    expect(capped(10).text()).toBe("");
  });

  test("keeps head and tail and says how much is missing", () => {
    const cap = capped(8, "abcdef", "ghijkl", "mnopqr");
    expect(cap.text()).toBe("abcd\n[... 10 bytes left out ...]\nopqr");
    expect([cap.totalBytes, cap.omittedBytes]).toEqual([18, 10]);
  });

  test("cuts between characters, never within one, and counts what it dropped for that", () => {
    expect(capped(8, "ab€€€€€€cd").text()).toBe("ab\n[... 18 bytes left out ...]\ncd");
    expect(capped(8, "a😀😀😀😀").text()).toBe("a\n[... 12 bytes left out ...]\n😀");
    expect(capped(6, "aéé-------éé").text()).toBe("aé\n[... 11 bytes left out ...]\né");
  });

  test("of nothing keeps nothing but the count", () => {
    expect(capped(0, "abc").text()).toBe("\n[... 3 bytes left out ...]\n");
  });

  test("keeps exactly the first and the last bytes, however the stream is cut into chunks", () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 9000, max: 127 }), { maxLength: 12 });
    fc.assert(
      fc.property(chunks, fc.nat(20_000), (parts, maxBytes) => {
        const all = Buffer.concat(parts);
        const [head, tail] = [Math.ceil(maxBytes / 2), Math.floor(maxBytes / 2)];
        const omitted = all.length - head - tail;
        const expected =
          omitted <= 0
            ? all.toString()
            : `${all.toString("utf8", 0, head)}\n[... ${omitted} bytes left out ...]\n${all.toString("utf8", all.length - tail)}`;
        expect(capped(maxBytes, ...parts).text()).toBe(expected);
      }),
    );
  });

  test("never shows a broken character of a valid stream", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), fc.nat(200), fc.nat(7), (text, maxBytes, size) => {
        const bytes = Buffer.from(text.toWellFormed());
        fc.pre(!text.includes("\u{fffd}"));
        const cap = createOutputCap({ maxBytes });
        for (let at = 0; at < bytes.length; at += size + 1) cap.write(bytes.subarray(at, at + size + 1));
        expect(cap.text()).not.toContain("\u{fffd}");
      }),
    );
  });
});
