import { expect, test } from "vitest";
import { createWorld } from "../../test/engine-world.js";
import { definitionOf } from "../../test/hand-run.js";

const CHAIN = definitionOf([
  { id: "A", workAgent: "a" },
  { id: "B", workAgent: "b", needs: ["A"] },
]);

test("a claim until a stage ends behind it, and the next one goes on", async () => {
  const world = await createWorld(CHAIN);
  const first = world.execute({ changes: { until: "A" } });
  await world.executor.settle("A.1");
  expect((await first).outcome).toBe("interrupted");
  const second = world.execute();
  await world.executor.settle("B.1");
  expect((await second).outcome).toBe("succeeded");
});

test("a claim until a stage that does not exist is refused and writes nothing", async () => {
  const world = await createWorld(CHAIN);
  await expect(world.execute({ changes: { until: "AA" } })).rejects.toMatchObject({ code: "STAGE_UNKNOWN" });
  expect(await world.lines()).toEqual(["run.created"]);
});
