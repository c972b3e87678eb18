import { expect, test } from "vitest";
import { definitionOf, HandRun } from "../../test/hand-run.js";
import type { StageDraft } from "../model/define.js";
import { delaysOf, duePart, stepOfParts } from "./parts.js";

const BUILD: StageDraft = { id: "BUILD", parallelAgents: ["ann", "bob"] };
const ALONE: StageDraft = { id: "ALONE", workAgent: "zoe" };
const LATER = { notBefore: 90_000 };

/** Bob has failed and waits to try again; Ann still works. */
function waiting(stage: StageDraft = BUILD): HandRun {
  return new HandRun(definitionOf([stage])).fail("BUILD.2", LATER);
}

test("agents that have all done their part want nothing more", () => {
  const run = new HandRun(definitionOf([BUILD])).succeed("BUILD.1").succeed("BUILD.2");
  expect(stepOfParts(run.state, run.stage("BUILD"))).toBe(null);
});

test("an agent that waits to try again is due when its time has come, not before, and only where a turn is free", () => {
  const run = waiting();
  const record = run.stage("BUILD");
  expect(duePart(run.state, record, 89_999)).toBe(null);
  expect(duePart(run.state, record, 90_000)).toEqual({ do: "turn", kind: "work", round: 1, agent: "bob" });
  const one = new HandRun(definitionOf([{ ...BUILD, agentsAtOnce: 1 }])).fail("BUILD.1", LATER);
  expect(duePart(one.state, one.stage("BUILD"), 90_000)).toBe(null); // bob is at work
});

test("an agent whose retries are used up is not due, whatever time its failure has named", () => {
  const run = waiting({ ...BUILD, retry: { attempts: 2, delayMs: 1, backoff: 1, maxDelayMs: 1 } });
  const record = run.stage("BUILD");
  const bob = record.parts.get("bob");
  if (bob === undefined) throw new Error("bob has a part");
  bob.failures = 2;
  if (bob.last?.result.status === "failed") bob.last = { ...bob.last, result: { ...bob.last.result, retry: "never" } };
  expect(duePart(run.state, record, 90_000)).toBe(null);
});

test("what waits for a time is the agents that do, or the stage itself", () => {
  const shared = waiting();
  expect(delaysOf(shared.stage("BUILD"))).toMatchObject([{ agent: "bob", retryAt: 90_000 }]);
  const alone = new HandRun(definitionOf([ALONE]));
  expect(delaysOf(alone.stage("ALONE"))).toEqual([]);
  alone.fail("ALONE.1", LATER);
  expect(delaysOf(alone.stage("ALONE"))).toMatchObject([{ retryAt: 90_000 }]);
});
