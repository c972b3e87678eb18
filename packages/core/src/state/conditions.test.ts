import { describe, expect, test } from "vitest";
import { definitionOf, HandRun } from "../../test/hand-run.js";
import { type Condition, defineWorkflow, type StageDraft, workflowProblems } from "../index.js";
import { conditionHolds, namedIn } from "../model/condition.js";
import type { StageStatus } from "../model/status.js";

const FAST: Condition = { input: "MODE", equals: "fast" };
const more = { inputs: { MODE: "fast" } };

function conditional(when: Condition, rest: readonly StageDraft[] = []): readonly StageDraft[] {
  return [
    { id: "A", workAgent: "a" },
    { id: "B", workAgent: "b", needs: ["A"], when },
    { id: "C", workAgent: "c", needs: ["B"] },
    ...rest,
  ];
}

describe("a condition", () => {
  const statuses = new Map<string, StageStatus>([
    ["DONE", "completed"],
    ["LEFT", "skipped"],
    ["OPEN", "running"],
  ]);
  const facts = { inputs: { MODE: "fast" }, statusOf: (id: string) => statuses.get(id) };
  test.each<readonly [string, Condition, boolean]>([
    ["an input with the value", FAST, true],
    ["an input with another value", { input: "MODE", equals: "slow" }, false],
    ["an input without a value", { input: "NONE", equals: "" }, false],
    ["no own property", { input: "toString", equals: "x" }, false],
    ["a stage that is completed", { stage: "DONE", is: "completed" }, true],
    ["a stage that was skipped", { stage: "LEFT", is: "skipped" }, true],
    ["a stage that was skipped and not completed", { stage: "LEFT", is: "completed" }, false],
    ["a stage that still runs", { stage: "OPEN", is: "completed" }, false],
    ["a stage that is not there", { stage: "NOBODY", is: "skipped" }, false],
    ["all of several", { all: [FAST, { stage: "DONE", is: "completed" }] }, true],
    ["all, and one does not hold", { all: [FAST, { not: FAST }] }, false],
    ["all of nothing", { all: [] }, true],
    ["any of several", { any: [{ not: FAST }, FAST] }, true],
    ["any of nothing", { any: [] }, false],
    ["a double negation", { not: { not: FAST } }, true],
  ])("on %s", (_, condition, holds) => {
    expect(conditionHolds(condition, facts)).toBe(holds);
  });

  test("names each input and each stage once", () => {
    const nested: Condition = {
      any: [FAST, { all: [{ not: FAST }, { stage: "A", is: "skipped" }] }, { stage: "A", is: "completed" }],
    };
    expect(namedIn(nested)).toEqual({ inputs: ["MODE"], stages: ["A"] });
    expect(namedIn(undefined)).toEqual({ inputs: [], stages: [] });
  });
});

test("a stage whose condition does not hold is skipped by it, needs no turn and opens the way", () => {
  const run = new HandRun(definitionOf(conditional({ not: FAST }), [], more));
  run.succeed("A.1");
  expect(run.lines()).toEqual(["A.1 work round 1 attempt 1", "A completed", "B skipped", "C.1 work round 1 attempt 1"]);
  expect(run.stage("B")).toMatchObject({ status: "skipped", skippedBy: "condition", turns: 0 });
  expect(run.task("C.1").skipped).toEqual(["B"]);
  run.succeed("C.1");
  expect(run.lines().at(-1)).toBe("run succeeded");
});

test("a stage whose condition holds just starts; a flag goes before its condition", () => {
  const run = new HandRun(definitionOf(conditional(FAST), [], more));
  run.succeed("A.1");
  expect(run.lines().at(-1)).toBe("B.1 work round 1 attempt 1");
  const stages = conditional(FAST).map((stage) => ({ ...stage, optional: true }));
  const flagged = new HandRun(definitionOf(stages, [], { ...more, skip: ["B"] }));
  flagged.succeed("A.1");
  expect(flagged.stage("B").skippedBy).toBe("flag");
});

test("a condition on a stage upstream is decided when that stage has ended, also when a need was kept before it", () => {
  const stages: readonly StageDraft[] = [
    { id: "A", workAgent: "a" },
    { id: "B", workAgent: "b", needs: ["A"] },
    { id: "C", workAgent: "c", needs: ["B"], when: { stage: "A", is: "completed" } },
  ];
  const run = new HandRun(definitionOf(stages));
  run.succeed("A.1").tell({ type: "run.stop-requested", by: "SIGINT" }).succeed("B.1");
  run.lines();
  run.claim({ reset: [{ stage: "A", cause: "forced" }] });
  expect(run.lines()).toEqual(["A.2 work round 1 attempt 1"]);
  run.succeed("A.2");
  expect(run.lines()).toEqual(["A completed", "C.1 work round 1 attempt 1"]);
});

test("what a condition has decided stays decided over resumes, and is decided anew when its stage starts anew", () => {
  const run = new HandRun(definitionOf(conditional(FAST), [], more));
  run.succeed("A.1").fail("B.1");
  const slow = definitionOf(conditional(FAST), [], { inputs: { MODE: "slow" } });
  run.lines();
  run.claim({ definition: slow }); // B has failed, so it starts anew: with these inputs it is skipped
  expect(run.lines()).toEqual(["B skipped", "C.1 work round 1 attempt 1"]);
  run.fail("C.1").claim();
  expect(run.stage("B")).toMatchObject({ status: "skipped", skippedBy: "condition" });
  expect(run.lines().slice(-1)).toEqual(["C.2 work round 1 attempt 1"]);
});

test("a completed stage stays completed when its condition is edited", () => {
  const run = new HandRun(definitionOf(conditional(FAST), [], more));
  run.succeed("A.1").succeed("B.1").fail("C.1");
  run.claim({ definition: definitionOf(conditional({ not: FAST }), [], more), changed: "rerun" });
  expect(run.stage("B")).toMatchObject({ status: "completed", turns: 1 });
});

test("a condition opens the gate of a group; its members do not wait for it", () => {
  const stages: readonly StageDraft[] = [
    { id: "L", workAgent: "l", when: { not: FAST } },
    { id: "R", workAgent: "r" },
    { id: "GATE", workAgent: "g", needs: ["L", "R"] },
  ];
  const run = new HandRun(definitionOf(stages, [{ name: "g", stages: ["L", "R"] }], more));
  expect(run.lines()).toEqual(["L skipped", "R.1 work round 1 attempt 1"]);
  run.succeed("R.1");
  expect(run.lines()).toEqual(["R completed", "GATE.1 work round 1 attempt 1"]);
});

test("an acceptance stage that its condition skips leaves the demand for passed tests unsatisfied", () => {
  const stages: readonly StageDraft[] = [
    { id: "T", kind: "acceptance", workAgent: "t", checks: [{ argv: ["x"] }], when: { not: FAST } },
    { id: "END", workAgent: "e", needs: ["T"], requiresAcceptance: ["T"] },
  ];
  const run = new HandRun(definitionOf(stages, [], more));
  expect(run.lines()).toEqual(["T skipped", "END failed ACCEPTANCE_NOT_PASSED", "run failed"]);
});

test("a condition on what is unknown, or not upstream, is refused", () => {
  const inputs = [{ name: "MODE", description: "", default: null }];
  const problems = (when: Condition) =>
    workflowProblems(defineWorkflow({ name: "w", stages: conditional(when), inputs }));
  expect(problems({ any: [FAST, { stage: "A", is: "completed" }] })).toEqual([]);
  expect(
    problems({
      all: [
        { input: "MOOD", equals: "x" },
        { stage: "C", is: "completed" },
      ],
    }),
  ).toEqual([
    'stage "B" has a condition on input "MOOD", which is not declared',
    'stage "B" has a condition on stage "C", which is not upstream of it',
  ]);
  expect(problems({ stage: "B", is: "skipped" })).toContain(
    'stage "B" has a condition on stage "B", which is not upstream of it',
  );
});
