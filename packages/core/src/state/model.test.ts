import fc from "fast-check";
import { expect, test } from "vitest";
import { Simulation } from "../../test/model/simulation.js";
import { Tape } from "../../test/model/tape.js";

const cases = Number(process.env.TROUPE_MODEL_CASES ?? 2_000);

/** A failing case is made simpler for no longer than this. */
const longestMs = 30_000 + cases * 15;

/** Numbers to choose by: one list shapes the workflow, the other what happens to the run. */
const choices = (most: number) => fc.array(fc.nat(65_535), { maxLength: most, size: "max" });

test(
  "whatever happens to a run, its rules hold, and once all goes well it ends",
  () => {
    const property = fc.property(choices(150), choices(400), (shape, happenings) => {
      const state = new Simulation(new Tape(shape), new Tape(happenings)).run(6, 40);
      expect(state.turnsInFlight).toBe(0);
    });
    fc.assert(property, { numRuns: cases, interruptAfterTimeLimit: longestMs, markInterruptAsFailure: true });
  },
  longestMs + 30_000,
);
