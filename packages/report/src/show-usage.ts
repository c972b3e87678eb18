import type { LimitUse, TurnUsage, UsageTotals } from "@troupe/core";
import { showDuration } from "./show-time.js";

/** `at least 90,400`; a dash for nothing known and nothing used. */
export function showTokens({ inputTokens, outputTokens, unknownTokens }: UsageTotals): string {
  const tokens = inputTokens + outputTokens;
  if (tokens === 0) return unknownTokens > 0 ? "unknown" : "-";
  return `${unknownTokens > 0 ? "at least " : ""}${showCount(tokens)}`;
}

/** `at least $2.44`; a dash for nothing known and nothing used. */
export function showCost({ costUsd, unknownCost }: UsageTotals): string {
  if (costUsd === 0) return unknownCost > 0 ? "unknown" : "-";
  return `${unknownCost > 0 ? "at least " : ""}${showUsd(costUsd)}`;
}

/** Of one turn: `41,200 tokens, $0.42`. Null = nothing is known. */
export function showTurnUsage(usage: TurnUsage | null): string | null {
  if (usage === null) return null;
  const { inputTokens, outputTokens, costUsd, partial = [] } = usage;
  const isPartial = inputTokens === null || outputTokens === null || partial.includes("tokens");
  const tokens = (inputTokens ?? 0) + (outputTokens ?? 0);
  const parts = [
    ...(inputTokens === null && outputTokens === null
      ? []
      : [`${isPartial ? "at least " : ""}${showCount(tokens)} tokens`]),
    ...(costUsd === null ? [] : [`${partial.includes("cost") ? "at least " : ""}${showUsd(costUsd)}`]),
  ];
  return parts.length === 0 ? null : parts.join(", ");
}

/** `time 20 min of 8 h`, `cost at least $2.44 of $5.00`. */
export function showLimit({ limit, used, of, isAtLeast }: LimitUse): string {
  const show = limit === "duration" ? showDuration : limit === "cost" ? showUsd : showCount;
  return `${limit === "duration" ? "time" : limit} ${isAtLeast ? "at least " : ""}${show(used)} of ${show(of)}`;
}

/** `1,234,567`, whatever the machine's language is. */
function showCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 turn`, `2 turns`. */
export function showNumber(count: number, one: string, many: string = `${one}s`): string {
  return `${showCount(count)} ${count === 1 ? one : many}`;
}

/** `937 B`, `1.4 kB`, `2.3 MB`. */
export function showBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Cents, and more digits below one: a budget may be small. */
function showUsd(usd: number): string {
  return usd > 0 && usd < 0.01 ? `$${Number(usd.toPrecision(2))}` : `$${usd.toFixed(2)}`;
}
