import { expect, test } from "vitest";
import { boundText } from "./bounded-text.js";

const KIB = 1024;

/** What is left of a text that grew by these pieces, and the longest it ever was. */
function grow(count: number, piece: (index: number) => string): { readonly text: string; readonly longest: number } {
  let [text, longest] = ["", 0];
  for (let index = 0; index < count; index += 1) {
    text = boundText(text + piece(index));
    longest = Math.max(longest, text.length);
  }
  return { text, longest };
}

test("a text of any usual length stays as it is", () => {
  for (const text of ["", "a\nb", "x".repeat(2048 * KIB)]) expect(boundText(text)).toBe(text);
});

test("of one that grows without end the beginning and the end stay, cut between two lines", () => {
  const line = (index: number): string => `${String(index).padStart(KIB - 1, ".")}\n`;
  const { text, longest } = grow(12 * KIB, line);
  const lines = text.trimEnd().split("\n");
  const numbers = lines.map((each) => each.replace(/^\.+/, ""));
  const at = numbers.indexOf("[... left out ...]");
  expect(longest).toBeLessThanOrEqual(2048 * KIB);
  expect(lines.every((each, index) => each.length === KIB - 1 || index === at)).toBe(true);
  expect(numbers.slice(0, at)).toEqual(Array.from({ length: 512 }, (_, index) => String(index)));
  expect([numbers[at + 1], numbers.at(-1)]).toEqual([
    String(12 * KIB - (numbers.length - at - 1)),
    String(12 * KIB - 1),
  ]);
});

test("a single line without an end is cut within", () => {
  const { text, longest } = grow(5, (index) => String(index).repeat(KIB * KIB));
  expect(longest).toBeLessThanOrEqual(2048 * KIB);
  expect(text).toBe(`${"0".repeat(512 * KIB)}\n[... left out ...]\n${"4".repeat(512 * KIB)}`);
});
