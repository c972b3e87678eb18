import { type LimitUse, percentUsed, type UsageTotals } from "@troupe/core";
import { showDuration } from "./show-time.js";

/** `at least 90400 tokens, $2.44`; `tokens unknown` where no turn has told anything. */
export function showUsage(usage: UsageTotals): string {
  const { inputTokens, outputTokens, costUsd, unknownTokens, unknownCost } = usage;
  const tokens = inputTokens + outputTokens;
  return [
    tokens === 0 && unknownTokens > 0 ? "tokens unknown" : `${atLeast(unknownTokens > 0)}${showTokens(tokens)}`,
    costUsd === 0 && unknownCost > 0 ? "cost unknown" : `${atLeast(unknownCost > 0)}${showUsd(costUsd)}`,
  ].join(", ");
}

/** As {@link showUsage}, as far as anything is known: nothing at all is no figure. */
export function showKnownUsage(usage: UsageTotals): readonly string[] {
  return usage.inputTokens + usage.outputTokens + usage.costUsd > 0 ? [showUsage(usage)] : [];
}

/** `cost at least $2.44 of $5.00 (48%)`. */
export function showLimit(use: LimitUse): string {
  return `${use.limit === "duration" ? "time" : use.limit} ${showShare(use)} (${percentUsed(use)}%)`;
}

/** `at least $2.44 of $5.00`. */
export function showShare({ limit, used, of, isAtLeast }: LimitUse): string {
  const show = limit === "duration" ? showDuration : limit === "cost" ? showUsd : String;
  return `${atLeast(isAtLeast)}${show(used)} of ${show(of)}`;
}

/** Cents, and more digits below one: a budget may be small. */
function showUsd(usd: number): string {
  return usd > 0 && usd < 0.01 ? `$${Number(usd.toPrecision(2))}` : `$${usd.toFixed(2)}`;
}

function showTokens(tokens: number): string {
  return `${tokens} token${tokens === 1 ? "" : "s"}`;
}

function atLeast(isAtLeast: boolean): string {
  return isAtLeast ? "at least " : "";
}
