import { countedSince, type SessionMark, type Usage } from "@troupe/core";

/**
 * Usage of one turn from what the program tells of the turn and, for what it does not, from the session's counts.
 * `before` null = the session begins with this turn.
 */
export function usageOfTurn(usage: Usage | null, total: Usage | null, before: SessionMark | null): Usage | null {
  const since = (field: keyof Usage): number | null => {
    const own = usage?.[field] ?? null;
    if (own !== null) return own;
    return countedSince(total?.[field] ?? null, before === null ? 0 : (before.total?.[field] ?? null));
  };
  const turn = { inputTokens: since("inputTokens"), outputTokens: since("outputTokens"), costUsd: since("costUsd") };
  return Object.values(turn).every((amount) => amount === null) ? null : turn;
}
