import { expect, test } from "vitest";
import { definitionOf, HandRun, NO_LIMITS } from "../../test/hand-run.js";
import { nextLook } from "./end-of-run.js";

const RETRY = { attempts: 4, delayMs: 1_000, backoff: 3, maxDelayMs: 5_000 };
const AGAIN = { notBefore: null };

function looksIn(run: HandRun): number | null {
  const until = nextLook(run.state, run.now);
  return until === null ? null : until - run.now;
}

test("each attempt waits longer, up to the longest delay, until the attempts are used up", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", retry: RETRY }]));
  const waits: (number | null)[] = [];
  for (const turn of ["A.1", "A.2", "A.3"]) {
    run.fail(turn, AGAIN);
    waits.push(looksIn(run));
    run.look((waits.at(-1) ?? 0) - 1).look(1);
  }
  run.fail("A.4", AGAIN);
  expect(waits).toEqual([1_000, 3_000, 5_000]);
  expect(run.lines()).toEqual([
    "A.1 work round 1 attempt 1",
    "A.2 work round 1 attempt 2",
    "A.3 work round 1 attempt 3",
    "A.4 work round 1 attempt 4",
    "A failed AGENT_FAILED",
    "run failed",
  ]);
});

test("nothing starts before the delay is over", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", retry: RETRY }]));
  run.fail("A.1", AGAIN).look(999);
  expect(run.lines()).toEqual(["A.1 work round 1 attempt 1"]);
  expect(run.stage("A").retryAt).toBe(run.now + 1);
  run.look(1);
  expect(run.lines()).toEqual(["A.2 work round 1 attempt 2"]);
  expect(run.stage("A").retryAt).toBeNull();
});

test("a final failure is not tried again", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", retry: RETRY }]));
  run.fail("A.1", "never");
  expect(run.lines().slice(1)).toEqual(["A failed AGENT_FAILED", "run failed"]);
});

test("attempts count per turn, not per stage", () => {
  const run = new HandRun(
    definitionOf([{ id: "A", workAgent: "w", checks: [{ argv: ["x"] }], retry: { ...RETRY, attempts: 2 } }]),
  );
  run.fail("A.1", AGAIN).look(1_000).succeed("A.2").fail("A.3", AGAIN).look(1_000).check("A.4", true);
  expect(run.lines().slice(-3)).toEqual(["A.4 check round 1 attempt 2", "A completed", "run succeeded"]);
});

test("a failure that names a time waits for it and uses no attempt", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", retry: { ...RETRY, attempts: 1 } }]));
  run.fail("A.1", { notBefore: run.now + 7_200_000 });
  expect(looksIn(run)).toBe(7_200_000);
  run
    .look(7_200_000)
    .fail("A.2", { notBefore: run.now + 60_000 })
    .look(60_000)
    .succeed("A.3");
  expect(run.lines()).toEqual([
    "A.1 work round 1 attempt 1",
    "A.2 work round 1 attempt 2",
    "A.3 work round 1 attempt 3",
    "A completed",
    "run succeeded",
  ]);
});

test("a named time that has passed is no time to wait for: it uses an attempt", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", retry: { ...RETRY, attempts: 2 } }]));
  run.fail("A.1", { notBefore: run.now });
  expect(looksIn(run)).toBe(1_000);
  run.look(1_000).fail("A.2", { notBefore: run.now - 5 });
  expect(run.lines().slice(2)).toEqual(["A failed AGENT_FAILED", "run failed"]);
});

test("a time that is nearly there is waited for, but nobody is asked more often than every five seconds", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", retry: RETRY }]));
  run.fail("A.1", { notBefore: run.now + 200 });
  expect(looksIn(run)).toBe(5_000);
  run.look(5_000).fail("A.2", { notBefore: run.now + 60_000 });
  expect(looksIn(run)).toBe(60_000);
});

const LIMITED = { notBefore: null, limited: true };

test("a limit that names no time uses no attempt: it is tried again after delays that grow", () => {
  const slow = { ...RETRY, attempts: 2, delayMs: 40_000, maxDelayMs: 300_000 };
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", retry: slow }]));
  const waits: (number | null)[] = [];
  for (const turn of ["A.1", "A.2", "A.3", "A.4"]) {
    run.fail(turn, LIMITED);
    waits.push(looksIn(run));
    run.look(waits.at(-1) ?? 0);
  }
  expect(waits).toEqual([40_000, 120_000, 300_000, 300_000]);
  expect(run.stage("A")).toMatchObject({ failures: 0, limits: 4 });
  run.fail("A.5", AGAIN);
  expect(looksIn(run)).toBe(40_000);
  run.look(40_000).fail("A.6", LIMITED);
  expect(looksIn(run)).toBe(40_000);
  run.look(40_000).fail("A.7", AGAIN);
  expect(run.lines().slice(-2)).toEqual(["A failed AGENT_FAILED", "run failed"]);
});

test("a policy without delays does not ask at once while a limit lasts, however often it has asked", () => {
  const retry = { attempts: 1, delayMs: 0, backoff: 1e9, maxDelayMs: 0 };
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", retry }]));
  for (let turn = 1; turn <= 100; turn += 1) {
    run.fail(`A.${turn}`, LIMITED);
    expect(looksIn(run)).toBe(30_000);
    run.look(30_000);
  }
});

test("a limit whose time has passed is one without a time", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", retry: { ...RETRY, attempts: 1 } }]));
  run.fail("A.1", { notBefore: run.now - 5, limited: true });
  expect(looksIn(run)).toBe(30_000);
  run.look(30_000).fail("A.2", { notBefore: run.now + 60_000, limited: true });
  expect(looksIn(run)).toBe(60_000);
  expect(run.stage("A")).toMatchObject({ failures: 0, limits: 0 });
});

test("a limit without a time is waited for as long as the run may wait, then the run is limited and can go on", () => {
  const limits = { ...NO_LIMITS, waitMs: 100_000 };
  const retry = { attempts: 1, delayMs: 40_000, backoff: 2, maxDelayMs: 600_000 };
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", retry }], [], { limits }));
  run.fail("A.1", LIMITED).look(40_000).fail("A.2", LIMITED);
  expect(run.lines()).toEqual(["A.1 work round 1 attempt 1", "A.2 work round 1 attempt 2", "run limited (wait)"]);
  run.now += 80_000;
  run.claim();
  expect(run.lines()).toEqual(["A.3 work round 1 attempt 3"]);
  run.succeed("A.3");
  expect(run.lines()).toEqual(["A completed", "run succeeded"]);
});

test("a wait beyond the limit ends the run as limited; when the time has come, a resume goes on", () => {
  const limits = { ...NO_LIMITS, waitMs: 10_000 };
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w" }], [], { limits }));
  run.fail("A.1", { notBefore: run.now + 30_000 });
  expect(run.lines().slice(1)).toEqual(["run limited (wait)"]);
  run.now += 5_000;
  run.claim();
  expect(run.lines()).toEqual(["run limited (wait)"]);
  run.now += 25_000;
  run.claim();
  expect(run.lines()).toEqual(["A.2 work round 1 attempt 2"]);
  run.fail("A.2", { notBefore: run.now + 9_000 }); // the wait is measured anew under a new holder
  expect(looksIn(run)).toBe(9_000);
});

test("waits for named times add up within a claim", () => {
  const limits = { ...NO_LIMITS, waitMs: 10_000 };
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w" }], [], { limits }));
  run.fail("A.1", { notBefore: run.now + 6_000 }).look(6_000);
  run.fail("A.2", { notBefore: run.now + 6_000 });
  expect(run.lines().slice(2)).toEqual(["run limited (wait)"]);
});

test("a stage that waits too long lets the others end first, and goes on if its time has come by then", () => {
  const limits = { ...NO_LIMITS, waitMs: 1_000 };
  const stages = [
    { id: "A", workAgent: "w" },
    { id: "B", workAgent: "v" },
  ];
  const run = new HandRun(definitionOf(stages, [], { limits }));
  run.fail("A.1", { notBefore: run.now + 5_000 });
  expect(run.lines()).toEqual(["A.1 work round 1 attempt 1", "B.1 work round 1 attempt 1"]);
  run.look(5_000);
  expect(run.lines()).toEqual(["A.2 work round 1 attempt 2"]);
});

test("an attempt that fails without a time ends the count of the wait", () => {
  const limits = { ...NO_LIMITS, waitMs: 10_000 };
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", retry: RETRY }], [], { limits }));
  run.fail("A.1", { notBefore: run.now + 9_500 }).look(9_500);
  run.fail("A.2", AGAIN);
  expect(looksIn(run)).toBe(1_000);
});

test("a turn whose runner died goes on in its round, and fails after three crashes in a row", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", checks: [{ argv: ["x"] }] }]));
  run.succeed("A.1").check("A.2", false);
  run.lines();
  run.crash().crash();
  expect(run.lines()).toEqual(["A.4 fix round 2 attempt 2", "A.5 fix round 2 attempt 3"]);
  expect(run.task("A.5")).toMatchObject({ before: "crashed", beforeTurn: "A.4" });
  run.crash();
  expect(run.lines()).toEqual(["A failed TURN_CRASHED", "run failed"]);
  expect(run.stage("A").error).toEqual({
    code: "TURN_CRASHED",
    message: "the runner died 3 times in a row while A.5 was in flight",
    hint: "Look for the cause, then: troupe resume run-1",
    details: {},
  });
  run.claim();
  expect(run.lines()).toEqual(["A.6 work round 1 attempt 1"]);
});

test("only crashes in a row count, and they use no attempt", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", retry: { ...RETRY, attempts: 2 } }]));
  run.crash().crash().fail("A.3", AGAIN).look(1_000).crash().crash().succeed("A.6");
  expect(run.lines().slice(-3)).toEqual(["A.6 work round 1 attempt 6", "A completed", "run succeeded"]);
});

test("after a reset, attempts and crashes count from zero", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", retry: { ...RETRY, attempts: 1 } }]));
  run.fail("A.1", AGAIN).claim();
  expect(run.stage("A")).toMatchObject({ failures: 0, crashes: 0, round: 1, turns: 2 });
  expect(run.lines().slice(1)).toEqual(["A failed AGENT_FAILED", "run failed", "A.2 work round 1 attempt 1"]);
});
