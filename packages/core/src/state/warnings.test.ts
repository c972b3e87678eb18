import { expect, test } from "vitest";
import { definitionOf, HandRun, NO_LIMITS } from "../../test/hand-run.js";
import { nextLook } from "./end-of-run.js";

const CHAIN = ["A", "B", "C", "D"].map((id, index, all) => ({
  id,
  workAgent: "w",
  needs: index === 0 ? [] : all.slice(index - 1, index),
}));
const costing = (costUsd: number | null) => ({ usage: { inputTokens: 10, outputTokens: 0, costUsd } });

test("at 80 % of a limit a run warns once, with figures, and goes on", () => {
  const run = new HandRun(definitionOf(CHAIN, [], { limits: { ...NO_LIMITS, costUsd: 1 } }));
  run.succeed("A.1", costing(0.79)).succeed("B.1", costing(0.01)).succeed("C.1", costing(0.1));
  expect(run.lines()).toEqual([
    "A.1 work round 1 attempt 1",
    "A completed",
    "B.1 work round 1 attempt 1",
    "B completed",
    "C.1 work round 1 attempt 1",
    "0.8 of 1 (cost)",
    "C completed",
    "D.1 work round 1 attempt 1",
  ]);
});

test("after a crash and a resume it does not warn again; of another value of the limit it does", () => {
  const definition = definitionOf(CHAIN, [], { limits: { ...NO_LIMITS, tokens: 20 } });
  const run = new HandRun(definition);
  run.succeed("A.1", { usage: { inputTokens: 12, outputTokens: 5, costUsd: null } });
  expect(run.lines().at(-1)).toBe("17 of 20 (tokens)");
  run.crash();
  expect(run.lines()).toEqual(["B.2 work round 1 attempt 2"]);
  const raised = { ...definition, limits: { ...NO_LIMITS, tokens: 21 } };
  run.claim({ definition: raised }).interrupt("B.2", "stopped");
  expect(run.lines()).toEqual(["B.3 work round 1 attempt 3", "at least 17 of 21 (tokens)"]);
  run.crash();
  expect(run.lines()).toEqual(["B.4 work round 1 attempt 4"]);
});

test("it warns of time while a turn is in flight, and of none that has passed without one", () => {
  const retry = { attempts: 2, delayMs: 60_000, backoff: 1, maxDelayMs: 60_000 };
  const stages = [{ id: "A", workAgent: "w", retry }];
  const run = new HandRun(definitionOf(stages, [], { limits: { ...NO_LIMITS, durationMs: 999 } }));
  expect(nextLook(run.state, run.now)).toBe(run.now + 800);
  run.look(799).fail("A.1", { notBefore: null }).look(59_999).look(1);
  expect(run.lines()).toEqual(["A.1 work round 1 attempt 1", "A.2 work round 1 attempt 2"]);
  expect(nextLook(run.state, run.now)).toBe(run.now + 1);
  run.look(1);
  expect(run.lines()).toEqual(["800 of 999 (duration)"]);
  expect(nextLook(run.state, run.now)).toBe(run.now + 199);
});

test("a run that ends says so, and warns of nothing", () => {
  const limits = { ...NO_LIMITS, costUsd: 1 };
  const done = new HandRun(definitionOf([{ id: "A", workAgent: "w" }], [], { limits }));
  done.succeed("A.1", costing(0.9));
  expect(done.lines().slice(1)).toEqual(["A completed", "run succeeded"]);
  const reached = new HandRun(definitionOf(CHAIN, [], { limits }));
  reached.succeed("A.1", costing(2));
  expect(reached.lines().slice(1)).toEqual(["A completed", "run limited (cost)"]);
  const stopped = new HandRun(definitionOf([...CHAIN, { id: "E", workAgent: "e" }], [], { limits }));
  stopped.tell({ type: "run.stop-requested", by: "SIGINT" }).succeed("A.1", costing(0.9)).interrupt("E.1", "stopped");
  expect(stopped.lines().slice(2)).toEqual(["A completed", "run interrupted"]);
});

test("a failure weighs more than a limit, which is named beside it", () => {
  const stages = [
    { id: "A", workAgent: "a", group: "g" },
    { id: "B", workAgent: "b", group: "g" },
    { id: "C", workAgent: "c", group: "g" },
  ];
  const group = { name: "g", stages: ["A", "B", "C"], maxConcurrent: 2 };
  const limits = { ...NO_LIMITS, costUsd: 1 };
  const run = new HandRun(definitionOf(stages, [group], { limits }));
  run.fail("A.1").succeed("B.1", costing(3));
  expect(run.lines().slice(2)).toEqual([
    "A failed AGENT_FAILED",
    "C.1 work round 1 attempt 1",
    "B completed",
    "at least 3 of 1 (cost)",
  ]);
  run.interrupt("C.1", "crashed");
  expect(run.lines()).toEqual(["run failed (cost)"]);
  const before = new HandRun(definitionOf(stages, [{ ...group, maxConcurrent: 1 }], { limits }));
  before.fail("A.1").succeed("B.1", costing(3));
  expect(before.lines().slice(-2)).toEqual(["B completed", "run failed (cost)"]);
  expect(before.state).toMatchObject({ status: "failed", limit: "cost" });
});

test("a failure weighs more than a wait that is too long, which is named beside it", () => {
  const stages = [
    { id: "A", workAgent: "a" },
    { id: "B", workAgent: "b" },
  ];
  const run = new HandRun(definitionOf(stages, [], { limits: { ...NO_LIMITS, waitMs: 1_000 } }));
  run.fail("A.1", { notBefore: run.now + 5_000 }).fail("B.1");
  expect(run.lines().slice(2)).toEqual(["B failed AGENT_FAILED", "run failed (wait)"]);
});

test("cents that add up to a hair less than the limit have reached it", () => {
  const run = new HandRun(definitionOf(CHAIN, [], { limits: { ...NO_LIMITS, costUsd: 0.8 } }));
  run.succeed("A.1", costing(0.7)).succeed("B.1", costing(0.1));
  expect(run.state.usage.costUsd).toBeLessThan(0.8);
  expect(run.lines().at(-1)).toBe("run limited (cost)");
});
