/** In milliseconds: whoever asks for more is asked again after this. */
const MOST_MS = 3_600_000;

/** What a `Retry-After` header asks for, in milliseconds: seconds, or a date; 0 where it says nothing of use. */
export function parseRetryAfter(value: string | null, now: number): number {
  const text = value?.trim() ?? "";
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), MOST_MS) : 0;
}
