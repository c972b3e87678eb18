import { expect, test } from "vitest";
import { definitionOf, HandRun, NO_LIMITS } from "../../test/hand-run.js";
import { neededFor } from "../model/graph.js";

const STAGES = [
  { id: "SPEC", workAgent: "w" },
  { id: "RESEARCH", workAgent: "a", needs: ["SPEC"] },
  { id: "TESTS", workAgent: "b", needs: ["SPEC"] },
  { id: "PLAN", workAgent: "w", needs: ["RESEARCH", "TESTS"] },
  { id: "END", kind: "terminal", needs: ["PLAN"] },
] as const;

/** A run whose first claim was stopped before anything of it had ended. */
function stopped(definition = definitionOf(STAGES)): HandRun {
  const run = new HandRun(definition);
  run.tell({ type: "run.stop-requested", by: "test" }).interrupt("SPEC.1", "stopped");
  run.lines();
  return run;
}

test("a claim until a stage performs it and what it needs, and nothing else", () => {
  const run = stopped();
  run.claim({ until: "RESEARCH" }).succeed("SPEC.2").succeed("RESEARCH.1");
  expect(run.lines()).toEqual([
    "SPEC.2 work round 1 attempt 2",
    "SPEC completed",
    "RESEARCH.1 work round 1 attempt 1",
    "RESEARCH completed",
    "run interrupted",
  ]);
  expect([run.state.until, run.stage("TESTS").status]).toEqual(["RESEARCH", "pending"]);
  run.claim();
  expect([run.state.until, run.lines()]).toEqual([null, ["TESTS.1 work round 1 attempt 1"]]);
});

test("until a stage that is completed already nothing is started", () => {
  const run = stopped();
  run.claim({ until: "SPEC" }).succeed("SPEC.2");
  run.lines();
  run.claim({ until: "SPEC" });
  expect(run.lines()).toEqual(["run interrupted"]);
});

test("until the last stage the run succeeds", () => {
  const run = stopped();
  run.claim({ until: "END" }).succeed("SPEC.2").succeed("RESEARCH.1").succeed("TESTS.1").succeed("PLAN.1");
  expect(run.lines().slice(-2)).toEqual(["END completed", "run succeeded"]);
});

test("a failure of what is needed fails the run as ever", () => {
  const run = stopped();
  run.claim({ until: "PLAN" }).succeed("SPEC.2").fail("TESTS.1").succeed("RESEARCH.1");
  expect(run.lines().slice(-1)).toEqual(["run failed"]);
});

test("a stage in progress that is not needed stays as it is, also one that waits to be tried again", () => {
  const retry = { attempts: 2, delayMs: 30_000, backoff: 2, maxDelayMs: 60_000 };
  const stages = [
    { id: "A", workAgent: "a" },
    { id: "B", workAgent: "b", retry },
    { id: "C", workAgent: "a", needs: ["A"] },
  ];
  const run = new HandRun(definitionOf(stages));
  run.fail("B.1", { notBefore: null });
  run.tell({ type: "run.stop-requested", by: "test" }).interrupt("A.1", "stopped");
  run.lines();
  run.claim({ until: "C" }).look(60_000).succeed("A.2").succeed("C.1");
  expect(run.lines()).toEqual([
    "A.2 work round 1 attempt 2",
    "A completed",
    "C.1 work round 1 attempt 1",
    "C completed",
    "run interrupted",
  ]);
  run.claim();
  expect(run.lines()).toEqual(["B.2 work round 1 attempt 2"]);
});

test("a limit that is reached with the last wanted stage does not count against it", () => {
  const run = stopped(definitionOf(STAGES, [], { limits: { ...NO_LIMITS, costUsd: 1 } }));
  run.claim({ until: "SPEC" }).succeed("SPEC.2", { usage: { inputTokens: 1, outputTokens: 1, costUsd: 5 } });
  expect(run.lines().at(-1)).toBe("run interrupted");
});

test("edited files may move what the stage needs", () => {
  const run = stopped();
  const edited = definitionOf([
    { id: "SPEC", workAgent: "w" },
    { id: "TESTS", workAgent: "b", needs: ["SPEC"] },
    { id: "RESEARCH", workAgent: "a" },
  ]);
  run.claim({ definition: edited, until: "RESEARCH" }).succeed("RESEARCH.1");
  expect(run.lines()).toEqual(["RESEARCH.1 work round 1 attempt 1", "RESEARCH completed", "run interrupted"]);
});

test("what needs no turn and is not needed for the stage stays as it is", () => {
  const stages = [
    { id: "A", workAgent: "a" },
    { id: "B", workAgent: "b", needs: ["A"], optional: true },
    { id: "C", workAgent: "a", needs: ["A"] },
  ];
  const run = new HandRun(definitionOf(stages, [], { skip: ["B"] }));
  run.tell({ type: "run.stop-requested", by: "test" }).interrupt("A.1", "stopped");
  run.claim({ until: "C" }).succeed("A.2").succeed("C.1");
  expect([run.stage("B").status, run.stage("C").status]).toEqual(["pending", "completed"]);
});

test("nothing is needed for a stage that is not there", () => {
  expect(neededFor(definitionOf(STAGES).workflow, "NOWHERE")).toEqual(new Set());
});
