import { expect, test } from "vitest";
import { definitionOf, HandRun, NO_LIMITS } from "../../test/hand-run.js";

const GROUP = [
  { id: "SPEC", workAgent: "w" },
  { id: "A", workAgent: "a", needs: ["SPEC"], group: "three" },
  { id: "B", workAgent: "b", needs: ["SPEC"], group: "three" },
  { id: "C", workAgent: "c", needs: ["SPEC"], group: "three" },
  { id: "END", kind: "terminal", needs: ["A", "B", "C"] },
] as const;
const one = { limits: { ...NO_LIMITS, concurrency: 1 } };
const grouped = (more: object = {}) =>
  definitionOf(GROUP, [{ name: "three", stages: ["A", "B", "C"], before: "END" }], { ...one, ...more });

/** The stages in the order in which they were started, one at a time. */
function orderOf(run: HandRun, stages: readonly string[]): readonly string[] {
  for (let left = stages.length; left > 0; left -= 1) {
    const [flight] = stages.filter((id) => run.stage(id).inFlight.length > 0);
    if (flight !== undefined) run.succeed(`${flight}.1`);
  }
  const starts = run.lines().flatMap((line) => /^(\w+)\.1 work/.exec(line)?.[1] ?? []);
  return starts;
}

test("of a group whose durations are known the longest member starts first; else the declared order holds", () => {
  const ids = ["SPEC", "A", "B", "C"];
  expect(orderOf(new HandRun(grouped()), ids)).toEqual(["SPEC", "A", "B", "C"]);
  expect(orderOf(new HandRun(grouped({ expectedMs: { A: 1, B: 5, C: 9, SPEC: 2 } })), ids)).toEqual([
    "SPEC",
    "C",
    "B",
    "A",
  ]);
});

test("stages that nothing is in front of go by their length too", () => {
  const stages = [
    { id: "A", workAgent: "a" },
    { id: "B", workAgent: "b" },
  ];
  const run = new HandRun(definitionOf(stages, [], { ...one, expectedMs: { A: 1, B: 5 } }));
  expect(orderOf(run, ["A", "B"])).toEqual(["B", "A"]);
});

test("a definition that replaces the first one brings its own order", () => {
  const run = new HandRun(grouped({ expectedMs: { A: 1, B: 5, C: 9 } }));
  run.tell({ type: "run.stop-requested", by: "test" }).interrupt("SPEC.1", "stopped");
  run.claim({ definition: grouped({ expectedMs: { A: 9, B: 5, C: 1 } }) }).succeed("SPEC.2");
  expect(run.stage("A").inFlight).toHaveLength(1);
});

const KNOWN = { expectedMs: { A: 1, B: 5, C: 9 } };
const COSTS = { usage: { inputTokens: 1, outputTokens: 1, costUsd: 1 } };

test("a budget leaves the shortest members over, and with a higher one they go on by their length", () => {
  const limits = { ...NO_LIMITS, concurrency: 1, costUsd: 2 };
  const run = new HandRun(grouped({ ...KNOWN, limits }));
  run.succeed("SPEC.1", COSTS).succeed("C.1", COSTS);
  expect(run.lines()).toEqual([
    "SPEC.1 work round 1 attempt 1",
    "SPEC completed",
    "C.1 work round 1 attempt 1",
    "C completed",
    "run limited (cost)",
  ]);
  run.claim({ definition: grouped({ ...KNOWN, limits: { ...limits, costUsd: 9 } }) }).succeed("B.1");
  expect(run.lines()).toEqual(["B.1 work round 1 attempt 1", "B completed", "A.1 work round 1 attempt 1"]);
});

test("at a limit of duration the longest members are interrupted, and are the first to go on", () => {
  const limits = { ...NO_LIMITS, concurrency: 2, durationMs: 1_000 };
  const run = new HandRun(grouped({ ...KNOWN, limits }));
  run.succeed("SPEC.1").look(1_000).interrupt("B.1", "limit").interrupt("C.1", "limit");
  expect(run.lines().slice(2)).toEqual([
    "C.1 work round 1 attempt 1",
    "B.1 work round 1 attempt 1",
    "1000 of 1000 (duration)",
    "run limited (duration)",
  ]);
  run.claim({ definition: grouped({ ...KNOWN, limits: { ...limits, durationMs: 9_000 } }) });
  expect(run.lines()).toEqual(["C.2 work round 1 attempt 2", "B.2 work round 1 attempt 2"]);
});

test("neither a group's own limit nor the executor's capacity changes the order", () => {
  const groups = [{ name: "three", stages: ["A", "B", "C"], before: "END", maxConcurrent: 2 }];
  const run = new HandRun(definitionOf(GROUP, groups, KNOWN)).succeed("SPEC.1").succeed("B.1");
  expect(run.lines().filter((line) => line.includes("work"))).toEqual([
    "SPEC.1 work round 1 attempt 1",
    "C.1 work round 1 attempt 1",
    "B.1 work round 1 attempt 1",
    "A.1 work round 1 attempt 1",
  ]);
  const small = new HandRun(definitionOf(GROUP, groups, KNOWN), 1).succeed("SPEC.1").succeed("C.1");
  expect(small.stage("B").inFlight.map(({ turn }) => turn)).toEqual(["B.1"]);
});

test("what failed and is tried again goes before what has not begun, however short it is", () => {
  const retry = { attempts: 2, delayMs: 500, backoff: 1, maxDelayMs: 500 };
  const stages = GROUP.map((stage) => ({ ...stage, retry }));
  const definition = definitionOf(stages, [{ name: "three", stages: ["A", "B", "C"], before: "END" }], {
    ...one,
    expectedMs: { A: 9, B: 5, C: 1 },
  });
  const run = new HandRun(definition).succeed("SPEC.1").fail("A.1", { notBefore: null }).look(500).succeed("B.1");
  expect(run.lines().slice(2)).toEqual([
    "A.1 work round 1 attempt 1",
    "B.1 work round 1 attempt 1",
    "B completed",
    "A.2 work round 1 attempt 2",
  ]);
});
