import type { InterruptReason } from "./turn.js";

const REASONS: readonly InterruptReason[] = ["crashed", "stopped", "limit", "cancelled", "fail-fast", "claim-lost"];

/** Why a turn was told to end: the reason its signal was aborted with; `stopped` when that is something else. */
export function interruptReason(signal: { readonly reason: unknown }): InterruptReason {
  return REASONS.find((reason) => reason === signal.reason) ?? "stopped";
}
