import fc from "fast-check";
import { expect, test } from "vitest";
import { showDuration, showMoment } from "./show-time.js";

test.each([
  [0, "0ms"],
  [850.4, "850ms"],
  [1_000, "1s"],
  [59_999, "59s"],
  [60_000, "1m 00s"],
  [245_000, "4m 05s"],
  [3_600_000, "1h 00m"],
  [90_180_000, "25h 03m"],
])("a duration of %d ms is %s", (ms, text) => {
  expect(showDuration(ms)).toBe(text);
});

test("a moment is shown to the second", () => {
  expect(showMoment(Date.UTC(2026, 10, 22, 16, 5, 9, 999))).toBe("2026-11-22 16:05:09");
});

test("a moment is the one that the calendar of JavaScript has, in every year of four digits", () => {
  const from = Date.parse("0000-01-01T00:00:00Z");
  const to = Date.parse("9999-12-31T23:59:59.999Z");
  const edges = [
    0,
    -1,
    from,
    to,
    ...["2000-02-29", "2100-02-28", "2100-03-01", "1900-03-01"].map((day) => Date.parse(day)),
  ];
  const moment = fc.oneof(fc.constantFrom(...edges), fc.integer({ min: from, max: to }));
  fc.assert(
    fc.property(moment, (at) => {
      expect(showMoment(at)).toBe(new Date(at).toISOString().slice(0, 19).replace("T", " "));
    }),
  );
});
