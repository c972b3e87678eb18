import { describe, expect, test } from "vitest";
import { formatCount, formatDuration, formatElapsed, formatLimit, formatUsage } from "./format.js";

test.each([
  [-5, "0s"],
  [0, "0s"],
  [999, "0s"],
  [59_999, "59s"],
  [60_000, "1m 00s"],
  [3_599_999, "59m 59s"],
  [3_600_000, "1h 00m"],
  [100 * 3_600_000, "100h 00m"],
])("%d ms have gone by: %s", (ms, text) => {
  expect(formatElapsed(ms)).toBe(text);
});

test.each([
  [-5, "0.0s"],
  [250, "0.2s"],
  [9_999, "9.9s"],
  [10_000, "10s"],
  [185_000, "3m 05s"],
])("%d ms were needed: %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [8 * 3_600_000, "8h"],
  [90 * 60_000, "1h 30m"],
  [45 * 60_000, "45m"],
  [100_000, "1m 40s"],
  [30_000, "30s"],
])("a limit of %d ms: %s", (ms, text) => {
  expect(formatLimit(ms)).toBe(text);
});

test.each([
  [0, "0"],
  [999, "999"],
  [1000, "1k"],
  [45_200, "45.2k"],
  [999_949, "999.9k"],
  [999_950, "1M"],
  [1_540_000, "1.5M"],
])("%d: %s", (count, text) => {
  expect(formatCount(count)).toBe(text);
});

describe("usage", () => {
  const none = { inputTokens: 0, outputTokens: 0, costUsd: 0, unknownTokens: 0, unknownCost: 0 };
  const some = { ...none, inputTokens: 1000, outputTokens: 200, costUsd: 1.2 };
  const noLimits = { tokens: null, costUsd: null };

  test.each([
    ["is left out when there was none", none, noLimits, []],
    ["is told", some, noLimits, ["1.2k tokens", "$1.20"]],
    ["has its limits", some, { tokens: 5000, costUsd: 5 }, ["1.2k of 5k tokens", "$1.20 of $5.00"]],
    [
      "is at least that, when turns did not tell",
      { ...some, unknownTokens: 1, unknownCost: 2 },
      noLimits,
      ["at least 1.2k tokens", "at least $1.20"],
    ],
    [
      "is unknown when no turn told",
      { ...none, unknownTokens: 1, unknownCost: 1 },
      noLimits,
      ["tokens unknown", "cost unknown"],
    ],
  ])("%s", (_what, usage, limits, parts) => {
    expect(formatUsage(usage, limits)).toEqual(parts);
  });
});
