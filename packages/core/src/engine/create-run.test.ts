import { expect, test } from "vitest";
import { createWorld } from "../../test/engine-world.js";
import { definitionOf } from "../../test/hand-run.js";
import { createRun, isId, newRunId } from "../index.js";
import { loadRun } from "./load-run.js";

const ONE = definitionOf([{ id: "A", workAgent: "w" }]);
const engine = {
  clock: { now: () => Date.UTC(2026, 10, 22), monotonic: () => 0, wait: async () => {} },
  randomHex: (bytes: number) => "abcdef".slice(0, bytes * 2),
};

test.each([
  ["login-form", "login-form-2026-11-22-abcdef"],
  ["Fix: the ~/.config bug!", "Fix-the-.config-bug-2026-11-22-abcdef"],
  ["../../etc", "etc-2026-11-22-abcdef"],
  ["日本語", "run-2026-11-22-abcdef"],
  ["", "run-2026-11-22-abcdef"],
  ["x".repeat(200), `${"x".repeat(46)}-2026-11-22-abcdef`],
])("the run of %j is %s", (feature, id) => {
  expect(newRunId(engine, feature)).toBe(id);
  expect(isId(id)).toBe(true);
});

test("a created run has one entry, is reported, and nothing of it is started", async () => {
  const world = await createWorld(ONE);
  expect(await world.lines()).toEqual(["run.created"]);
  expect(world.reported).toMatchObject([{ type: "entry", entry: { seq: 1 }, state: { status: "running", epoch: 0 } }]);
  expect((await world.entries())[0]?.summary).toEqual({
    runId: "run-1",
    workflow: "by-hand",
    objective: "Do it",
    status: "running",
    createdAt: 1_000_000,
    updatedAt: 1_000_000,
  });
});

test("a run is created once, and only from a workflow that can be run", async () => {
  const world = await createWorld(ONE);
  await expect(createRun(world.engine, "run-1", ONE)).rejects.toMatchObject({ code: "RUN_EXISTS" });
  const broken = definitionOf([{ id: "A" }]);
  await expect(createRun(world.engine, "run-2", broken)).rejects.toMatchObject({ code: "WORKFLOW_INVALID" });
  await expect(loadRun(world.store, "run-2")).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
});

test("a journal without an entry is damaged", async () => {
  const world = await createWorld(ONE);
  const empty = { ...world.store, async *read() {} };
  await expect(loadRun(empty, "run-1")).rejects.toMatchObject({
    code: "JOURNAL_CORRUPT",
    message: "the journal of run run-1 is empty",
  });
});
