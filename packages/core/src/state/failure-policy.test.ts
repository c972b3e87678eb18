import { expect, test } from "vitest";
import { definitionOf, HandRun } from "../../test/hand-run.js";
import { nextLook } from "./end-of-run.js";
import { abortsAt } from "./halt.js";

const CHECK = { argv: ["x"] };
const NOW = { attempts: 2, delayMs: 0, backoff: 1, maxDelayMs: 0 };

function groupOf(onFailure: "continue" | "fail_fast", maxConcurrent: number | null = null) {
  const stages = [
    { id: "A", workAgent: "a" },
    { id: "B", workAgent: "b", checks: [CHECK] },
    { id: "C", workAgent: "c", retry: { ...NOW, delayMs: 60_000, maxDelayMs: 60_000 } },
    { id: "D", workAgent: "d", approval: true },
    { id: "GATE", kind: "terminal", needs: ["A", "B", "C", "D"] },
  ] as const;
  return definitionOf(stages, [{ name: "g", stages: ["A", "B", "C", "D"], onFailure, maxConcurrent }]);
}

test("with `continue` the other members do all they would have done, then the run fails", () => {
  const run = new HandRun(groupOf("continue", 1));
  run.fail("A.1").succeed("B.1").check("B.2", true).succeed("C.1").succeed("D.1");
  expect(run.lines()).toEqual([
    "A.1 work round 1 attempt 1",
    "A failed AGENT_FAILED",
    "B.1 work round 1 attempt 1",
    "B.2 check round 1 attempt 1",
    "B completed",
    "C.1 work round 1 attempt 1",
    "C completed",
    "D.1 work round 1 attempt 1",
    "D.1 awaits approval",
    "run failed",
  ]);
  expect(run.state.counts).toMatchObject({ failed: 1, completed: 2, waiting: 1, pending: 1 });
});

test("with `fail_fast` members between turns, in retry delay, waiting or not started are cancelled at once", () => {
  const stages = [
    { id: "A", workAgent: "a" },
    { id: "C", workAgent: "c", retry: { ...NOW, delayMs: 60_000, maxDelayMs: 60_000 } },
    { id: "D", workAgent: "d", approval: true },
    { id: "E", workAgent: "e" },
  ] as const;
  const group = { name: "g", stages: ["A", "C", "D", "E"], onFailure: "fail_fast", maxConcurrent: 3 } as const;
  const run = new HandRun(definitionOf(stages, [group]), 3);
  run.tell(settled("C.1"), ...[]).succeed("D.1");
  run.lines();
  run.fail("E.1").fail("A.1");
  expect(run.lines()).toEqual([
    "E failed AGENT_FAILED",
    "C cancelled by E",
    "D cancelled by E",
    "A failed AGENT_FAILED",
    "run failed",
  ]);
  expect(run.stage("C").cancelledBy).toEqual({ by: "stage", stage: "E" });
});

function settled(turn: string) {
  const error = { code: "AGENT_FAILED", message: "broke", hint: null } as const;
  const retry = { notBefore: null };
  const result = { status: "failed", error, retry, output: null, log: null, usage: null, session: null } as const;
  return { type: "turn.settled", turn, result } as const;
}

test("with `fail_fast` turns in flight are aborted, and what succeeds all the same has succeeded", () => {
  const run = new HandRun(groupOf("fail_fast"));
  run.lines();
  run.fail("A.1");
  expect(abortsAt(run.state, run.now)).toEqual([
    { turn: "B.1", reason: "fail-fast" },
    { turn: "C.1", reason: "fail-fast" },
    { turn: "D.1", reason: "fail-fast" },
  ]);
  run.succeed("C.1").succeed("B.1").interrupt("D.1", "fail-fast");
  expect(run.lines()).toEqual([
    "A failed AGENT_FAILED",
    "C completed",
    "B cancelled by A",
    "D cancelled by A",
    "run failed",
  ]);
});

test("outside the group of a failure nothing new starts, and what has started goes on to its end", () => {
  const stages = [
    { id: "A", workAgent: "a" },
    { id: "B", workAgent: "b", checks: [CHECK] },
    { id: "AFTER", workAgent: "b", needs: ["B"] },
    { id: "END", kind: "terminal", needs: ["B"] },
  ] as const;
  const run = new HandRun(definitionOf(stages));
  run.fail("A.1").succeed("B.1").check("B.2", true);
  expect(run.lines().slice(2)).toEqual([
    "A failed AGENT_FAILED",
    "B.2 check round 1 attempt 1",
    "B completed",
    "run failed",
  ]);
  expect(run.stage("AFTER").status).toBe("pending");
  expect(run.stage("END").status).toBe("pending");
});

test("when two groups have failures, neither starts anything new", () => {
  const stages = ["A", "B", "C", "D"].map((id) => ({ id, workAgent: id }));
  const run = new HandRun(
    definitionOf(stages, [
      { name: "g", stages: ["A", "B"], maxConcurrent: 1 },
      { name: "h", stages: ["C", "D"], maxConcurrent: 1 },
    ]),
  );
  run.tell(settledFinally("A.1"), settledFinally("C.1"));
  expect(run.lines().slice(2)).toEqual(["A failed AGENT_FAILED", "C failed AGENT_FAILED", "run failed"]);
});

function settledFinally(turn: string) {
  const fact = settled(turn);
  return { ...fact, result: { ...fact.result, retry: "never" } } as const;
}

test("limits hold together: the executor's capacity, the run's, each group's", () => {
  const stages = ["A", "B", "C", "D", "E"].map((id) => ({ id, workAgent: id }));
  const definition = definitionOf(stages, [{ name: "g", stages: ["A", "B", "C"], maxConcurrent: 1 }]);
  const wide = new HandRun(definition, 3);
  expect(wide.lines()).toEqual([
    "A.1 work round 1 attempt 1",
    "D.1 work round 1 attempt 1",
    "E.1 work round 1 attempt 1",
  ]);
  const narrow = new HandRun({ ...definition, limits: { ...definition.limits, concurrency: 2 } }, 3);
  expect(narrow.lines()).toEqual(["A.1 work round 1 attempt 1", "D.1 work round 1 attempt 1"]);
});

test("a turn that waits for its retry holds no slot, and goes first when its time has come", () => {
  const stages = ["A", "B", "C"].map((id) => ({ id, workAgent: id, retry: { ...NOW, delayMs: 10, maxDelayMs: 10 } }));
  const run = new HandRun(definitionOf(stages), 1);
  run.tell(settled("A.1"));
  expect(run.lines()).toEqual(["A.1 work round 1 attempt 1", "B.1 work round 1 attempt 1"]);
  run.look(10).succeed("B.1").succeed("A.2");
  expect(run.lines()).toEqual([
    "B completed",
    "A.2 work round 1 attempt 2",
    "A completed",
    "C.1 work round 1 attempt 1",
  ]);
});

test("a stage between two turns goes before one that has not started", () => {
  const stages = [
    { id: "A", workAgent: "a", checks: [CHECK] },
    { id: "B", workAgent: "b" },
  ];
  const run = new HandRun(definitionOf(stages), 1);
  run.succeed("A.1");
  expect(run.lines()).toEqual(["A.1 work round 1 attempt 1", "A.2 check round 1 attempt 1"]);
});

test("a failure in one group leaves the turns of another alone", () => {
  const stages = ["A", "B", "C"].map((id) => ({ id, workAgent: id, checks: [CHECK] }));
  const run = new HandRun(
    definitionOf(stages, [
      { name: "g", stages: ["A"], onFailure: "fail_fast" },
      { name: "h", stages: ["B"], onFailure: "fail_fast" },
    ]),
  );
  run.fail("A.1");
  expect(abortsAt(run.state, run.now)).toEqual([]);
});

test("stages between turns and retries that are due wait for a slot, and need no look of their own", () => {
  const stages = ["A", "B", "C", "D"].map((id) => ({
    id,
    workAgent: id,
    checks: [CHECK],
    retry: { ...NOW, delayMs: 10, maxDelayMs: 10 },
  }));
  const run = new HandRun(definitionOf(stages));
  run.claim({ capacity: 1 }); // four turns in flight, from the holder before
  for (const turn of ["A.1", "B.1"]) run.succeed(turn);
  for (const turn of ["C.1", "D.1"]) run.tell(settled(turn));
  run.lines();
  expect(nextLook(run.state, run.now)).toBe(run.now + 10);
  run.look(20);
  expect([run.lines(), nextLook(run.state, run.now)]).toEqual([[], null]);
  run.check("A.2", true);
  expect(run.lines()).toEqual(["A completed", "C.2 work round 1 attempt 2"]);
});
