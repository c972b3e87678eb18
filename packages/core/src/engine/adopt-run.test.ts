import { expect, test } from "vitest";
import { createWorld } from "../../test/engine-world.js";
import { definitionOf } from "../../test/hand-run.js";
import { type AdoptedStage, adoptRun, executeRun, loadRun, planResume, sha256 } from "../index.js";

const FLOW = definitionOf([
  { id: "A", workAgent: "a", artifacts: ["a.md"] },
  { id: "R", kind: "review", workAgent: "a", reviewAgent: "r", reviews: "A", needs: ["A"] },
  { id: "O", workAgent: "o", optional: true, needs: ["R"] },
  { id: "T", kind: "acceptance", workAgent: "t", checks: [{ shell: "true" }], needs: ["O"] },
  { id: "END", kind: "terminal", needs: ["T"] },
]);
const ref = (text: string) => ({ sha256: sha256(text), bytes: text.length, text });
const owner = { pid: 7, startTime: null, bootId: null, pidNamespace: null, host: "there", command: "import" };
const error = { code: "CHECKS_FAILED", message: "2 of 7", hint: null } as const;
const approved = { decision: "approved", reasons: ["good"], source: "text" } as const;

const A: AdoptedStage = {
  stage: "A",
  status: "completed",
  output: ref("made"),
  artifacts: [{ name: "a.md", sha256: sha256("file"), bytes: 4 }],
  verdict: null,
};
const R: AdoptedStage = { stage: "R", status: "completed", output: ref("fine"), artifacts: [], verdict: approved };
const O: AdoptedStage = { stage: "O", status: "skipped" };

async function adopt(stages: readonly AdoptedStage[]) {
  const world = await createWorld(FLOW);
  const workspace = { kind: "folder", path: "/tree" } as const;
  await adoptRun(world.engine, { runId: "taken", definition: { ...FLOW, skip: ["O"] }, stages, owner, workspace });
  return world;
}

test("what another program has finished is kept, and a resume goes on with the rest", async () => {
  const world = await adopt([A, R, O]);
  const { state, seq } = await loadRun(world.store, "taken");
  expect([state.status, seq, state.usage.unknownTokens]).toEqual(["interrupted", 1, 2]);
  expect(planResume(state).stages.map(({ stage, action, reason }) => `${stage} ${action}: ${reason}`)).toEqual([
    "A keep: finished",
    "R keep: finished",
    "O keep: skipped",
    "T run: not started",
    "END run: not started",
  ]);
  const run = executeRun(world.engine, { runId: "taken", workspace: { kind: "folder", path: "/tree" }, command: "x" });
  const { task } = await world.executor.turn("T.1");
  expect(task.inputs).toEqual([
    { stage: "A", name: "a.md", sha256: sha256("file"), bytes: 4, turn: "A.1", text: null },
    { ...ref("fine"), stage: "R", name: null, turn: "R.1" },
  ]);
  await world.executor.settle("T.1");
  const check = { command: "true", passed: true, exitCode: 0, durationMs: 1 };
  const { session, log, usage } = { session: null, log: null, usage: null };
  await world.executor.settle("T.2", {
    status: "succeeded",
    output: ref("ok"),
    artifacts: [],
    session,
    log,
    usage,
    checks: [check],
  });
  expect((await run).outcome).toBe("succeeded");
});

test("a stage that failed elsewhere has failed, and its next attempt is told what was found", async () => {
  const feedback = { command: "their tests", text: ref("AT-003 failed") };
  const world = await adopt([A, R, O, { stage: "T", status: "failed", error, feedback }]);
  const { state } = await loadRun(world.store, "taken");
  expect([state.status, state.stages.get("T")?.error]).toEqual(["failed", error]);
  const run = executeRun(world.engine, { runId: "taken", workspace: { kind: "folder", path: "/tree" }, command: "x" });
  const { task } = await world.executor.turn("T.2");
  expect([task.kind, task.attempt, task.feedback]).toEqual([
    "work",
    1,
    [{ source: "check", round: 1, text: ref("AT-003 failed") }],
  ]);
  await world.executor.settle("T.2", { ...failedTurn });
  expect((await run).outcome).toBe("failed");
});

const failedTurn = {
  status: "failed",
  error,
  retry: "never",
  output: null,
  log: null,
  usage: null,
  session: null,
} as const;

test("a run of which nothing is left to do has succeeded", async () => {
  const T: AdoptedStage = { stage: "T", status: "completed", output: ref("9 of 9"), artifacts: [], verdict: null };
  const END: AdoptedStage = { stage: "END", status: "completed", output: null, artifacts: [], verdict: null };
  const world = await adopt([A, R, O, T, END]);
  expect((await loadRun(world.store, "taken")).state.status).toBe("succeeded");
});

test("a failure of which nothing more is known is one without feedback", async () => {
  const world = await adopt([A, R, O, { stage: "T", status: "failed", error, feedback: null }]);
  const { state } = await loadRun(world.store, "taken");
  expect([state.stages.get("T")?.status, state.stages.get("T")?.turns]).toEqual(["failed", 0]);
});

test("writes nothing of results that do not fit the workflow", async () => {
  const twice = adopt([A, A]);
  await expect(twice).rejects.toMatchObject({ code: "EVENT_INVALID" });
});
