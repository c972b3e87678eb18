import type { LimitUse, RunLimits } from "./run.js";
import type { TurnUsage } from "./turn.js";
import type { Spending, UsageTotals } from "./view.js";

/** Nothing used, nothing unknown. */
export const NO_USAGE: UsageTotals = { inputTokens: 0, outputTokens: 0, costUsd: 0, unknownTokens: 0, unknownCost: 0 };

/** The one turn that told nothing: shared by all stages that had no other. */
const ONE_UNKNOWN: UsageTotals = { ...NO_USAGE, unknownTokens: 1, unknownCost: 1 };

/** The sum after one more turn of an agent; what it does not tell is counted as unknown, not as nothing. */
export function addTurnUsage(sum: UsageTotals, usage: TurnUsage | null): UsageTotals {
  if (usage === null && sum === NO_USAGE) return ONE_UNKNOWN;
  const { partial = [] } = usage ?? {};
  const tellsTokens = usage !== null && usage.inputTokens !== null && usage.outputTokens !== null;
  return addTotals(sum, {
    inputTokens: usage?.inputTokens ?? 0,
    outputTokens: usage?.outputTokens ?? 0,
    costUsd: usage?.costUsd ?? 0,
    unknownTokens: tellsTokens && !partial.includes("tokens") ? 0 : 1,
    unknownCost: (usage?.costUsd ?? null) === null || partial.includes("cost") ? 1 : 0,
  });
}

export function addTotals(one: UsageTotals, other: UsageTotals): UsageTotals {
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    costUsd: one.costUsd + other.costUsd,
    unknownTokens: one.unknownTokens + other.unknownTokens,
    unknownCost: one.unknownCost + other.unknownCost,
  };
}

/** Active time of a stage or a group, ms, when that of its run is `runActiveMs`. */
export function activeMsOf({ activeMs, activeFrom }: Spending, runActiveMs: number): number {
  return activeMs + (activeFrom === null ? 0 : Math.max(0, runActiveMs - activeFrom));
}

const NO_USES: readonly LimitUse[] = [];

/** Cents add up to a hair less than a dollar in floating point. */
const LEAST_USD = 1e-9;
/** Per cent of a limit at which its run warns. */
const NEAR_PERCENT = 80;

/** The limits that a run has of time, cost and tokens, in this order; `activeMs` is its active time. */
export function limitUses(
  { durationMs, costUsd, tokens }: RunLimits,
  usage: UsageTotals,
  activeMs: number,
): readonly LimitUse[] {
  const { inputTokens, outputTokens, unknownCost, unknownTokens } = usage;
  if (durationMs === null && costUsd === null && tokens === null) return NO_USES;
  const uses: LimitUse[] = [];
  if (durationMs !== null) uses.push({ limit: "duration", used: activeMs, of: durationMs, isAtLeast: false });
  if (costUsd !== null) uses.push({ limit: "cost", used: usage.costUsd, of: costUsd, isAtLeast: unknownCost > 0 });
  if (tokens !== null) {
    uses.push({ limit: "tokens", used: inputTokens + outputTokens, of: tokens, isAtLeast: unknownTokens > 0 });
  }
  return uses;
}

/** Whether nothing of a limit is left. */
export function isReached({ limit, used, of }: LimitUse): boolean {
  return used >= (limit === "cost" ? of - LEAST_USD : of);
}

/** It is time to warn. */
export function isNear({ limit, used, of }: LimitUse): boolean {
  return limit === "cost" ? used >= (of * NEAR_PERCENT) / 100 - LEAST_USD : used >= nearAt(of);
}

/** From when on a limit of time or tokens is near: a whole number. */
export function nearAt(of: number): number {
  return Math.ceil((of * NEAR_PERCENT) / 100);
}

/** Whole per cent, rounded down: 100 means reached. */
export function percentUsed(use: LimitUse): number {
  const percent = Math.floor((use.used / use.of) * 100 + LEAST_USD);
  return isReached(use) ? Math.max(100, percent) : Math.min(99, percent);
}
