const UNITS = ["KB", "MB", "GB", "TB"] as const;

/** A size for a person, in units of 1,000: `812 bytes`, `4.2 KB`, `31 MB`. */
export function showBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} byte${bytes === 1 ? "" : "s"}`;
  let value = bytes;
  for (const unit of UNITS) {
    value /= 1_000;
    if (value < 999.5 || unit === "TB") return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${unit}`;
  }
  return `${bytes} bytes`;
}
