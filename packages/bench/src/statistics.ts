/** Some measurements of one thing. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly count: number;
}

/** The spread of at least one number; of an even count the median is the mean of the two in the middle. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [min] = sorted;
  const max = sorted.at(-1);
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.ceil((sorted.length - 1) / 2)];
  if (min === undefined || max === undefined || low === undefined || high === undefined) {
    throw new Error("nothing was measured");
  }
  return { median: (low + high) / 2, min, max, count: sorted.length };
}

/** Something and its floor, measured one right after the other: only such pairs stay true while the machine's speed drifts. */
export interface Pair {
  readonly value: number;
  readonly floor: number;
}

/** The spread of the ratios of pairs. */
export function ratioOf(pairs: readonly Pair[]): Spread {
  return spreadOf(pairs.map(({ value, floor }) => value / floor));
}
