import { isReached, type LimitUse, limitUses, type RunLimits, type RunStateView } from "@troupe/core";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** The command that goes on with a run: for each limit that it has reached, it raises it. */
export function suggestResume(
  { runId, status, activeMs, usage, definition }: RunStateView,
  limits: RunLimits = definition.limits,
): string {
  const raised = limitUses(limits, usage, activeMs).filter(isReached).map(raise);
  return ["troupe resume", runId, ...raised, ...(status === "cancelled" ? ["--yes"] : [])].join(" ");
}

/** As much again as the limit was, or half of what is used where that is more: it should not end at once again. */
function raise({ limit, used, of }: LimitUse): string {
  const next = used + Math.max(of, used / 2);
  switch (limit) {
    case "duration":
      return `--max-duration ${durationText(next)}`;
    case "cost":
      return `--max-cost ${roundUp(next)}`;
    case "tokens":
      return `--max-tokens ${Math.ceil(roundUp(next))}`;
  }
}

function durationText(ms: number): string {
  return ms <= HOUR_MS ? `${Math.ceil(ms / MINUTE_MS)}m` : `${Math.ceil(ms / HOUR_MS)}h`;
}

/** To two digits, for a person to read. */
function roundUp(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  const units = Math.ceil(value / unit - 1e-9);
  return Number((units * unit).toPrecision(3));
}
