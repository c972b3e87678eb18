import fc from "fast-check";
import stringWidth from "string-width";
import { expect, test } from "vitest";
import { fitSegments, padText, paint, segment } from "./segment.js";

test("any text fits any width, and is whole where it fits", () => {
  const texts = fc.array(fc.string({ unit: "grapheme", maxLength: 30 }), { maxLength: 5 });
  fc.assert(
    fc.property(texts, fc.integer({ min: 0, max: 60 }), (parts, columns) => {
      const clean = parts.map((part) => part.replace(/\p{Cc}/gu, ""));
      const line = paint(
        fitSegments(
          clean.map((text) => segment(text)),
          columns,
        ),
        false,
      );
      expect(stringWidth(line)).toBeLessThanOrEqual(columns);
      const whole = clean.join("");
      const separate = clean.reduce((sum, text) => sum + stringWidth(text), 0);
      if (separate <= columns && stringWidth(whole) === separate) expect(line).toBe(whole);
    }),
  );
});

test.each([
  ["short", 7, "short  "],
  ["exact", 5, "exact"],
  ["too long", 5, "too …"],
  ["研究と調査", 6, "研究… "],
  ["研究", 0, ""],
])("%s in %d columns", (text, columns, padded) => {
  expect(padText(text, columns)).toBe(padded);
});
