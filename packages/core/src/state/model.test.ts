import fc from "fast-check";
import { expect, test } from "vitest";
import { FAILED_CASES } from "../../test/model/failed-cases.js";
import { Simulation } from "../../test/model/simulation.js";
import { Tape } from "../../test/model/tape.js";

const cases = Number(process.env.TROUPE_MODEL_CASES ?? 2_000);

/** A failing case is made simpler for no longer than this. */
const longestMs = 60_000 + cases * 60;

/** Numbers to choose by: one list shapes the workflow, the other what happens to the run. */
const choices = (most: number) => fc.array(fc.nat(65_535), { maxLength: most, size: "max" });

function perform(shape: readonly number[], happenings: readonly number[]): void {
  const state = new Simulation(new Tape(shape), new Tape(happenings)).run(6, 40);
  expect(state.turnsInFlight).toBe(0);
}

test.each(FAILED_CASES)("holds where it once did not: $found", ({ shape, happenings }) => perform(shape, happenings));

test(
  "whatever happens to a run, its rules hold, and once all goes well it ends",
  () => {
    const property = fc.property(choices(150), choices(400), perform);
    const limits = { interruptAfterTimeLimit: longestMs, markInterruptAsFailure: true };
    const { failed, counterexample, errorInstance, numRuns, seed } = fc.check(property, { numRuns: cases, ...limits });
    if (!failed) return;
    throw new Error(reportOf(counterexample, errorInstance, `case ${numRuns}, seed ${seed}`), { cause: errorInstance });
  },
  longestMs + 30_000,
);

/** What does not hold, and the line that makes it a case of every later run. */
function reportOf(
  found: readonly [readonly number[], readonly number[]] | null,
  error: unknown,
  where: string,
): string {
  const sentence = error instanceof Error ? error.message : String(error);
  if (found === null) return `not done in ${longestMs} ms (${where})`;
  const [shape, happenings] = found.map(withoutZeros);
  const line = JSON.stringify({ found: sentence, shape, happenings });
  return `${sentence} (${where})\nadd to packages/core/test/model/failed-cases.ts:\n  ${line},`;
}

/** A used-up tape answers 0 anyway. */
function withoutZeros(numbers: readonly number[]): readonly number[] {
  return numbers.slice(0, numbers.findLastIndex((number) => number !== 0) + 1);
}
