/** A duration for a person: `850 ms`, `1.4 s`, `12 s`, `4 min 05 s`, `2 h 03 min`. */
export function showDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  // never rounded up: what took 59.96 s did not take a minute
  if (ms < 10_000) return `${Math.floor(ms / 100) / 10} s`;
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${pad(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

/** Of a turn or a stage: a dash where no time has passed on the active clock, or none is known. */
export function showActive(ms: number): string {
  return ms === 0 ? "-" : showDuration(ms);
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
