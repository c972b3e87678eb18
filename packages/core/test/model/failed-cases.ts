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
export const FAILED_CASES: readonly FailedCase[] = [];
