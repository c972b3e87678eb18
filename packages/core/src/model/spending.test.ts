import { expect, test } from "vitest";
import { DEFAULT_LIMITS, type LimitUse } from "./run.js";
import { activeMsOf, addTurnUsage, isNear, isReached, limitUses, NO_USAGE, percentUsed } from "./spending.js";

const use = (limit: LimitUse["limit"], used: number, of: number): LimitUse => ({ limit, used, of, isAtLeast: false });

test("what a turn does not tell is unknown, not nothing", () => {
  const whole = addTurnUsage(NO_USAGE, { inputTokens: 3, outputTokens: 4, costUsd: 0 });
  expect(whole).toEqual({ inputTokens: 3, outputTokens: 4, costUsd: 0, unknownTokens: 0, unknownCost: 0 });
  const half = addTurnUsage(whole, { inputTokens: 1, outputTokens: null, costUsd: null });
  expect(half).toEqual({ inputTokens: 4, outputTokens: 4, costUsd: 0, unknownTokens: 1, unknownCost: 1 });
  expect(addTurnUsage(half, null)).toEqual({ ...half, unknownTokens: 2, unknownCost: 2 });
  const one = { inputTokens: 1, outputTokens: 1, costUsd: 1 };
  expect(addTurnUsage(NO_USAGE, { ...one, partial: ["tokens"] })).toEqual({ ...one, unknownTokens: 1, unknownCost: 0 });
  expect(addTurnUsage(NO_USAGE, { ...one, partial: ["cost"] })).toEqual({ ...one, unknownTokens: 0, unknownCost: 1 });
});

test("only limits that are set are used up, and unknown turns make it at least so much", () => {
  const usage = { inputTokens: 3, outputTokens: 4, costUsd: 0.5, unknownTokens: 1, unknownCost: 0 };
  expect(limitUses({ ...DEFAULT_LIMITS, durationMs: null }, usage, 9)).toEqual([]);
  expect(limitUses({ ...DEFAULT_LIMITS, costUsd: 1, tokens: 10 }, usage, 9)).toEqual([
    use("duration", 9, 28_800_000),
    use("cost", 0.5, 1),
    { ...use("tokens", 7, 10), isAtLeast: true },
  ]);
});

test.each([
  ["below 80 %", use("tokens", 79, 100), { near: false, reached: false, percent: 79 }],
  ["at 80 %", use("tokens", 80, 100), { near: true, reached: false, percent: 80 }],
  ["just below the limit", use("tokens", 99_999, 100_000), { near: true, reached: false, percent: 99 }],
  ["at the limit", use("duration", 100, 100), { near: true, reached: true, percent: 100 }],
  ["beyond it", use("cost", 2.5, 1), { near: true, reached: true, percent: 250 }],
  ["80 % in floating point", use("cost", 0.1 + 0.7, 1), { near: true, reached: false, percent: 80 }],
  ["a limit in floating point", use("cost", 0.7 + 0.1, 0.8), { near: true, reached: true, percent: 100 }],
  ["80 % of a limit that is no round number", use("tokens", 7, 9), { near: false, reached: false, percent: 77 }],
])("%s", (_what, one, { near, reached, percent }) => {
  expect([isNear(one), isReached(one), percentUsed(one)]).toEqual([near, reached, percent]);
});

test("active time goes on with that of the run while a turn is in flight", () => {
  expect(activeMsOf({ usage: NO_USAGE, activeMs: 5, activeFrom: null }, 100)).toBe(5);
  expect(activeMsOf({ usage: NO_USAGE, activeMs: 5, activeFrom: 60 }, 100)).toBe(45);
  expect(activeMsOf({ usage: NO_USAGE, activeMs: 5, activeFrom: 60 }, 50)).toBe(5);
});
