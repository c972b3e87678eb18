import { expect, test } from "vitest";
import { defined, EDIT_CASES, edit, FIRST } from "../../test/edit-cases.js";
import { engineOn, entriesOf, InstantExecutor, journalOf, killedAfter, OPTIONS } from "../../test/instant-run.js";
import { expectPlanIsDone } from "../../test/planned-resume.js";
import { executeRun, loadRun, planResume } from "../index.js";

const UNEDITED = await journalOf(defined(FIRST));
const WITH_FAILURE = await journalOf(defined(FIRST), ["B.1"]);

test.each(EDIT_CASES)(
  "killed anywhere and resumed after an edit of $name, just what was planned runs",
  async ({ draft }) => {
    await expectPlanIsDone(UNEDITED, UNEDITED.length - 1, defined(draft));
    await expectPlanIsDone(WITH_FAILURE, WITH_FAILURE.length, defined(draft));
  },
);

test("a plan that is not true any more is refused, and nothing is written", async () => {
  const before = await loadRun(await killedAfter(WITH_FAILURE, 3), "run-1");
  const plan = planResume(before.state);
  const store = await killedAfter(WITH_FAILURE, 4);
  const late = executeRun(engineOn(store, new InstantExecutor()), { ...OPTIONS, changes: { plan } });
  await expect(late).rejects.toMatchObject({
    code: "JOURNAL_CONFLICT",
    hint: "See what would be done now: troupe resume run-1 --plan",
  });
  expect((await loadRun(store, "run-1")).seq).toBe(4);
});

test("a finished stage that was edited stops the resume until somebody decides; nothing is written", async () => {
  const store = await killedAfter(WITH_FAILURE, WITH_FAILURE.length);
  const executor = new InstantExecutor();
  const changes = { definition: defined(edit("A", { description: "new" })) };
  await expect(executeRun(engineOn(store, executor), { ...OPTIONS, changes })).rejects.toMatchObject({
    code: "STAGE_CHANGED",
    message: "run run-1 does not go on by itself: A changed after being finished",
    details: { changed: ["A"], behind: [], vanished: [] },
  });
  expect([executor.tasks, (await loadRun(store, "run-1")).seq]).toEqual([[], WITH_FAILURE.length]);
  expect(await store.holder("run-1")).toBeNull();
});

test("adopting the same definition again writes no new one, however often", async () => {
  const store = await killedAfter(WITH_FAILURE, WITH_FAILURE.length);
  const changes = { definition: defined(FIRST) };
  for (const turn of ["B.2", "B.3", "B.4"]) {
    await executeRun(engineOn(store, new InstantExecutor([turn])), { ...OPTIONS, changes });
  }
  const executor = new InstantExecutor();
  await executeRun(engineOn(store, executor), { ...OPTIONS, changes });
  expect(executor.tasks.map(({ turn }) => turn)).toEqual(["B.5", "B.6", "GATE.1"]);
  const types = (await entriesOf(store)).flatMap(({ events }) => events.map(({ type }) => type));
  expect(types).not.toContain("run.reconfigured");
});

test("two attempts of a stage leave two versions; what consumes it gets the newer, and the latest attempt decides", async () => {
  const store = await killedAfter(WITH_FAILURE, WITH_FAILURE.length);
  const definition = defined(edit("PLAN", { description: "again" }));
  const choices = { changed: "rerun" } as const;
  const first = new InstantExecutor(["A.2"]);
  const { outcome, state } = await executeRun(engineOn(store, first), { ...OPTIONS, changes: { definition, choices } });
  expect([outcome, state.stages.get("A")?.status]).toEqual(["failed", "failed"]);
  const inputs = first.tasks.find(({ turn }) => turn === "A.2")?.inputs;
  expect(inputs?.map(({ name, turn, sha256 }) => [name, turn, sha256])).toEqual([
    ["plan.md", "PLAN.2", "plan.md of PLAN.2"],
  ]);
  const artifacts = (await entriesOf(store)).flatMap(({ events }) =>
    events.flatMap((event) =>
      event.type === "turn.settled" && event.result.status === "succeeded" ? event.result.artifacts : [],
    ),
  );
  expect(artifacts.map(({ sha256 }) => sha256)).toEqual(["plan.md of PLAN.1", "plan.md of PLAN.2"]);
});

test("a failure is never kept as a result: fail, edit, resume, and it runs again with the new text", async () => {
  const store = await killedAfter(WITH_FAILURE, WITH_FAILURE.length);
  const executor = new InstantExecutor();
  const changes = { definition: defined(edit("B", { description: "mended" })) };
  await executeRun(engineOn(store, executor), { ...OPTIONS, changes });
  expect(executor.tasks.map(({ turn, stage }) => [turn, stage.description])).toEqual([
    ["B.2", "mended"],
    ["B.3", "mended"],
    ["GATE.1", ""],
  ]);
});
