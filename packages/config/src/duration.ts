/** Days, hours, minutes, seconds, milliseconds, in this order, each at most once: "90s", "2h", "1h30m", "1.5h", "500ms". */
export const DURATION_PATTERN: RegExp =
  /^(?=\d)(?:(\d+(?:\.\d+)?)d)?(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/;

const UNITS_MS: readonly number[] = [86_400_000, 3_600_000, 60_000, 1_000, 1];
/** Longer is a mistake of the unit. */
const LONGEST_MS = 365 * 86_400_000;

/**
 * Milliseconds of a duration such as "90s", "2h", "1h30m" or "500ms"; null when it is none, not longer than zero, or
 * longer than 365 days. A number without a unit is none.
 */
export function parseDuration(text: string): number | null {
  const match = text.length > 100 ? null : DURATION_PATTERN.exec(text);
  if (match === null) return null;
  const parts = UNITS_MS.map((unitMs, index) => Number(match[index + 1] ?? 0) * unitMs);
  const ms = Math.round(parts.reduce((sum, part) => sum + part, 0));
  return ms > 0 && ms <= LONGEST_MS ? ms : null;
}
