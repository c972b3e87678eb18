/** A duration for a person: `850 ms`, `12 s`, `4 min 05 s`, `2 h 03 min`. */
export function showDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${pad(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

/** A moment for a person, in UTC: `2026-11-22 16:05:09`. */
export function showMoment(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace("T", " ");
}

/** Its time of day alone. */
export function showTimeOfDay(at: number): string {
  return showMoment(at).slice(11);
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
