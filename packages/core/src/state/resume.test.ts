import { expect, test } from "vitest";
import { definitionOf, HandRun } from "../../test/hand-run.js";
import { planResume } from "./plan-resume.js";

const CHECK = { argv: ["x"] };

test("the plan keeps what is finished, asks where a person is awaited, and runs the rest", () => {
  const stages = [
    { id: "DONE", workAgent: "a" },
    { id: "LEFT-OUT", workAgent: "b", optional: true },
    { id: "ASKED", workAgent: "c", approval: true },
    { id: "BUSY", workAgent: "d", checks: [CHECK] },
    { id: "BROKEN", workAgent: "e" },
    { id: "SIBLING", workAgent: "f", approval: true },
    { id: "LATER", kind: "terminal", needs: ["BROKEN"] },
  ] as const;
  const run = new HandRun(
    definitionOf(stages, [{ name: "g", stages: ["BROKEN", "SIBLING"], onFailure: "fail_fast" }], {
      skip: ["LEFT-OUT"],
    }),
  );
  run.succeed("DONE.1").succeed("ASKED.1").succeed("BUSY.1").check("BUSY.2", false).succeed("SIBLING.1");
  run.fail("BROKEN.1");
  const plan = planResume(run.state);
  expect(plan.resets).toEqual([
    { type: "stage.reset", stage: "BROKEN", cause: "failed" },
    { type: "stage.reset", stage: "SIBLING", cause: "cancelled" },
  ]);
  expect(plan.stages).toEqual([
    { stage: "DONE", action: "keep", from: "start", reason: "finished", cause: null },
    { stage: "LEFT-OUT", action: "keep", from: "start", reason: "skipped", cause: null },
    { stage: "ASKED", action: "wait", from: { round: 1 }, reason: "approval", cause: null },
    { stage: "BUSY", action: "run", from: { round: 2 }, reason: "interrupted", cause: null },
    { stage: "BROKEN", action: "run", from: "start", reason: "reset", cause: "failed" },
    { stage: "SIBLING", action: "run", from: "start", reason: "reset", cause: "cancelled" },
    { stage: "LATER", action: "run", from: "start", reason: "not started", cause: null },
  ]);
});

test("named stages are reset too, but not what has not started or is in flight", () => {
  const stages = [
    { id: "A", workAgent: "a" },
    { id: "B", workAgent: "b", needs: ["A"] },
    { id: "C", workAgent: "b", needs: ["B"] },
  ];
  const run = new HandRun(definitionOf(stages));
  run.succeed("A.1");
  const named = ["A", "B", "C"].map((stage) => ({ stage, cause: "changed" }) as const);
  expect(planResume(run.state, named).resets).toEqual([{ type: "stage.reset", stage: "A", cause: "changed" }]);
});

test("a failed stage starts again at round 1, with all earlier feedback and its turn numbers going on", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", checks: [CHECK], maxRounds: 1 }]));
  run.succeed("A.1").check("A.2", false).claim();
  expect(run.lines().slice(3)).toEqual(["run failed", "A.3 work round 1 attempt 1"]);
  expect(run.task("A.3").feedback).toHaveLength(1);
  expect(run.stage("A")).toMatchObject({
    error: null,
    lastChecks: [],
    lastVerdict: null,
    failureReport: null,
    turns: 3,
  });
});

test("a finished stage is kept over any number of resumes", () => {
  const run = new HandRun(
    definitionOf([
      { id: "A", workAgent: "w" },
      { id: "B", workAgent: "w", needs: ["A"] },
    ]),
  );
  run.succeed("A.1");
  for (const turn of ["B.1", "B.2", "B.3"]) run.fail(turn).claim();
  expect(run.stage("A")).toMatchObject({ status: "completed", turns: 1 });
  expect(run.stage("B").turns).toBe(4);
});

test("a stage that is reset takes the need of its dependents back", () => {
  const run = new HandRun(
    definitionOf([
      { id: "A", workAgent: "w" },
      { id: "B", workAgent: "w", needs: ["A"] },
    ]),
  );
  run.succeed("A.1").tell({ type: "run.stop-requested", by: "SIGINT" }).interrupt("B.1", "stopped");
  run.lines();
  run.claim({
    reset: [
      { stage: "A", cause: "forced" },
      { stage: "B", cause: "upstream" },
    ],
  });
  expect(run.lines()).toEqual(["A.2 work round 1 attempt 1"]);
  run.succeed("A.2");
  expect(run.lines()).toEqual(["A completed", "B.2 work round 1 attempt 1"]);
});

test("another definition keeps what its stages have done, brings new ones and forgets the rest", () => {
  const first = [
    { id: "A", workAgent: "w" },
    { id: "B", workAgent: "b" },
    { id: "C", workAgent: "c", needs: ["B"] },
  ];
  const run = new HandRun(definitionOf(first, [{ name: "g", stages: ["A", "B"] }]));
  run.succeed("A.1").fail("B.1");
  run.lines();
  const second = definitionOf([
    { id: "A", workAgent: "w" },
    { id: "NEW", workAgent: "n", needs: ["A"] },
  ]);
  run.claim({ definition: second });
  expect(run.lines()).toEqual(["NEW.1 work round 1 attempt 1"]);
  expect([...run.state.stages.keys()]).toEqual(["A", "NEW"]);
  expect(run.state.failed.size).toBe(0);
  run.tell({ type: "run.stop-requested", by: "SIGINT" }).interrupt("NEW.1", "stopped");
  run.lines();
  run.claim({ definition: definitionOf(first) });
  expect(run.lines()).toEqual(["B.2 work round 1 attempt 1"]); // numbers are never used twice
});

test("counters hold after another definition, whatever its stages have done", () => {
  const stages = [
    { id: "A", workAgent: "a" },
    { id: "B", workAgent: "b" },
    { id: "C", workAgent: "c", optional: true },
    { id: "D", workAgent: "d", approval: true },
  ];
  const run = new HandRun(definitionOf(stages, [], { skip: ["C"] }));
  run.fail("A.1").succeed("D.1").succeed("B.1");
  const before = structuredClone({ ...run.state, definition: null, graph: null, stages: null });
  run.tell({ type: "run.reconfigured", definition: definitionOf(stages, [], { skip: ["C"] }) });
  expect(structuredClone({ ...run.state, definition: null, graph: null, stages: null })).toEqual(before);
  expect(run.state.counts).toMatchObject({ failed: 1, completed: 1, skipped: 1, waiting: 1 });
});

test("a definition without a stage that has a turn in flight does not fit", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w" }]));
  const definition = definitionOf([{ id: "B", workAgent: "w" }]);
  expect(() => run.claim({ definition })).toThrow("a turn of A is in flight");
});
