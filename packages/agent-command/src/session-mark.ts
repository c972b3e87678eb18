import type { Usage } from "@troupe/core";

/** What is handed out as a turn's session: the program's own id and, where it counts on, how far it had counted. */
export interface SessionMark {
  readonly id: string;
  /** Of the whole session until now; null = unknown, or the program counts each turn by itself. */
  readonly total: Usage | null;
}

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const NAMES = [
  ["inputTokens", "in"],
  ["outputTokens", "out"],
  ["costUsd", "usd"],
] as const;

/** `ID`, or `ID?in=100&out=7&usd=0.12`: a run that goes on elsewhere has no other memory than this text. */
export function writeSession({ id, total }: SessionMark): string {
  const parts = NAMES.flatMap(([field, name]) => (total?.[field] == null ? [] : [`${name}=${total[field]}`]));
  return parts.length === 0 ? id : `${id}?${parts.join("&")}`;
}

/** Null = no id that could be given to a program as an argument. */
export function readSession(session: string): SessionMark | null {
  const [id = "", query] = session.split("?", 2);
  if (!ID.test(id)) return null;
  if (query === undefined) return { id, total: null };
  const values = new URLSearchParams(query);
  const amount = (name: string): number | null => {
    const value = Number(values.get(name) ?? Number.NaN);
    return Number.isFinite(value) && value >= 0 ? value : null;
  };
  return { id, total: { inputTokens: amount("in"), outputTokens: amount("out"), costUsd: amount("usd") } };
}

/** Usage of one turn from what the program tells of the turn and, for what it does not, from the session's counts. */
export function usageOfTurn(usage: Usage | null, total: Usage | null, before: SessionMark | null): Usage | null {
  const since = (field: keyof Usage): number | null => {
    const own = usage?.[field] ?? null;
    const now = total?.[field] ?? null;
    if (own !== null || now === null || before === null) return own ?? now;
    const then = before.total?.[field] ?? null;
    return then === null || now < then ? null : now - then; // counted from a point that nobody knows
  };
  const turn = { inputTokens: since("inputTokens"), outputTokens: since("outputTokens"), costUsd: since("costUsd") };
  return Object.values(turn).every((amount) => amount === null) ? null : turn;
}
