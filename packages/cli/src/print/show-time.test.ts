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
