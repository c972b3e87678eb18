import type { UsageTotals } from "@troupe/core";

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

/** `45.2k tokens`, `at least $1.20 of $5.00`; empty when no agent has had a turn. */
export function formatUsage(
  usage: UsageTotals,
  limits: { readonly tokens: number | null; readonly costUsd: number | null },
): readonly string[] {
  const parts: string[] = [];
  const tokens = usage.inputTokens + usage.outputTokens;
  const ofTokens = limits.tokens === null ? "" : ` of ${formatCount(limits.tokens)}`;
  const ofCost = limits.costUsd === null ? "" : ` of $${limits.costUsd.toFixed(2)}`;
  if (tokens > 0) parts.push(`${atLeast(usage.unknownTokens)}${formatCount(tokens)}${ofTokens} tokens`);
  else if (usage.unknownTokens > 0) parts.push("tokens unknown");
  if (usage.costUsd > 0) parts.push(`${atLeast(usage.unknownCost)}$${usage.costUsd.toFixed(2)}${ofCost}`);
  else if (usage.unknownCost > 0) parts.push("cost unknown");
  return parts;
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
