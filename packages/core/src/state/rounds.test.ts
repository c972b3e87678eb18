import { expect, test } from "vitest";
import { definitionOf, HandRun } from "../../test/hand-run.js";

const CHECK = { argv: ["npm", "test"] };
const REVIEW = { kind: "review", workAgent: "worker", reviewAgent: "reviewer" } as const;

test("a work stage without checks completes with its work", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w" }]));
  run.succeed("A.1");
  expect(run.lines()).toEqual(["A.1 work round 1 attempt 1", "A completed", "run succeeded"]);
});

test("a failed check is mended by the work agent in the next round, then checked again", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", checks: [CHECK] }]));
  run.succeed("A.1").check("A.2", false).succeed("A.3").check("A.4", true);
  expect(run.lines()).toEqual([
    "A.1 work round 1 attempt 1",
    "A.2 check round 1 attempt 1",
    "A.3 fix round 2 attempt 1",
    "A.4 check round 2 attempt 1",
    "A completed",
    "run succeeded",
  ]);
});

test("checks that fail in every round fail the stage after its last one", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", checks: [CHECK], maxRounds: 2 }]));
  run.succeed("A.1").check("A.2", false).succeed("A.3").check("A.4", false);
  expect(run.lines().slice(4)).toEqual(["A failed CHECKS_FAILED", "run failed"]);
  expect(run.stage("A").error).toEqual({
    code: "CHECKS_FAILED",
    message: "the checks of A still fail after 2 rounds",
    hint: "Then: troupe resume run-1",
    details: {},
  });
});

test("a check turn that judged nothing passes nothing", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", checks: [CHECK], maxRounds: 1 }]));
  run.succeed("A.1").succeed("A.2");
  expect(run.lines().slice(2)).toEqual(["A failed CHECKS_FAILED", "run failed"]);
  expect(run.stage("A").error?.message).toBe("the checks of A still fail after 1 round");
});

test("the failed checks of a command have nobody to mend them", () => {
  const run = new HandRun(definitionOf([{ id: "A", kind: "command", run: CHECK, checks: [CHECK] }]));
  run.succeed("A.1").check("A.2", false);
  expect(run.lines()).toEqual([
    "A.1 work round 1 attempt 1",
    "A.2 check round 1 attempt 1",
    "A failed CHECKS_FAILED",
    "run failed",
  ]);
});

test("a review of another stage's work goes on until it approves: four reviews, three fixes", () => {
  const run = new HandRun(
    definitionOf([
      { id: "A", workAgent: "w", checks: [CHECK] },
      { id: "R", ...REVIEW, reviews: "A", needs: ["A"] },
    ]),
  );
  run.succeed("A.1").check("A.2", true).judge("R.1", "rejected");
  run.succeed("R.2").check("R.3", true).judge("R.4", "rejected");
  run.succeed("R.5").check("R.6", true).judge("R.7", "rejected");
  run.succeed("R.8").check("R.9", true).judge("R.10", "rejected", { failureReport: "REVIEW.md" });
  expect(run.lines().slice(3)).toEqual([
    "R.1 review round 1 attempt 1",
    "R.1 rejected (tool)",
    "R.2 fix round 2 attempt 1",
    "R.3 check round 2 attempt 1",
    "R.4 review round 2 attempt 1",
    "R.4 rejected (tool)",
    "R.5 fix round 3 attempt 1",
    "R.6 check round 3 attempt 1",
    "R.7 review round 3 attempt 1",
    "R.7 rejected (tool)",
    "R.8 fix round 4 attempt 1",
    "R.9 check round 4 attempt 1",
    "R.10 review round 4 attempt 1",
    "R.10 rejected (tool)",
    "R failed REVIEW_REJECTED",
    "run failed",
  ]);
  expect(run.stage("R").error).toEqual({
    code: "REVIEW_REJECTED",
    message: "R was not approved in 4 rounds",
    hint: "Read REVIEW.md. Then: troupe resume run-1",
    details: { report: "REVIEW.md" },
  });
  expect(run.stage("A").status).toBe("completed");
});

test("a review without a mapped stage does its own work first", () => {
  const run = new HandRun(definitionOf([{ id: "R", ...REVIEW }]));
  run.succeed("R.1").judge("R.2", "approved");
  expect(run.lines()).toEqual([
    "R.1 work round 1 attempt 1",
    "R.2 review round 1 attempt 1",
    "R.2 approved (tool)",
    "R completed",
    "run succeeded",
  ]);
});

test("a mapped review with checks of its own checks before it reviews; a failed check is a fix, not a review", () => {
  const run = new HandRun(
    definitionOf([
      { id: "A", workAgent: "w" },
      { id: "R", ...REVIEW, reviews: "A", needs: ["A"], checks: [CHECK] },
    ]),
  );
  run.succeed("A.1").check("R.1", false).succeed("R.2").check("R.3", true).judge("R.4", "approved");
  expect(run.lines().slice(2)).toEqual([
    "R.1 check round 1 attempt 1",
    "R.2 fix round 2 attempt 1",
    "R.3 check round 2 attempt 1",
    "R.4 review round 2 attempt 1",
    "R.4 approved (tool)",
    "R completed",
    "run succeeded",
  ]);
});

test("a review without a verdict is a rejected round for the reviewer, not a fix", () => {
  const run = new HandRun(
    definitionOf([
      { id: "A", workAgent: "w" },
      { id: "R", ...REVIEW, reviews: "A", needs: ["A"], maxRounds: 2 },
    ]),
  );
  run.succeed("A.1").succeed("R.1");
  expect(run.task("R.2").feedback.map(({ source, round }) => ({ source, round }))).toEqual([
    { source: "no-verdict", round: 1 },
  ]);
  run.succeed("R.2");
  expect(run.lines().slice(2)).toEqual([
    "R.1 review round 1 attempt 1",
    "R.1 rejected (none)",
    "R.2 review round 2 attempt 1",
    "R.2 rejected (none)",
    "R failed REVIEW_REJECTED",
    "run failed",
  ]);
});

test("what a reviewer was told for want of a verdict does not reach a fix turn", () => {
  const run = new HandRun(definitionOf([{ id: "R", ...REVIEW }]));
  run.succeed("R.1").succeed("R.2").judge("R.3", "rejected");
  expect(run.task("R.4").kind).toBe("fix");
  expect(run.task("R.4").feedback.map(({ source }) => source)).toEqual(["review"]);
});

test("an acceptance stage checks at most maxRounds times", () => {
  const run = new HandRun(definitionOf([{ id: "T", kind: "acceptance", workAgent: "w", checks: [CHECK] }]));
  run.succeed("T.1").check("T.2", false).succeed("T.3").check("T.4", false);
  run.succeed("T.5").check("T.6", false).succeed("T.7").check("T.8", false);
  expect(run.lines().filter((line) => line.includes("check"))).toHaveLength(4);
  expect(run.stage("T").status).toBe("failed");
});

test("a stage that leaves a declared file out fails and says which", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", artifacts: ["a.md", "b.md"] }]));
  run.succeed("A.1", { files: ["a.md"] });
  expect(run.lines()).toEqual(["A.1 work round 1 attempt 1", "A failed ARTIFACT_MISSING", "run failed"]);
  expect(run.stage("A").error).toEqual({
    code: "ARTIFACT_MISSING",
    message: "stage A ended without b.md (absent or empty in the artifacts folder)",
    hint: "See what it did: troupe logs run-1 A",
    details: { missing: ["b.md"] },
  });
});

test("a stage that demands acceptance tests waits for them, and fails when they were skipped", () => {
  const stages = [
    { id: "T", kind: "acceptance", workAgent: "w", checks: [CHECK], optional: true },
    { id: "A", workAgent: "w", requiresAcceptance: ["T"] },
  ] as const;
  const waits = new HandRun(definitionOf(stages));
  expect(waits.lines()).toEqual(["T.1 work round 1 attempt 1"]);
  waits.succeed("T.1").check("T.2", true);
  expect(waits.lines().slice(1)).toEqual(["T completed", "A.1 work round 1 attempt 1"]);

  const skips = new HandRun(definitionOf(stages, [], { skip: ["T"] }));
  expect(skips.lines()).toEqual(["T skipped", "A failed ACCEPTANCE_NOT_PASSED", "run failed"]);
});

test("acceptance tests that are started anew hold back what demands them, though all needs are met", () => {
  const run = new HandRun(
    definitionOf([
      { id: "T", kind: "acceptance", workAgent: "w", checks: [CHECK] },
      { id: "B", workAgent: "w", needs: ["T"] },
      { id: "C", workAgent: "w", needs: ["B"], requiresAcceptance: ["T"] },
    ]),
  );
  run.succeed("T.1").check("T.2", true).tell({ type: "run.stop-requested", by: "SIGINT" }).succeed("B.1");
  expect(run.lines().at(-1)).toBe("run interrupted");
  run.claim({ reset: [{ stage: "T", cause: "forced" }] });
  expect(run.lines()).toEqual(["T.3 work round 1 attempt 1"]);
  run.succeed("T.3").check("T.4", true);
  expect(run.lines()).toEqual(["T.4 check round 1 attempt 1", "T completed", "C.1 work round 1 attempt 1"]);
});

test("a terminal stage completes without a turn", () => {
  const run = new HandRun(
    definitionOf([
      { id: "A", workAgent: "w" },
      { id: "END", kind: "terminal", needs: ["A"] },
    ]),
  );
  run.succeed("A.1");
  expect(run.lines().slice(1)).toEqual(["A completed", "END completed", "run succeeded"]);
  expect(run.stage("END").startedAt).toBe(run.now);
});

test("only an optional stage is skipped by name", () => {
  const stages = [
    { id: "A", workAgent: "w" },
    { id: "B", workAgent: "w", optional: true, needs: ["A"] },
  ];
  const run = new HandRun(definitionOf(stages, [], { skip: ["A", "B"] }));
  run.succeed("A.1");
  expect(run.lines()).toEqual(["A.1 work round 1 attempt 1", "A completed", "B skipped", "run succeeded"]);
});
