import type { Usage } from "./turn.js";

/** What an agent hands out as a turn's session: its own id and, where it counts on, how far it had counted. */
export interface SessionMark {
  /** As the agent's program names it. */
  readonly id: string;
  /** Of the whole session until now; null = unknown, or the agent counts each turn by itself. */
  readonly total: Usage | null;
}

const FIELDS = [
  ["inputTokens", "in"],
  ["outputTokens", "out"],
  ["costUsd", "usd"],
] as const;
/** The greedy start leaves to the counts only what follows the last question mark. */
const MARKED = /^(.*)\?((?:(?:in|out|usd)=[^&?]*(?:&(?=.)|$))*)$/s;

/**
 * `ID`, or `ID?in=100&out=7&usd=0.12`: a run that goes on in another process has no other memory of a session than this
 * text. An id that could be read as one with counts is followed by a bare question mark.
 */
export function writeSessionMark({ id, total }: SessionMark): string {
  const counts = FIELDS.flatMap(([field, name]) => (total?.[field] == null ? [] : [`${name}=${total[field]}`]));
  return counts.length === 0 && !MARKED.test(id) ? id : `${id}?${counts.join("&")}`;
}

/** Reads what `writeSessionMark` wrote, and any other text as an id. Counts that are none are unknown. */
export function readSessionMark(session: string): SessionMark {
  const [, id, counts] = MARKED.exec(session) ?? [];
  if (id === undefined || !counts) return { id: id ?? session, total: null };
  const values = new Map(counts.split("&").map((count) => [count.slice(0, count.indexOf("=")), count]));
  const amount = (name: string): number | null => {
    const value = Number((values.get(name) ?? "").slice(name.length + 1) || Number.NaN);
    return Number.isFinite(value) && value >= 0 ? value : null;
  };
  return { id, total: { inputTokens: amount("in"), outputTokens: amount("out"), costUsd: amount("usd") } };
}

/**
 * What was added to a count since it stood at `before`; null = one of them is unknown. A count never falls by itself:
 * one that stands lower has begun anew, so all of it was added since.
 */
export function countedSince(now: number | null, before: number | null): number | null {
  if (now === null || before === null) return null;
  return now < before ? now : now - before;
}
