import { expect, test } from "vitest";
import { createWorld } from "../../test/engine-world.js";
import { definitionOf } from "../../test/hand-run.js";

const ONE = definitionOf([{ id: "A", workAgent: "w" }]);

test("who is not admitted before the claim leaves the run as it was", async () => {
  const world = await createWorld(ONE);
  const phases: string[] = [];
  const admit = async (phase: string) => {
    phases.push(phase);
    throw new Error("another one is at work");
  };
  await expect(world.execute({ admit })).rejects.toThrow("another one is at work");
  expect(phases).toEqual(["held"]);
  expect(await world.lines()).toEqual(["run.created"]);
  expect(await world.store.holder("run-1")).toBeNull();
});

test("who is not admitted after the claim ends it without a turn, and can be resumed", async () => {
  const world = await createWorld(ONE);
  const admit = async (phase: string) => {
    if (phase === "claimed") throw new Error("another one is at work");
  };
  await expect(world.execute({ admit })).rejects.toThrow("another one is at work");
  expect(world.executor.launched).toEqual([]);
  expect(await world.lines()).toEqual(["run.created", "run.claimed", "run.stop-requested, run interrupted"]);
  expect(await world.store.holder("run-1")).toBeNull();
  const again = world.execute();
  await world.executor.settle("A.1");
  expect((await again).outcome).toBe("succeeded");
});

test("several agents of one stage have their turns in flight at the same time, each with a task of its own", async () => {
  const world = await createWorld(definitionOf([{ id: "A", parallelAgents: ["ann", "bob"], agentsAtOnce: 2 }]));
  const run = world.execute();
  const tasks = [(await world.executor.turn("A.1")).task, (await world.executor.turn("A.2")).task];
  expect(tasks.map(({ agent, others }) => [agent, others])).toEqual([
    ["ann", []],
    ["bob", []],
  ]);
  await world.executor.settle("A.2");
  await world.executor.settle("A.1");
  expect((await run).outcome).toBe("succeeded");
  expect((await world.lines()).slice(2)).toEqual([
    "A.1 started, A.2 started",
    "A.2 settled",
    "A.1 settled, A completed, run succeeded",
  ]);
});
