import {
  isNear,
  isReached,
  type LimitUse,
  limitUses,
  limitWord,
  percentUsed,
  type RunLimits,
  type TurnUsage,
  type UsageTotals,
} from "@troupe/core";

/** How long something has been going on, in whole seconds: `7s`, `3m 05s`, `1h 02m`. */
export function formatElapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${pad(seconds % 60)}s`;
  return `${Math.floor(minutes / 60)}h ${pad(minutes % 60)}m`;
}

/** How long something took: as {@link formatElapsed}, with a decimal below ten seconds. */
export function formatDuration(ms: number): string {
  return ms < 10_000 ? `${(Math.max(0, Math.floor(ms / 100)) / 10).toFixed(1)}s` : formatElapsed(ms);
}

/** A limit of time: `8h`, `1h 30m`, `45m`, `90s`. */
export function formatLimit(ms: number): string {
  return formatElapsed(ms).replace(/ 00[ms]$/, "");
}

/** `950`, `45.2k`, `1.5M`. */
export function formatCount(count: number): string {
  if (count < 1000) return String(count);
  if (count < 999_950) return `${trimZero((count / 1000).toFixed(1))}k`;
  return `${trimZero((count / 1_000_000).toFixed(1))}M`;
}

/** `1 stage`, `3 stages`. */
export function formatCountOf(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** `45.2k tokens`, `at least $4.20 of $5.00 (84%)`; empty when no agent has had a turn. */
export function formatUsage(usage: UsageTotals, limits: RunLimits): readonly string[] {
  const uses = limitUses({ ...limits, durationMs: null }, usage, 0);
  const parts: string[] = [];
  const tokens = usage.inputTokens + usage.outputTokens;
  const ofTokens = limits.tokens === null ? "" : ` of ${formatCount(limits.tokens)}`;
  const ofCost = limits.costUsd === null ? "" : ` of ${formatUsd(limits.costUsd)}`;
  const near = (limit: LimitUse["limit"]) => formatNear(uses.find((use) => use.limit === limit));
  if (tokens > 0) {
    parts.push(`${atLeast(usage.unknownTokens)}${formatCount(tokens)}${ofTokens} tokens${near("tokens")}`);
  } else if (usage.unknownTokens > 0) parts.push("tokens unknown");
  if (usage.costUsd > 0) {
    parts.push(`${atLeast(usage.unknownCost)}${formatUsd(usage.costUsd)}${ofCost}${near("cost")}`);
  } else if (usage.unknownCost > 0) parts.push("cost unknown");
  return parts;
}

/**
 * {@link formatUsage} in little room: `45.2k tok`, `$4.20+/$5.00 (84%)`, where `+` says "at least". What is not known
 * at all is left out.
 */
export function formatUsageShort(usage: UsageTotals, limits: RunLimits): readonly string[] {
  const uses = limitUses({ ...limits, durationMs: null }, usage, 0);
  const near = (limit: LimitUse["limit"]) => formatNear(uses.find((use) => use.limit === limit));
  const tokens = usage.inputTokens + usage.outputTokens;
  const ofTokens = limits.tokens === null ? "" : `/${formatCount(limits.tokens)}`;
  const ofCost = limits.costUsd === null ? "" : `/${formatUsd(limits.costUsd)}`;
  const some = (unknown: number) => (unknown > 0 ? "+" : "");
  return [
    ...(tokens > 0 ? [`${formatCount(tokens)}${some(usage.unknownTokens)}${ofTokens} tok${near("tokens")}`] : []),
    ...(usage.costUsd > 0 ? [`${formatUsd(usage.costUsd)}${some(usage.unknownCost)}${ofCost}${near("cost")}`] : []),
  ];
}

/** `3m 05s of 8h`, with its share when that is much. */
export function formatActive(activeMs: number, { durationMs }: RunLimits, of = " of "): string {
  if (durationMs === null) return formatElapsed(activeMs);
  const near = formatNear({ limit: "duration", used: activeMs, of: durationMs, isAtLeast: false });
  return `${formatElapsed(activeMs)}${of}${formatLimit(durationMs)}${near}`;
}

/** What one turn has used, as far as its agent tells. */
export function formatTurnUsage(usage: TurnUsage | null): readonly string[] {
  const { inputTokens = null, outputTokens = null, costUsd = null, partial = [] } = usage ?? {};
  const isWhole = inputTokens !== null && outputTokens !== null && !partial.includes("tokens");
  const tokens = (inputTokens ?? 0) + (outputTokens ?? 0);
  return [
    ...(tokens === 0 ? [] : [`${isWhole ? "" : "at least "}${formatCount(tokens)} tokens`]),
    ...(costUsd === null || costUsd === 0
      ? []
      : [`${partial.includes("cost") ? "at least " : ""}${formatUsd(costUsd)}`]),
  ];
}

/** `84% of the cost limit is used: $4.20 of $5.00`. */
export function formatWarning(use: LimitUse): string {
  const { limit, used, of, isAtLeast } = use;
  const show = limit === "duration" ? formatElapsed : limit === "cost" ? formatUsd : formatCount;
  const most = limit === "duration" ? formatLimit(of) : show(of);
  const figures = `${isAtLeast ? "at least " : ""}${show(used)} of ${most}`;
  const name = limitWord(limit);
  if (isReached(use)) return `the ${name} limit is reached: ${figures}; no new turn starts`;
  return `${percentUsed(use)}% of the ${name} limit is used: ${figures}`;
}

function formatNear(use: LimitUse | undefined): string {
  return use !== undefined && isNear(use) ? ` (${percentUsed(use)}%)` : "";
}

/** Cents, and more digits below one. */
function formatUsd(usd: number): string {
  return usd > 0 && usd < 0.01 ? `$${Number(usd.toPrecision(2))}` : `$${usd.toFixed(2)}`;
}

/** `1 running`, or nothing for none. */
export function formatTally(count: number, word: string): readonly string[] {
  return count === 0 ? [] : [`${count} ${word}`];
}

function atLeast(unknown: number): string {
  return unknown > 0 ? "at least " : "";
}

function trimZero(text: string): string {
  return text.replace(/\.0$/, "");
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
