import { expect, test } from "vitest";
import { definitionOf, HandRun, NO_LIMITS } from "../../test/hand-run.js";
import { decide } from "./decide.js";
import { nextLook } from "./end-of-run.js";
import { abortsAt, activeMsAt, haltAt } from "./halt.js";

const CHAIN = [
  { id: "A", workAgent: "w" },
  { id: "B", workAgent: "w", needs: ["A"] },
];
const usageOf = (inputTokens: number | null, outputTokens: number | null, costUsd: number | null) => ({
  usage: { inputTokens, outputTokens, costUsd },
});

test("at the limit of duration turns in flight are interrupted, and a higher limit lets them go on", () => {
  const definition = definitionOf(CHAIN, [], { limits: { ...NO_LIMITS, durationMs: 10_000 } });
  const run = new HandRun(definition);
  expect(nextLook(run.state, run.now)).toBe(run.now + 8_000);
  expect(abortsAt(run.state, run.now + 9_999)).toEqual([]);
  run.look(8_000);
  expect(nextLook(run.state, run.now)).toBe(run.now + 2_000);
  run.look(2_000);
  expect(abortsAt(run.state, run.now)).toEqual([{ turn: "A.1", reason: "limit" }]);
  expect(nextLook(run.state, run.now)).toBeNull();
  run.interrupt("A.1", "limit");
  expect(run.lines()).toEqual(["A.1 work round 1 attempt 1", "8000 of 10000 (duration)", "run limited (duration)"]);
  run.claim();
  expect(run.lines()).toEqual(["run limited (duration)"]);
  run.claim({ definition: { ...definition, limits: NO_LIMITS } });
  expect(run.lines()).toEqual(["A.2 work round 1 attempt 2"]);
});

test("for cost and tokens turns in flight may finish, and no new one starts", () => {
  for (const [limit, limits] of [
    ["cost", { ...NO_LIMITS, costUsd: 1 }],
    ["tokens", { ...NO_LIMITS, tokens: 30 }],
  ] as const) {
    const stages = [...CHAIN, { id: "C", workAgent: "c" }];
    const run = new HandRun(definitionOf(stages, [], { limits }));
    run.succeed("A.1", usageOf(20, 10, 1));
    expect(haltAt(run.state, run.now)).toEqual({ by: "limit", limit });
    expect(abortsAt(run.state, run.now)).toEqual([]);
    run.succeed("C.1");
    const warning = limit === "cost" ? "1 of 1 (cost)" : "30 of 30 (tokens)";
    expect(run.lines().slice(2)).toEqual(["A completed", warning, "C completed", `run limited (${limit})`]);
  }
});

test("at its limit a run that only waits for a person is waiting; with anything else to do it is limited", () => {
  const limits = { ...NO_LIMITS, costUsd: 1 };
  const asked = { id: "A", workAgent: "w", approval: true };
  const chain = new HandRun(definitionOf([asked, { id: "B", workAgent: "w", needs: ["A"] }], [], { limits }));
  chain.succeed("A.1", usageOf(1, 1, 1));
  expect(chain.lines().slice(1)).toEqual(["A.1 awaits approval", "run waiting"]);
  chain.claim();
  expect(chain.lines()).toEqual(["run waiting"]);
  chain.tell({ type: "approval.granted", stage: "A", turn: "A.1", by: "kim", message: null }).claim();
  expect(chain.lines()).toEqual(["A completed", "run limited (cost)"]);

  const beside = new HandRun(definitionOf([asked, { id: "C", workAgent: "c" }], [], { limits }), 1);
  beside.succeed("A.1", usageOf(1, 1, 1));
  expect(beside.lines().slice(1)).toEqual(["A.1 awaits approval", "run limited (cost)"]);

  const delayed = new HandRun(definitionOf([asked, { id: "C", workAgent: "c" }], [], { limits }));
  delayed.succeed("A.1", usageOf(1, 1, 1)).fail("C.1", { notBefore: null });
  expect(delayed.lines().slice(2)).toEqual(["A.1 awaits approval", "1 of 1 (cost)", "run limited (cost)"]);
});

test("a run of which only stages without a turn are left is not limited", () => {
  const stages = [
    { id: "A", workAgent: "w" },
    { id: "B", workAgent: "w", needs: ["A"], optional: true },
    { id: "END", kind: "terminal", needs: ["B"] },
  ] as const;
  const run = new HandRun(definitionOf(stages, [], { limits: { ...NO_LIMITS, costUsd: 1 }, skip: ["B"] }));
  run.succeed("A.1", usageOf(1, 1, 2));
  expect(run.lines().slice(1)).toEqual(["A completed", "B skipped", "END completed", "run succeeded"]);
});

test("every agent turn counts, interrupted ones and all claims too; what is not told is counted as unknown", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", checks: [{ argv: ["x"] }] }]));
  run
    .succeed("A.1", usageOf(20, null, 0.5))
    .check("A.2", false)
    .crash()
    .succeed("A.4", usageOf(5, 6, null));
  expect(run.state.usage).toEqual({ inputTokens: 25, outputTokens: 6, costUsd: 0.5, unknownTokens: 2, unknownCost: 2 });
});

test("a stop lets nothing new start and leaves the run interrupted; a resume goes on in the round", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", checks: [{ argv: ["x"] }] }]));
  run.succeed("A.1").tell({ type: "run.stop-requested", by: "SIGINT" });
  expect(abortsAt(run.state, run.now)).toEqual([{ turn: "A.2", reason: "stopped" }]);
  run.interrupt("A.2", "stopped");
  expect(run.lines().slice(2)).toEqual(["run interrupted"]);
  run.claim();
  expect(run.lines()).toEqual(["A.3 check round 1 attempt 2"]);
  expect(run.task("A.3")).toMatchObject({ before: "interrupted", beforeTurn: "A.2" });
});

test("a cancellation ends turns in flight and names the request; a stop or a limit yields to it", () => {
  const stages = [{ id: "A", workAgent: "w" }, { id: "D", workAgent: "d", approval: true }, ...CHAIN.slice(1)];
  const run = new HandRun(definitionOf(stages, [], { limits: { ...NO_LIMITS, costUsd: 0 } }));
  expect(haltAt(run.state, run.now)).toEqual({ by: "limit", limit: "cost" });
  const other = new HandRun(definitionOf(stages));
  other.succeed("D.1").tell({ type: "run.stop-requested", by: "SIGINT" });
  other.tell({ type: "run.cancel-requested", by: "a person", message: null });
  expect(haltAt(other.state, other.now)).toEqual({ by: "cancel" });
  expect(abortsAt(other.state, other.now)).toEqual([{ turn: "A.1", reason: "cancelled" }]);
  other.interrupt("A.1", "cancelled");
  expect(other.lines().slice(2)).toEqual([
    "D.1 awaits approval",
    "D cancelled by request",
    "A cancelled by request",
    "run cancelled",
  ]);
  other.claim();
  expect(other.lines()).toEqual(["A.2 work round 1 attempt 1", "D.2 work round 1 attempt 1"]);
});

test("a run whose last turn succeeds while it is being cancelled or stopped has succeeded", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w" }]));
  run.tell({ type: "run.cancel-requested", by: "a person", message: null }).succeed("A.1");
  expect(run.lines().slice(1)).toEqual(["A completed", "run succeeded"]);
});

test("active time is that of turns in flight: not of waits, approvals or a dead holder", () => {
  const retry = { attempts: 2, delayMs: 500, backoff: 1, maxDelayMs: 500 };
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", approval: true, retry }]));
  run.look(100).fail("A.1", { notBefore: null });
  expect(run.state.activeMs).toBe(100);
  run.look(500);
  expect(run.state.activeMs).toBe(100);
  run.now += 40;
  expect(activeMsAt(run.state, run.now)).toBe(140);
  const seenAt = run.now;
  run.now += 1_000_000; // dead, last seen 40 ms after its last entry
  run.claim({ previousSeenAt: seenAt });
  expect(run.state.activeMs).toBe(140);
  run.now += 3_000; // its turn is being ended
  expect([activeMsAt(run.state, run.now), nextLook(run.state, run.now)]).toEqual([140, null]);
  run.interrupt("A.2", "crashed").look(60).succeed("A.3").look(9_000);
  expect(run.state.activeMs).toBe(200);
  expect(run.state.counts.waiting).toBe(1);
});

test("a run that has ended has nothing to look at", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w" }], [], { limits: { ...NO_LIMITS, costUsd: 0 } }));
  expect(run.lines()).toEqual(["run limited (cost)"]);
  expect([nextLook(run.state, run.now), decide(run.state, run.now)]).toEqual([null, []]);
});

test("what others append says nothing of the holder's time", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w" }]));
  run.now += 50;
  run.tell({ type: "run.cancel-requested", by: "a person", message: null });
  expect(run.state.activeMs).toBe(0);
  run.now += 50;
  run.interrupt("A.1", "cancelled");
  expect(run.state.activeMs).toBe(100);
});

test("a run that nothing moves on is reported, not left hanging", () => {
  const start = () => new HandRun(definitionOf([{ id: "A", workAgent: "w" }]), 0); // an executor that can run nothing
  expect(start).toThrow("nothing of run run-1 can go on, and nothing has failed");
});
