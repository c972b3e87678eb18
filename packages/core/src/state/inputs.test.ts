import { expect, test } from "vitest";
import { definitionOf, HandRun, textOf } from "../../test/hand-run.js";

const CHECK = { argv: ["npm", "test"] };
const REVIEW = { kind: "review", workAgent: "w", reviewAgent: "v" } as const;

function inputs(run: HandRun, turn: string): readonly string[] {
  return run.task(turn).inputs.map((input) => `${input.stage} ${input.name ?? "output"} of ${input.turn}`);
}

test("each artifact of all stages upstream reaches a consumer once, in its newest version", () => {
  const run = new HandRun(
    definitionOf([
      { id: "PLAN", workAgent: "w", artifacts: ["plan.md"] },
      { id: "REVIEW", ...REVIEW, reviews: "PLAN", needs: ["PLAN"] },
      { id: "LEFT", workAgent: "w", artifacts: ["left.md"], needs: ["REVIEW"] },
      { id: "RIGHT", workAgent: "x", artifacts: ["right.md"], needs: ["REVIEW"] },
      { id: "GATE", workAgent: "w", needs: ["LEFT", "RIGHT"] },
    ]),
  );
  run.succeed("PLAN.1", { files: ["plan.md"] }).judge("REVIEW.1", "rejected");
  expect(run.task("REVIEW.2")).toMatchObject({
    owned: [{ stage: "PLAN", name: "plan.md", turn: "PLAN.1" }],
    underReview: { stage: "PLAN", turns: [{ turn: "PLAN.1", output: textOf("PLAN.1") }] },
    feedback: [{ source: "review", round: 1, text: textOf("REVIEW.1") }],
  });
  run.succeed("REVIEW.2", { files: ["plan.md"] });
  expect(run.task("REVIEW.3").underReview?.turns.map(({ turn }) => turn)).toEqual(["PLAN.1", "REVIEW.2"]);
  run.judge("REVIEW.3", "approved");
  expect(inputs(run, "LEFT.1")).toEqual(["PLAN plan.md of REVIEW.2", "REVIEW output of REVIEW.3"]);
  run.succeed("RIGHT.1", { files: ["right.md"] }).succeed("LEFT.1", { files: ["left.md"] });
  expect(inputs(run, "GATE.1")).toEqual([
    "PLAN plan.md of REVIEW.2",
    "LEFT left.md of LEFT.1",
    "RIGHT right.md of RIGHT.1",
  ]);
  expect(run.stage("PLAN").artifacts.get("plan.md")).toEqual({
    name: "plan.md",
    sha256: "plan.md of REVIEW.2",
    bytes: 1,
    turn: "REVIEW.2",
  });
  expect(run.stage("PLAN").status).toBe("completed");
});

test("an undeclared file stays with the stage that left it", () => {
  const run = new HandRun(
    definitionOf([
      { id: "A", workAgent: "w" },
      { id: "R", ...REVIEW, reviews: "A", needs: ["A"], artifacts: ["report.md"] },
    ]),
  );
  run.succeed("A.1", { files: ["extra.md"] }).judge("R.1", "approved", {
    artifacts: [{ name: "report.md", sha256: "1", bytes: 1 }],
  });
  expect([...run.stage("A").artifacts.keys()]).toEqual(["extra.md"]);
  expect([...run.stage("R").artifacts.keys()]).toEqual(["report.md"]);
});

test("the output of predecessors without artifacts is an input; it is named after the turn that left it", () => {
  const run = new HandRun(
    definitionOf([
      { id: "B", workAgent: "x" },
      { id: "A", workAgent: "w", checks: [CHECK] },
      { id: "C", workAgent: "w", needs: ["A", "B"] },
    ]),
  );
  run.succeed("B.1").succeed("A.1").check("A.2", true);
  expect(inputs(run, "C.1")).toEqual(["B output of B.1", "A output of A.1"]);
  expect(run.task("C.1").inputs.map(({ text }) => text)).toEqual(["B.1", "A.1"]);
});

test("skipped predecessors are looked through and named", () => {
  const run = new HandRun(
    definitionOf(
      [
        { id: "A", workAgent: "w" },
        { id: "B", workAgent: "w", needs: ["A"], optional: true },
        { id: "C", workAgent: "w", needs: ["B"], optional: true },
        { id: "D", workAgent: "w", needs: ["C"] },
      ],
      [],
      { skip: ["B", "C"] },
    ),
  );
  run.succeed("A.1");
  expect(inputs(run, "D.1")).toEqual(["A output of A.1"]);
  expect(run.task("D.1").skipped).toEqual(["B", "C"]);
});

test("a command gets files, not texts", () => {
  const run = new HandRun(
    definitionOf([
      { id: "A", workAgent: "w" },
      { id: "B", workAgent: "w", artifacts: ["b.md"], needs: ["A"] },
      { id: "C", kind: "command", run: CHECK, needs: ["A", "B"] },
    ]),
  );
  run.succeed("A.1").succeed("B.1", { files: ["b.md"] });
  expect(inputs(run, "C.1")).toEqual(["B b.md of B.1"]);
});

test("a stage that was reset offers its files and no longer its output", () => {
  const run = new HandRun(
    definitionOf([
      { id: "A", workAgent: "w" },
      { id: "B", workAgent: "x", needs: ["A"] },
    ]),
  );
  run.succeed("A.1").tell({ type: "run.stop-requested", by: "SIGINT" }).interrupt("B.1", "stopped");
  run.claim({ reset: [{ stage: "A", cause: "forced" }] });
  expect(inputs(run, "B.2")).toEqual([]);
});

test("what a turn consumes is in its turn.started, with its fingerprint", () => {
  const stages = [
    { id: "A", workAgent: "w", artifacts: ["a.md"] },
    { id: "B", workAgent: "w", needs: ["A"] },
  ];
  const run = new HandRun(definitionOf(stages, [], { fingerprints: { A: "shape of A", B: "shape of B" } }));
  run.succeed("A.1", { files: ["a.md"] });
  expect(run.task("B.1").inputs).toEqual([
    { stage: "A", name: "a.md", sha256: "a.md of A.1", bytes: 1, turn: "A.1", text: null },
  ]);
});

test("a session belongs to one stage, role and agent, and not to the next start", () => {
  const run = new HandRun(
    definitionOf([
      { id: "A", workAgent: "w" },
      { id: "R", ...REVIEW, workAgent: "w", reviewAgent: "w", reviews: "A", needs: ["A"] },
    ]),
  );
  run.succeed("A.1", { session: "s-A" });
  expect(run.task("R.1").session).toBeNull();
  run.judge("R.1", "rejected", { session: "s-R-review" });
  expect(run.task("R.2").session).toBeNull();
  run.succeed("R.2", { session: "s-R-work" });
  expect(run.task("R.3").session).toBe("s-R-review");
  run.judge("R.3", "rejected"); // tells nothing newer
  expect(run.task("R.4").session).toBe("s-R-work");
  run.fail("R.4").claim();
  expect(run.task("R.5").session).toBeNull();
});

test("a task carries what its turn needs, and nothing of a turn that is not in flight", () => {
  const template = { path: "a.md", text: textOf("Do it well") };
  const stages = [{ id: "A", workAgent: "w", promptTemplate: "a.md", checks: [CHECK] }];
  const groups = [{ name: "g", stages: ["A"], maxConcurrent: 2 }];
  const run = new HandRun(definitionOf(stages, groups, { templates: [template], inputs: { LANG: "en" } }));
  expect(run.task("A.1")).toEqual({
    runId: "run-1",
    epoch: 1,
    turn: "A.1",
    stage: run.stage("A").definition,
    kind: "work",
    round: 1,
    attempt: 1,
    agent: "w",
    group: { name: "g", maxConcurrent: 2 },
    objective: textOf("Do it"),
    objectiveTitle: "Do it",
    template: template.text,
    inputs: [],
    owned: [],
    underReview: null,
    feedback: [],
    checks: [],
    lastChecks: [],
    skipped: [],
    before: null,
    beforeTurn: null,
    session: null,
    values: { LANG: "en" },
    workspace: { kind: "folder", path: "/tree" },
  });
  run.succeed("A.1");
  expect(() => run.task("A.1")).toThrow("A.1 is not in flight");
  expect(run.task("A.2")).toMatchObject({ kind: "check", agent: null, session: null, checks: [CHECK], feedback: [] });
});

test("after a fix the checks of the reviewed stage hold again; their last results are evidence for the review", () => {
  const own = { argv: ["own"] };
  const run = new HandRun(
    definitionOf([
      { id: "A", workAgent: "w", checks: [CHECK] },
      { id: "R", ...REVIEW, reviews: "A", needs: ["A"], checks: [own] },
    ]),
  );
  run.succeed("A.1").check("A.2", true);
  expect(run.task("R.1").checks).toEqual([own]);
  run.check("R.1", true).judge("R.2", "rejected").succeed("R.3");
  expect(run.task("R.4").checks).toEqual([CHECK, own]);
  run.check("R.4", true);
  expect(run.task("R.5").lastChecks.map(({ command }) => command)).toEqual(["npm test"]);
});

test("the checks of the reviewed stage are evidence while the review has none of its own", () => {
  const run = new HandRun(
    definitionOf([
      { id: "A", workAgent: "w", checks: [CHECK] },
      { id: "R", ...REVIEW, reviews: "A", needs: ["A"] },
    ]),
  );
  run.succeed("A.1").check("A.2", true);
  expect(run.task("R.1").lastChecks).toEqual(run.stage("A").lastChecks);
  expect(run.stage("A").lastChecks).toHaveLength(1);
});

test("a turn is told of the turn before it that did not succeed, also after a reset", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w" }]));
  run.fail("A.1").claim();
  expect(run.task("A.2")).toMatchObject({ attempt: 1, before: "failed", beforeTurn: "A.1" });
});
