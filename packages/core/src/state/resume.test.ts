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
  expect(plan.events).toEqual([
    { type: "stage.reset", stage: "BROKEN", cause: "failed" },
    { type: "stage.reset", stage: "SIBLING", cause: "cancelled" },
  ]);
  const nothing = { changes: [], upstream: [], asks: false };
  expect([plan.asks, plan.vanished]).toEqual([false, []]);
  expect(plan.stages).toEqual([
    { stage: "DONE", action: "keep", from: "start", reason: "finished", ...nothing },
    { stage: "LEFT-OUT", action: "keep", from: "start", reason: "skipped", ...nothing },
    { stage: "ASKED", action: "wait", from: { round: 1 }, reason: "approval", ...nothing },
    { stage: "BUSY", action: "run", from: { round: 2 }, reason: "interrupted", ...nothing },
    { stage: "BROKEN", action: "run", from: "start", reason: "failed", ...nothing },
    { stage: "SIBLING", action: "run", from: "start", reason: "cancelled", ...nothing },
    { stage: "LATER", action: "run", from: "start", reason: "not started", ...nothing },
  ]);
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

test("a definition without a stage that has a turn of this claim in flight does not fit, nor does its reset", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w" }]));
  const definition = definitionOf([{ id: "B", workAgent: "w" }]);
  expect(() => run.tell({ type: "run.reconfigured", definition })).toThrow("a turn of A is in flight");
  expect(() => run.tell({ type: "stage.reset", stage: "A", cause: "forced" })).toThrow("a turn of A is in flight");
});

test("a stage whose turn was cut off is reset as soon as that turn has ended; what the turn left stays", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", artifacts: ["a.md"] }]));
  run.claim({ from: "A" });
  expect(run.stage("A")).toMatchObject({ status: "running", pendingReset: "forced" });
  expect(run.state.definition.format).toBe(2); // what version 1 would take for damage
  run.succeed("A.1", { files: ["a.md"] });
  expect(run.lines().slice(1)).toEqual(["A.2 work round 1 attempt 1"]);
  expect(run.stage("A").artifacts.get("a.md")?.turn).toBe("A.1");
});

test("a reset that is pending when its holder dies is neither lost nor told twice", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w" }]));
  run.claim({ from: "A" });
  const plan = planResume(run.state);
  expect([plan.events, plan.stages[0]?.from]).toEqual([[], "start"]);
  run.crash();
  expect(run.lines().slice(1)).toEqual(["A.2 work round 1 attempt 1"]);
});

test("a stage that is left out while its turn was cut off is over when that turn has ended", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w" }], [], { format: 1 }));
  run.claim({ definition: definitionOf([{ id: "B", workAgent: "w" }]) });
  expect([run.state.definition.format, [...run.state.leaving.keys()], run.lines().slice(1)]).toEqual([2, ["A"], []]);
  expect(run.task("A.1")).toMatchObject({ turn: "A.1", inputs: [], owned: [], checks: [] });
  run.interrupt("A.1", "crashed");
  expect([run.state.leaving.size, run.lines()]).toEqual([0, ["B.1 work round 1 attempt 1"]]);
});

test("a stage that comes back before its cut-off turn has ended begins anew, with the next number", () => {
  const first = definitionOf([{ id: "A", workAgent: "w" }]);
  const run = new HandRun(first);
  run.claim({ definition: definitionOf([{ id: "B", workAgent: "w" }]) }).claim({ definition: first });
  run.interrupt("A.1", "crashed");
  expect(run.lines().slice(1)).toEqual(["A.2 work round 1 attempt 1"]);
  expect(run.state.leaving.size).toBe(0);
});
