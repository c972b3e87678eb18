import type { TurnUsage } from "@troupe/core";
import { describe, expect, test } from "vitest";
import {
  formatActive,
  formatCount,
  formatDuration,
  formatElapsed,
  formatLimit,
  formatTurnUsage,
  formatUsage,
  formatWarning,
} from "./format.js";

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
  const noLimits = { durationMs: null, tokens: null, costUsd: null, waitMs: null, concurrency: null };
  const limited = { ...noLimits, tokens: 5000, costUsd: 5 };

  test.each([
    ["is left out when there was none", none, noLimits, []],
    ["is told", some, noLimits, ["1.2k tokens", "$1.20"]],
    ["has its limits", some, limited, ["1.2k of 5k tokens", "$1.20 of $5.00"]],
    [
      "has its share of limits that are near",
      { ...some, inputTokens: 4000, costUsd: 5 },
      limited,
      ["4.2k of 5k tokens (84%)", "$5.00 of $5.00 (100%)"],
    ],
    ["has digits below a cent", { ...none, costUsd: 0.00412 }, noLimits, ["$0.0041"]],
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

test("active time has its limit, and its share when that is much", () => {
  const limits = { durationMs: 3_600_000, tokens: null, costUsd: null, waitMs: null, concurrency: null };
  expect(formatActive(65_000, { ...limits, durationMs: null })).toBe("1m 05s");
  expect(formatActive(65_000, limits)).toBe("1m 05s of 1h");
  expect(formatActive(3_000_000, limits)).toBe("50m 00s of 1h (83%)");
});

test.each([
  [null, []],
  [{ inputTokens: null, outputTokens: null, costUsd: null }, []],
  [{ inputTokens: 0, outputTokens: 0, costUsd: 0 }, []],
  [{ inputTokens: 5000, outputTokens: null, costUsd: 0.5 }, ["at least 5k tokens", "$0.50"]],
  [{ inputTokens: 5000, outputTokens: 1, costUsd: null }, ["5k tokens"]],
  [{ inputTokens: 5, outputTokens: 1, costUsd: 1, partial: ["tokens"] }, ["at least 6 tokens", "$1.00"]],
  [{ inputTokens: 5, outputTokens: 1, costUsd: 1, partial: ["cost"] }, ["6 tokens", "at least $1.00"]],
] satisfies readonly (readonly [TurnUsage | null, readonly string[]])[])("a turn with %j: %j", (usage, parts) => {
  expect(formatTurnUsage(usage)).toEqual(parts);
});

test.each([
  ["cost", 4.2, 5, true, "84% of the cost limit is used: at least $4.20 of $5.00"],
  ["tokens", 81_000, 100_000, false, "81% of the tokens limit is used: 81k of 100k"],
  ["duration", 6_000_000, 7_200_000, false, "83% of the time limit is used: 1h 40m of 2h"],
  ["cost", 6, 5, false, "the cost limit is reached: $6.00 of $5.00; no new turn starts"],
] as const)("a warning of %s at %d of %d", (limit, used, of, isAtLeast, text) => {
  expect(formatWarning({ limit, used, of, isAtLeast })).toBe(text);
});
