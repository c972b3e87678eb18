const UNITS = [
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
] as const;

/** A duration as one writes it in a file: `8h`, `1h30m`, `500ms`. Reading it gives the same milliseconds. */
export function writeDuration(ms: number): string {
  let left = ms;
  const parts = UNITS.map(([unit, unitMs]) => {
    const count = Math.floor(left / unitMs);
    left -= count * unitMs;
    return count === 0 ? "" : `${count}${unit}`;
  });
  return parts.join("");
}
