import { expect, test } from "vitest";
import type { CaseResult } from "../crash-suite.js";
import { SIMULATED_SCENARIOS } from "../scenarios.js";
import { createSimulatedSuite } from "./simulated-suite.js";

const FEW = { every: 30, losses: 1, stopEvery: 60, twice: 3, thrice: 2 };

async function collect(results: AsyncIterable<CaseResult>): Promise<readonly CaseResult[]> {
  const all: CaseResult[] = [];
  for await (const result of results) all.push(result);
  return all;
}

test("whatever is killed, stopped or without power, nothing finished is lost or done again", async () => {
  const results = await collect(createSimulatedSuite({ sizes: FEW }).run({ long: false }));
  expect(results.filter(({ violations }) => violations.length > 0)).toEqual([]);
  expect(new Set(results.map(({ scenario }) => scenario))).toEqual(
    new Set(SIMULATED_SCENARIOS.map(({ name }) => name)),
  );
  expect(results.reduce((sum, { points }) => sum + points, 0)).toBeGreaterThan(150);
});

test("the same cases happen each time, and the id of a case repeats it", async () => {
  const suite = createSimulatedSuite({ scenarios: SIMULATED_SCENARIOS.slice(0, 1), sizes: FEW });
  const first = await collect(suite.run({ long: false }));
  expect(await collect(suite.run({ long: false }))).toEqual(first);
  const [one] = first.slice(-1);
  expect(await collect(suite.run({ long: false, only: one?.id ?? "" }))).toEqual([one]);
  for (const only of ["another:chain:none:all:1", "simulated:chain:x:all:1", "simulated:chain:1.before.kill:no:1"]) {
    expect(await collect(suite.run({ long: false, only }))).toEqual([]);
  }
});
