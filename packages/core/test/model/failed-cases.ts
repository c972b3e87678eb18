/** A run that once broke a rule: the choices that shape its workflow, and those of what happens to it. */
export interface FailedCase {
  readonly found: string;
  readonly shape: readonly number[];
  readonly happenings: readonly number[];
}

/**
 * Replayed before anything random. A failing run of the model test prints the line to add here. What the choices mean
 * changes with the generators: an old case then is one more random one, which harms nothing.
 */
export const FAILED_CASES: readonly FailedCase[] = [
  // biome-ignore format: one case a line
  { found: "does not hold: A completes with passed checks", shape: [0, 0, 54909, 0, 8265], happenings: [0, 0, 0, 0, 0, 0, 0, 0, 2960, 14237, 0, 0, 0, 12790, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 51179, 0, 28695, 0, 0, 0, 0, 0, 0, 0, 0, 39101, 29060, 0, 5660] },
];
