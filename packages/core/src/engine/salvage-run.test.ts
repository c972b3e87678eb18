import { expect, test } from "vitest";
import { createWorld, success } from "../../test/engine-world.js";
import { definitionOf } from "../../test/hand-run.js";
import { loadRun, planSalvage, type RunSurvey, salvageRun, surveyRun } from "../index.js";

const CHAIN = definitionOf([
  { id: "A", workAgent: "a" },
  { id: "B", workAgent: "b", needs: ["A"] },
  { id: "END", kind: "terminal", needs: ["B"] },
]);
const NEW = { newRunId: "run-1-r1", randomHex: () => "salvage" };

/** A finished run whose A left a text that is no longer there, unless said otherwise. */
async function finishedRun(keepsText = false) {
  const world = await createWorld(CHAIN);
  const { sha256, bytes } = await world.store.blobs.put("run-1", Buffer.from("a long text"));
  const output = { sha256: keepsText ? sha256 : "0".repeat(64), bytes, text: null };
  const run = world.execute();
  await world.executor.settle("A.1", { ...success("A"), output });
  await world.executor.settle("B.1");
  await run;
  return world;
}

const statuses = ({ stages }: { readonly stages: ReadonlyMap<string, { readonly status: string }> }) =>
  [...stages].map(([id, { status }]) => `${id} ${status}`);

test("a stage whose result is lost starts anew with all that was built upon it, in a journal that needs nothing lost", async () => {
  const { store } = await finishedRun();
  const survey = await surveyRun(store, "run-1");
  expect([survey.damage, survey.lostContents]).toEqual([
    null,
    [{ what: "the output of A.1", sha256: "0".repeat(64), code: "BLOB_MISSING" }],
  ]);
  const plan = planSalvage(survey, NEW);
  expect(plan.resets.map(({ stage, cause }) => `${stage} ${cause}`)).toEqual([
    "A forced",
    "B upstream",
    "END upstream",
  ]);
  await salvageRun({ store }, plan, "test");
  const { state } = await loadRun(store, "run-1-r1");
  expect([state.runId, state.status, ...statuses(state)]).toEqual([
    "run-1-r1",
    "running",
    "A pending",
    "B pending",
    "END pending",
  ]);
  expect((await surveyRun(store, "run-1-r1")).lostContents).toEqual([]);
  expect(await store.holder("run-1-r1")).toBeNull();
});

test("what is there is copied, and the new run ends as the old one did", async () => {
  const { store } = await finishedRun(true);
  const survey: RunSurvey = await surveyRun(store, "run-1");
  await salvageRun({ store }, planSalvage(survey, NEW), "test");
  await store.remove("run-1");
  const again = await surveyRun(store, "run-1-r1");
  expect([again.lostContents, again.entries.length]).toEqual([[], survey.entries.length]);
  expect((await loadRun(store, "run-1-r1")).state.status).toBe("succeeded");
});

test("entries that tell what cannot have happened are given up from the first on", async () => {
  const { store } = await finishedRun(true);
  const entries = (await surveyRun(store, "run-1")).entries;
  const last = entries.at(-1);
  if (last === undefined) throw new Error("no entry");
  await store.append("run-1", entries.length, { ...last, id: "again" });
  const survey = await surveyRun(store, "run-1");
  expect(survey.damage).toMatchObject({ code: "EVENT_INVALID", offset: null, entries: 1 });
  expect(survey.entries).toEqual(entries);
});

test("a repair that fails half-way leaves no run behind", async () => {
  const { store } = await finishedRun();
  const plan = planSalvage(await surveyRun(store, "run-1"), NEW);
  const append = async (): Promise<never> => {
    throw new Error("the disk is gone");
  };
  await expect(salvageRun({ store: { ...store, append } }, plan, "test")).rejects.toThrow("the disk is gone");
  await expect(loadRun(store, "run-1-r1")).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
});
