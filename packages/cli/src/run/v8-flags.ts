/** By how much the young generation grows when much has survived in it: not at all. */
export const NO_GROWTH: string = "--semi-space-growth-factor=1";
/** How much more than what is in use the heap may become before the old generation is collected again. */
export const EARLY_COLLECTION: string = "--heap-growing-percent=80";

/**
 * V8 is built for programs that compute, and a run waits for its agents: with these, one of many stages takes a third
 * less memory, and hardly more processor time. Measurements and other ways: docs/decisions/0030 and 0033.
 */
export function setRunFlags(): void {
  const v8 = process.getBuiltinModule("node:v8");
  for (const flag of [NO_GROWTH, EARLY_COLLECTION]) v8.setFlagsFromString(flag);
}
