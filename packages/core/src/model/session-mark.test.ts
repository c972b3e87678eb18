import fc from "fast-check";
import { expect, test } from "vitest";
import { countedSince, readSessionMark, writeSessionMark } from "./session-mark.js";

const amounts = (inputTokens: number | null, outputTokens: number | null, costUsd: number | null) => ({
  inputTokens,
  outputTokens,
  costUsd,
});

test.each([
  ["ses_1", { id: "ses_1", total: null }],
  ["a-b?in=100&out=7", { id: "a-b", total: amounts(100, 7, null) }],
  ["a-b?in=0&out=7&usd=0.125", { id: "a-b", total: amounts(0, 7, 0.125) }],
  ["a?usd=1e-7", { id: "a", total: amounts(null, null, 1e-7) }],
  ["https://agents.example/s?x=1", { id: "https://agents.example/s?x=1", total: null }],
  ["s?x=1?usd=2", { id: "s?x=1", total: amounts(null, null, 2) }],
  ["odd?usd=2?", { id: "odd?usd=2", total: null }],
  ["odd??", { id: "odd?", total: null }],
])("%s is written and read", (text, mark) => {
  expect(readSessionMark(text)).toEqual(mark);
  expect(writeSessionMark(mark)).toBe(text);
});

test("a session whose counts are none keeps its id", () => {
  expect(readSessionMark("a?in=x&out=-1&usd=")).toEqual({ id: "a", total: amounts(null, null, null) });
  expect(writeSessionMark({ id: "a", total: amounts(null, null, null) })).toBe("a");
});

test("whatever an agent calls its session comes back", () => {
  const amount = fc.option(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map(Math.abs));
  const id = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.array(fc.constantFrom("a", "?", "in=1", "&", "usd=", "\n")).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(id, fc.option(fc.tuple(amount, amount, amount)), (name, counts) => {
      const isNone = counts === null || counts.every((count) => count === null);
      const mark = { id: name, total: isNone ? null : amounts(counts[0], counts[1], counts[2]) };
      expect(readSessionMark(writeSessionMark(mark))).toEqual(mark);
    }),
  );
});

test("what was added to a count is the difference, all of it where it began anew, and unknown without a beginning", () => {
  expect(countedSince(0.75, 0.5)).toBe(0.25);
  expect(countedSince(0.5, 0.5)).toBe(0);
  expect(countedSince(0.2, 0.5)).toBe(0.2);
  expect(countedSince(0.2, null)).toBeNull();
  expect(countedSince(null, 0.2)).toBeNull();
});
