import { expect, test } from "vitest";
import { definitionOf, HandRun } from "../../test/hand-run.js";
import { stageWait } from "./stage-wait.js";

const RETRY = { attempts: 2, delayMs: 500, backoff: 1, maxDelayMs: 500 };

test("a stage that waits tells until when, why, and whether its failure named the time", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w", retry: RETRY }]));
  expect(stageWait(run.stage("A"))).toBeNull();
  run.fail("A.1", { notBefore: null });
  const error = { code: "AGENT_FAILED", message: "A.1 broke", hint: null };
  expect(stageWait(run.stage("A"))).toEqual({ until: run.now + 500, isNamed: false, error });
  run.look(500).fail("A.2", { notBefore: run.now + 9_000 });
  expect(stageWait(run.stage("A"))).toEqual({
    until: run.now + 9_000,
    isNamed: true,
    error: { ...error, message: "A.2 broke" },
  });
  run.look(9_000);
  expect(stageWait(run.stage("A"))).toBeNull();
  run.fail("A.3", "never");
  expect(stageWait(run.stage("A"))).toBeNull();
});

test("of several agents that wait, the one whose time comes first is told", () => {
  const run = new HandRun(definitionOf([{ id: "A", parallelAgents: ["a", "b"], workAgent: "a", retry: RETRY }]));
  run.fail("A.1", { notBefore: run.now + 9_000 }).fail("A.2", { notBefore: run.now + 6_000 });
  expect(stageWait(run.stage("A"))).toMatchObject({ until: run.now + 6_000, error: { message: "A.2 broke" } });
});
