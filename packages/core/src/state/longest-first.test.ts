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
