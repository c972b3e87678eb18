import { expect, test } from "vitest";
import { definitionOf, HandRun, NO_LIMITS, textOf } from "../../test/hand-run.js";

const CHECK = { argv: ["x"] };
const granted = (stage: string, turn: string) =>
  ({ type: "approval.granted", stage, turn, by: "ann", message: null }) as const;
const denied = (stage: string, turn: string) =>
  ({ type: "approval.denied", stage, turn, by: "ann", message: textOf("shorter, please") }) as const;

test("a stage with approval waits with its result, and the run waits when nothing else can go on", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", approval: true }]));
  run.look(70).succeed("A.1");
  expect(run.lines()).toEqual(["A.1 work round 1 attempt 1", "A.1 awaits approval", "run waiting"]);
  expect(run.stage("A")).toMatchObject({ status: "waiting", awaitingApproval: "A.1", endedAt: run.now });
});

test("a waiting member holds the gate, not its siblings", () => {
  const stages = [
    { id: "A", workAgent: "a", approval: true },
    { id: "B", workAgent: "b", checks: [CHECK] },
    { id: "GATE", kind: "terminal", needs: ["A", "B"] },
  ] as const;
  const run = new HandRun(definitionOf(stages, [{ name: "g", stages: ["A", "B"] }]));
  run.succeed("A.1").succeed("B.1").tell(granted("A", "A.1")).check("B.2", true);
  expect(run.lines().slice(2)).toEqual([
    "A.1 awaits approval",
    "B.2 check round 1 attempt 1",
    "A completed",
    "B completed",
    "GATE completed",
    "run succeeded",
  ]);
});

test("an approval while nobody holds the run stays recorded until the resume", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", approval: true }]));
  run.succeed("A.1").tell(granted("A", "A.1"));
  expect(run.lines().slice(1)).toEqual(["A.1 awaits approval", "run waiting"]);
  run.claim();
  expect(run.lines()).toEqual(["A completed", "run succeeded"]);
  expect(run.stage("A").awaitingApproval).toBeNull();
});

test("a denial is feedback for a fix turn in the next round, whose checks run again", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", approval: true, checks: [CHECK] }]));
  run.succeed("A.1").check("A.2", true).tell(denied("A", "A.2")).claim();
  expect(run.lines().slice(2)).toEqual(["A.2 awaits approval", "run waiting", "A.3 fix round 2 attempt 1"]);
  expect(run.task("A.3").feedback).toEqual([{ source: "person", round: 1, text: textOf("shorter, please") }]);
  expect(run.stage("A").lastVerdict).toEqual({ decision: "rejected", reasons: [], source: "person" });
  run.succeed("A.3").check("A.4", true);
  expect(run.lines()).toEqual(["A.4 check round 2 attempt 1", "A.4 awaits approval", "run waiting"]);
});

test("a denial in the last round fails the stage as rejected, also after passed checks", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", approval: true, checks: [CHECK], maxRounds: 1 }]));
  run.succeed("A.1").check("A.2", true).tell(denied("A", "A.2")).claim();
  expect(run.lines().slice(4)).toEqual(["A failed REVIEW_REJECTED", "run failed"]);
});

test("a denied review result is mended and reviewed again", () => {
  const review = { id: "R", kind: "review", workAgent: "w", reviewAgent: "v", approval: true } as const;
  const run = new HandRun(definitionOf([review]));
  run.succeed("R.1").judge("R.2", "approved").tell(denied("R", "R.2")).claim().succeed("R.3").judge("R.4", "approved");
  expect(run.lines().slice(3)).toEqual([
    "R.2 awaits approval",
    "run waiting",
    "R.3 fix round 2 attempt 1",
    "R.4 review round 2 attempt 1",
    "R.4 approved (tool)",
    "R.4 awaits approval",
    "run waiting",
  ]);
});

test("a judgement of another turn, of a stage that does not wait, or a second one does not fit", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", approval: true }]));
  expect(() => run.tell(granted("A", "A.1"))).toThrow("stage A does not wait for a judgement of A.1");
  run.succeed("A.1").tell(denied("A", "A.1")).claim().succeed("A.2");
  expect(() => run.tell(granted("A", "A.1"))).toThrow("stage A does not wait for a judgement of A.1");
  run.tell(granted("A", "A.2"));
  expect(() => run.tell(denied("A", "A.2"))).toThrow("stage A does not wait for a judgement of A.2");
});

test("a reset voids what a person has said", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", approval: true }]));
  run.succeed("A.1").tell(granted("A", "A.1"));
  run.claim({ reset: [{ stage: "A", cause: "forced" }] }).succeed("A.2");
  expect(run.lines().slice(3)).toEqual(["A.2 work round 1 attempt 1", "A.2 awaits approval", "run waiting"]);
});

const deferred = (stage: string, turn: string) => ({ type: "approval.deferred", stage, turn, by: "ann" }) as const;
const PAIR = [
  { id: "A", workAgent: "a", approval: true },
  { id: "B", workAgent: "b", approval: true },
] as const;

/** Somebody takes the run over at a terminal; these turns were in flight. */
function attend(run: HandRun, ...turns: readonly string[]): HandRun {
  run.claim({ attended: true });
  for (const turn of turns) run.interrupt(turn, "crashed");
  run.lines();
  return run;
}

test("with a person at the terminal the run goes on until every question is answered or left open", () => {
  const run = new HandRun(definitionOf(PAIR, [{ name: "g", stages: ["A", "B"] }]));
  attend(run, "A.1", "B.1").succeed("A.2").succeed("B.2");
  expect(run.lines()).toEqual(["A.2 awaits approval", "B.2 awaits approval"]);
  run.tell(deferred("A", "A.2"));
  expect(run.lines()).toEqual([]);
  run.tell(denied("B", "B.2"));
  expect(run.lines()).toEqual(["B.3 fix round 2 attempt 1"]);
  run.succeed("B.3");
  expect(run.lines()).toEqual(["B.3 awaits approval"]); // that is another question
  run.tell(deferred("B", "B.3"));
  expect(run.lines()).toEqual(["run waiting"]);
  expect(() => run.tell(deferred("A", "A.1"))).toThrow("stage A does not wait for a judgement of A.1");
  run.claim({ attended: true });
  expect(run.lines()).toEqual([]); // both are asked anew
  run.tell(granted("A", "A.2"), granted("B", "B.3"));
  expect(run.lines()).toEqual(["A completed", "B completed", "run succeeded"]);
});

test("with a person at the terminal a failure beside a waiting result ends the run only after the answer", () => {
  const run = new HandRun(definitionOf(PAIR, [{ name: "g", stages: ["A", "B"] }]));
  attend(run, "A.1", "B.1").succeed("A.2").fail("B.2");
  expect(run.lines()).toEqual(["A.2 awaits approval", "B failed AGENT_FAILED"]);
  run.tell(granted("A", "A.2"));
  expect(run.lines()).toEqual(["A completed", "run failed"]);
});

test("with a person at the terminal a limit ends the run only after the answer", () => {
  const limits = { ...NO_LIMITS, durationMs: 50 };
  const run = new HandRun(definitionOf([PAIR[0], { id: "C", workAgent: "c", needs: ["A"] }], [], { limits }));
  attend(run.look(20), "A.1").look(60).succeed("A.2");
  expect(run.lines()).toEqual(["60 of 50 (duration)", "A.2 awaits approval"]);
  run.tell(granted("A", "A.2"));
  expect(run.lines()).toEqual(["A completed", "run limited (duration)"]);
});
