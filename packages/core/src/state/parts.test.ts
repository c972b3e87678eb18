import { expect, test } from "vitest";
import { definitionOf, HandRun, NO_LIMITS } from "../../test/hand-run.js";
import type { StageDraft } from "../model/define.js";
import { workflowProblems } from "../model/graph.js";
import { formatOf } from "../model/run.js";
import { shapeChanges } from "../model/stage-shape.js";
import { nextLook } from "./end-of-run.js";
import { abortsAt } from "./halt.js";
import { reduce } from "./reduce.js";

const THREE: StageDraft = { id: "BUILD", parallelAgents: ["ann", "bob", "cid"] };
const AFTER: StageDraft = { id: "AFTER", workAgent: "zoe", needs: ["BUILD"] };

/** Agents of the stage with a turn in flight. */
function atWork(run: HandRun, stage = "BUILD"): readonly (string | null)[] {
  return run.stage(stage).inFlight.map(({ agent }) => agent);
}

test("every agent has a turn of its own at the same time, and the stage completes when all have succeeded", () => {
  const run = new HandRun(definitionOf([THREE, AFTER]));
  expect(run.lines()).toEqual([
    "BUILD.1 work round 1 attempt 1",
    "BUILD.2 work round 1 attempt 1",
    "BUILD.3 work round 1 attempt 1",
  ]);
  expect(atWork(run)).toEqual(["ann", "bob", "cid"]);
  expect(run.succeed("BUILD.2").succeed("BUILD.1").lines()).toEqual([]);
  expect(run.task("BUILD.3").others).toMatchObject([
    { turn: "BUILD.1", agent: "ann" },
    { turn: "BUILD.2", agent: "bob" },
  ]);
  expect(run.succeed("BUILD.3").lines()).toEqual(["BUILD completed", "AFTER.1 work round 1 attempt 1"]);
});

test("what comes after consumes the answer of each agent, in declared order, and then that of what mended it", () => {
  const checked: StageDraft = { ...THREE, workAgent: "ann", checks: [{ argv: ["test"] }] };
  const run = new HandRun(definitionOf([checked, AFTER]));
  run.succeed("BUILD.3").succeed("BUILD.1").succeed("BUILD.2").check("BUILD.4", false);
  expect(run.stage("BUILD").inFlight).toMatchObject([{ turn: "BUILD.5", kind: "fix", agent: "ann" }]);
  run.succeed("BUILD.5").check("BUILD.6", true);
  const named = run.task("AFTER.1").inputs.map(({ turn, agent }) => [turn, agent]);
  expect(named).toEqual([
    ["BUILD.1", "ann"],
    ["BUILD.2", "bob"],
    ["BUILD.3", "cid"],
    ["BUILD.5", undefined],
  ]);
});

test("a reviewer sees what each agent answered", () => {
  const review: StageDraft = { id: "REVIEW", kind: "review", workAgent: "w", reviewAgent: "r", reviews: "BUILD" };
  const run = new HandRun(definitionOf([THREE, { ...review, needs: ["BUILD"] }]));
  for (const turn of ["BUILD.1", "BUILD.2", "BUILD.3"]) run.succeed(turn);
  const turns = () => run.task(run.stage("REVIEW").inFlight[0]?.turn ?? "").underReview?.turns;
  expect(turns()).toMatchObject([{ agent: "ann" }, { agent: "bob" }, { agent: "cid" }]);
  run.judge("REVIEW.1", "rejected").succeed("REVIEW.2");
  expect(turns()?.map(({ turn }) => turn)).toEqual(["BUILD.1", "BUILD.2", "BUILD.3", "REVIEW.2"]);
});

test("the limits of the executor, the run, the group and the stage hold, on the way through retries and resumes too", () => {
  const limits = { ...NO_LIMITS, concurrency: 2 };
  const group = [{ name: "g", stages: ["BUILD"], maxConcurrent: 1 }];
  const atOnce = (run: HandRun) => {
    const counts = [atWork(run).length];
    run.crash();
    counts.push(atWork(run).length);
    run.fail(run.stage("BUILD").inFlight[0]?.turn ?? "", { notBefore: null }).look(60_000);
    return [...counts, atWork(run).length];
  };
  expect(atOnce(new HandRun(definitionOf([THREE]), 2)).slice(0, 1)).toEqual([2]);
  expect(atOnce(new HandRun(definitionOf([THREE], [], { limits })))).toEqual([2, 2, 2]);
  expect(atOnce(new HandRun(definitionOf([THREE], group)))).toEqual([1, 1, 1]);
  expect(atOnce(new HandRun(definitionOf([{ ...THREE, agentsAtOnce: 1 }])))).toEqual([1, 1, 1]);
});

test("retries are counted for each agent, and one that waits to try again holds nobody up", () => {
  const run = new HandRun(definitionOf([{ ...THREE, agentsAtOnce: 1 }]));
  run.lines();
  expect(run.fail("BUILD.1", { notBefore: null }).lines()).toEqual(["BUILD.2 work round 1 attempt 1"]);
  expect(nextLook(run.state, run.now)).toBe(null); // the second has the slot
  expect(run.look(60_000).lines()).toEqual([]);
  expect(run.succeed("BUILD.2").lines()).toEqual(["BUILD.3 work round 1 attempt 1"]);
  expect(run.fail("BUILD.3", { notBefore: null }).lines()).toEqual(["BUILD.4 work round 1 attempt 2"]);
  expect(run.stage("BUILD").inFlight).toMatchObject([{ agent: "ann" }]);
  expect(run.task("BUILD.4")).toMatchObject({ before: "failed", beforeTurn: "BUILD.1" });
  run.succeed("BUILD.4");
  expect(nextLook(run.state, run.now)).toBe(run.now + 30_000);
  expect(run.look(30_000).lines()).toEqual(["BUILD.5 work round 1 attempt 2"]);
  expect(run.fail("BUILD.5", { notBefore: null }).lines()).toEqual(["BUILD failed AGENT_FAILED", "run failed"]);
  expect(run.stage("BUILD").error?.message).toBe("cid: BUILD.5 broke");
});

test("after a failure the other agents do all they would have done, and every failure is listed", () => {
  const run = new HandRun(definitionOf([{ ...THREE, agentsAtOnce: 1 }, AFTER]));
  run.fail("BUILD.1").succeed("BUILD.2");
  expect(atWork(run)).toEqual(["cid"]);
  run.fail("BUILD.3");
  expect(run.stage("BUILD")).toMatchObject({
    status: "failed",
    error: {
      code: "AGENTS_FAILED",
      message: "2 of 3 agents of BUILD failed: ann: BUILD.1 broke [AGENT_FAILED]; cid: BUILD.3 broke [AGENT_FAILED]",
      hint: "See what they did: troupe logs run-1 BUILD",
    },
  });
  expect(run.state.status).toBe("failed");
  run.lines();
  // as with any failed stage: it starts anew, with all of them
  expect(run.claim().lines()).toContain("BUILD.4 work round 1 attempt 1");
  expect(atWork(run)).toEqual(["ann"]);
});

test("after a crash only the agents that were not done take their turn again", () => {
  const run = new HandRun(definitionOf([THREE]));
  run.succeed("BUILD.1", { session: "s-1" }).lines();
  expect(run.crash().lines()).toEqual(["BUILD.4 work round 1 attempt 2", "BUILD.5 work round 1 attempt 2"]);
  expect(atWork(run)).toEqual(["bob", "cid"]);
  expect(run.task("BUILD.4")).toMatchObject({ before: "crashed", beforeTurn: "BUILD.2", session: null });
  run.succeed("BUILD.5").crash();
  expect(atWork(run)).toEqual(["bob"]);
  run.crash();
  expect(run.stage("BUILD").error).toMatchObject({ code: "TURN_CRASHED" });
});

test("a cancellation, a stop and a failing group end every agent, and nobody who had not begun begins", () => {
  const sibling: StageDraft = { id: "SIDE", workAgent: "s" };
  const groups = [{ name: "g", stages: ["SIDE", "BUILD"], onFailure: "fail_fast" as const }];
  const run = new HandRun(definitionOf([sibling, { ...THREE, agentsAtOnce: 2 }], groups));
  run.succeed("BUILD.1").fail("SIDE.1");
  expect(abortsAt(run.state, run.now)).toEqual([
    { turn: "BUILD.2", reason: "fail-fast" },
    { turn: "BUILD.3", reason: "fail-fast" },
  ]);
  run.interrupt("BUILD.2", "fail-fast").lines();
  expect(run.interrupt("BUILD.3", "fail-fast").lines()).toEqual(["BUILD cancelled by SIDE", "run failed"]);

  const stopped = new HandRun(definitionOf([{ ...THREE, agentsAtOnce: 2 }]));
  stopped.tell({ type: "run.stop-requested", by: "SIGINT" });
  expect(abortsAt(stopped.state, stopped.now)).toHaveLength(2);
  stopped.succeed("BUILD.1").interrupt("BUILD.2", "stopped");
  expect(stopped.state.status).toBe("interrupted");
  expect(stopped.claim().stage("BUILD").inFlight).toMatchObject([{ agent: "bob" }, { agent: "cid" }]);
});

test("the run waits for the last time that is worth waiting for", () => {
  const run = new HandRun(definitionOf([THREE], [], { limits: { ...NO_LIMITS, waitMs: 10_000 } }));
  run.succeed("BUILD.1").fail("BUILD.2", { notBefore: run.now + 50_000 });
  run.fail("BUILD.3", { notBefore: run.now + 60_000 });
  expect(run.state).toMatchObject({ status: "limited", limit: "wait" });
  run.claim();
  expect(run.state.status).toBe("limited");
});

test("a file that an agent found as another had left it stays the version of the other", () => {
  const run = new HandRun(definitionOf([{ ...THREE, artifacts: ["a.md", "b.md"] }]));
  const file = (name: string, sha256: string) => ({ name, sha256, bytes: 1 });
  run.succeed("BUILD.1", { artifacts: [file("a.md", "one")] });
  run.succeed("BUILD.3", { artifacts: [file("a.md", "one"), file("b.md", "three")] });
  expect(run.stage("BUILD").artifacts.get("a.md")?.turn).toBe("BUILD.1");
  expect(run.stage("BUILD").status).toBe("running"); // what is missing is asked once, after all
  run.succeed("BUILD.2", { artifacts: [file("a.md", "two")] });
  expect(run.stage("BUILD").artifacts.get("a.md")).toMatchObject({ turn: "BUILD.2", sha256: "two" });
  expect(run.stage("BUILD").status).toBe("completed");
});

test("a second turn of an agent, one after its success, and one of the stage as a whole do not fit", () => {
  const run = new HandRun(definitionOf([{ ...THREE, workAgent: "ann" }]));
  const start =
    (agent: string, kind: "work" | "fix" = "work") =>
    () =>
      reduce(
        run.state,
        {
          type: "turn.started",
          turn: "BUILD.4",
          stage: "BUILD",
          kind,
          round: 1,
          attempt: 1,
          agent,
          fingerprint: "",
          inputs: [],
          session: null,
        },
        run.now,
      );
  expect(start("ann")).toThrow("a turn of ann in BUILD is in flight");
  run.succeed("BUILD.1");
  expect(start("ann")).toThrow("ann has done its part");
  expect(start("ann", "fix")).toThrow("a turn of BUILD is in flight");
  expect(start("dan")).toThrow("a turn of BUILD is in flight");
});

test("who the agents are and in which order shapes the result, whether they work at once does not", () => {
  const definition = definitionOf([{ ...THREE, agentsAtOnce: 1 }]);
  const changesTo = (stage: StageDraft) => {
    const after = definitionOf([stage]);
    return after.workflow.stages.flatMap((one) => shapeChanges(one, definition, after).map(({ key }) => key));
  };
  expect(changesTo(THREE)).toEqual([]);
  expect(changesTo({ ...THREE, parallelAgents: ["bob", "ann", "cid"] })).toEqual(["parallel_agents"]);
  expect(changesTo({ id: "BUILD", workAgent: "ann" })).toEqual(["work_agent", "parallel_agents"]);
  expect(formatOf(definition.workflow)).toBe(3);
});

test("an agent whose plugin was not recorded is not another one", () => {
  const before = definitionOf([THREE]);
  const agent = { id: "ann", plugin: "replay", model: null, persona: null };
  const after = definitionOf([THREE], [], { agents: [agent] });
  expect(after.workflow.stages.flatMap((stage) => shapeChanges(stage, before, after))).toEqual([]);
  expect(before.workflow.stages.flatMap((stage) => shapeChanges(stage, after, before))).toHaveLength(1);
});

test("a stage in progress whose agents are others starts anew once nothing of it is in flight", () => {
  const run = new HandRun(definitionOf([THREE]));
  run.succeed("BUILD.1");
  run.claim({ definition: definitionOf([{ id: "BUILD", workAgent: "ann" }]) });
  run.interrupt("BUILD.2", "crashed").lines();
  expect(run.interrupt("BUILD.3", "crashed").lines()).toEqual(["BUILD.4 work round 1 attempt 1"]);
  expect(run.succeed("BUILD.4").lines()).toEqual(["BUILD completed", "run succeeded"]);
});

test("lists of agents that cannot be performed are refused", () => {
  const problems = (stage: Partial<StageDraft>) =>
    workflowProblems(definitionOf([{ id: "A", ...stage }]).workflow).map((problem) =>
      problem.replace('stage "A" ', ""),
    );
  expect(problems({ parallelAgents: ["a"] })).toEqual([]);
  expect(problems({ parallelAgents: [] })).toEqual(["has an empty list of agents"]);
  expect(problems({ parallelAgents: ["a", "a"] })).toEqual(["has an agent twice"]);
  expect(problems({ parallelAgents: ["a"], agentsAtOnce: 0 })).toEqual(["lets none of its agents work"]);
  expect(problems({ parallelAgents: ["a"], approval: true })).toEqual(["is a work stage without a work agent"]);
  expect(problems({ kind: "command", run: { argv: ["x"] }, parallelAgents: ["a"] })).toEqual([
    "has agents for work that it does not do",
  ]);
});
