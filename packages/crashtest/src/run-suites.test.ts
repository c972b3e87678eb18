import { expect, test } from "vitest";
import type { CaseResult, CrashSuite } from "./crash-suite.js";
import { runSuites } from "./run-suites.js";

const SOUND = { points: 2, rerunStages: 0, lostOutputs: 0, processesLeft: 0, violations: [] };

function result(scenario: string, index: number, changes: Partial<CaseResult> = {}): CaseResult {
  return { scenario, id: `some:${scenario}:${index}`, ...SOUND, ...changes };
}

function suite(store: string, results: readonly CaseResult[], reason: string | null = null): CrashSuite {
  return {
    name: "some",
    store,
    unavailable: async () => reason,
    async *run() {
      yield* results;
    },
  };
}

/** All that is printed, with times named, and whether all was as promised. */
async function shown(...suites: readonly CrashSuite[]): Promise<string> {
  const lines: string[] = [];
  const isSound = await runSuites(suites, { long: false }, (line) => lines.push(line));
  const text = lines.join("\n").replace(/ \d+\.\d$/gm, " 0.0");
  return `${text}\n--- ${isSound ? "sound" : "not sound"}`;
}

test("a line for each scenario, and in the end one for each store and one for all", async () => {
  const fs = suite("store-fs", [result("chain", 1), result("chain", 2), result("group", 1)]);
  expect(await shown(fs, suite("store-sqlite", [result("chain", 1)]))).toMatchInlineSnapshot(`
    "suite                   store          scenario                       runs   points  stages run again  outputs lost  processes left   faults  seconds
    some                    store-fs       chain                             2        4                 0             0               0        0      0.0
    some                    store-fs       group                             1        2                 0             0               0        0      0.0
    some                    store-sqlite   chain                             1        2                 0             0               0        0      0.0

    in all                                                                runs   points  stages run again  outputs lost  processes left   faults  seconds
    store-fs                                                                 3        6                 0             0               0        0      0.0
    store-sqlite                                                             1        2                 0             0               0        0      0.0
    all stores                                                               4        8                 0             0               0        0      0.0

    points tried 8 in 4 runs, finished stages run again = 0, outputs lost = 0, processes left = 0, other faults = 0
    --- sound"
  `);
});

test("what was not as promised is named with the id that repeats it, and counted", async () => {
  const results = [
    result("chain", 1, { rerunStages: 1, violations: ["PLAN.2 was performed after PLAN was reported as completed"] }),
    result("chain", 2, { lostOutputs: 1, processesLeft: 1, violations: ["a is gone", "7 is left", "no hint"] }),
  ];
  expect(await shown(suite("store-fs", results))).toMatchInlineSnapshot(`
    "suite                   store          scenario                       runs   points  stages run again  outputs lost  processes left   faults  seconds
    some                    store-fs       chain                             2        4                 1             1               1        4      0.0

    some:chain:1
      PLAN.2 was performed after PLAN was reported as completed
      repeat it: pnpm crash --only 'some:chain:1'

    some:chain:2
      a is gone
      7 is left
      no hint
      repeat it: pnpm crash --only 'some:chain:2'

    in all                                                                runs   points  stages run again  outputs lost  processes left   faults  seconds
    store-fs                                                                 2        4                 1             1               1        4      0.0

    points tried 4 in 2 runs, finished stages run again = 1, outputs lost = 1, processes left = 1, other faults = 1
    --- not sound"
  `);
});

test("of very many faults the first ones are shown", async () => {
  const results = Array.from({ length: 23 }, (_, index) => result("chain", index, { violations: ["a is gone"] }));
  const text = await shown(suite("store-fs", results));
  expect([text.match(/repeat it/g)?.length, /and 3 more cases/.test(text)]).toEqual([20, true]);
});

test("a suite that cannot run here says why; when none can, that is no success", async () => {
  const missing = suite("store-sqlite", [], "there is no strace");
  expect(await shown(suite("store-fs", [result("chain", 1)]), missing)).toMatchInlineSnapshot(`
    "suite                   store          scenario                       runs   points  stages run again  outputs lost  processes left   faults  seconds
    some                    store-fs       chain                             1        2                 0             0               0        0      0.0

    not run: some on store-sqlite: there is no strace

    in all                                                                runs   points  stages run again  outputs lost  processes left   faults  seconds
    store-fs                                                                 1        2                 0             0               0        0      0.0

    points tried 2 in 1 runs, finished stages run again = 0, outputs lost = 0, processes left = 0, other faults = 0
    --- sound"
  `);
  expect(await shown(missing)).toMatch(/there is no strace\nNothing was run\.\n--- not sound$/);
  expect(await shown(suite("store-fs", []))).toMatch(/Nothing was run\.\n--- not sound$/);
});

test("a rejection that nobody handled is a fault of the case in which it came", async () => {
  const stray: CrashSuite = {
    ...suite("store-fs", []),
    async *run() {
      void Promise.reject(new Error("nobody waits for this"));
      await new Promise((resolve) => setImmediate(resolve));
      yield result("chain", 1);
    },
  };
  expect(await shown(stray)).toMatch(/unhandled: Error: nobody waits for this\n(?:.*\n)*--- not sound$/);
});
