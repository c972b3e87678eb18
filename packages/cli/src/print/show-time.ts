/** A duration for a person: `850ms`, `12s`, `4m 05s`, `2h 03m`. */
export function showDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)}ms`;
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${pad(seconds % 60)}s`;
  return `${Math.floor(minutes / 60)}h ${pad(minutes % 60)}m`;
}

/** A moment for a person, in UTC: `2026-11-22 16:05:09`. */
export function showMoment(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace("T", " ");
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
