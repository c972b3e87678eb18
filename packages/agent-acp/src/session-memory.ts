import type { SessionTotals } from "./usage-meter.js";

/** Of how many sessions the totals are kept in memory. */
const MOST_SESSIONS = 1000;

/** What was told last of sessions that later turns go on with. */
export interface SessionMemory {
  recall(session: string): SessionTotals | null;
  keep(session: string, totals: SessionTotals): void;
}

export function createSessionMemory(): SessionMemory {
  const totals = new Map<string, SessionTotals>();
  return {
    recall: (session) => totals.get(session) ?? null,
    keep: (session, told) => {
      totals.delete(session);
      totals.set(session, told);
      const [oldest] = totals.keys();
      if (totals.size > MOST_SESSIONS && oldest !== undefined) totals.delete(oldest);
    },
  };
}
