/** A duration for a person: `850ms`, `12s`, `4m 05s`, `2h 03m`. */
export function showDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)}ms`;
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${pad(seconds % 60)}s`;
  return `${Math.floor(minutes / 60)}h ${pad(minutes % 60)}m`;
}

const DAY_MS = 86_400_000;
/** The year begins in March here: the day that comes and goes is its last. */
const DAYS_BEFORE_1970 = 719_468;
const DAYS_IN_400_YEARS = 146_097;

/**
 * A moment for a person, in UTC: `2026-11-22 16:05:09`. The first `Date` of a process looks for its time zone, in a
 * dozen files, which takes longer than a line of `list` may.
 */
export function showMoment(at: number): string {
  const day = Math.floor(at / DAY_MS);
  const second = Math.floor((at - day * DAY_MS) / 1_000);
  const time = [Math.floor(second / 3_600), Math.floor(second / 60) % 60, second % 60].map(pad).join(":");
  return `${showDay(day)} ${time}`;
}

/** `day`: days since 1970. */
function showDay(day: number): string {
  const sinceMarch = day + DAYS_BEFORE_1970;
  const era = Math.floor(sinceMarch / DAYS_IN_400_YEARS);
  const dayOfEra = sinceMarch - era * DAYS_IN_400_YEARS;
  const leapDays = Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, "0")}-${pad(month)}-${pad(dayOfMonth)}`;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
