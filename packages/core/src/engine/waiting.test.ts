import { expect, test } from "vitest";
import { createWorld, failure, idle, type World } from "../../test/engine-world.js";
import { definitionOf, NO_LIMITS } from "../../test/hand-run.js";
import { type ExecuteOptions, type RunResult, requestCancel } from "../index.js";

const HOUR = 3_600_000;
const LIMITS = { ...NO_LIMITS, waitMs: 6 * HOUR };
const DEFINITION = definitionOf([{ id: "A", workAgent: "w" }], [], { limits: LIMITS });

interface Waiting extends World {
  readonly run: Promise<RunResult>;
}

/** A run whose agent has said that its limit resets in two hours, or later. */
async function createWaiting(options: Partial<ExecuteOptions> = {}, ms: number = 2 * HOUR): Promise<Waiting> {
  const world = await createWorld(DEFINITION);
  const run = world.execute(options);
  await world.executor.settle("A.1", failure({ notBefore: world.clock.now() + ms }));
  return { ...world, run };
}

test("a run waits until the time that a failure names, and goes on at once when it has come", async () => {
  const { clock, executor, run } = await createWaiting();
  clock.advance(2 * HOUR - 1);
  await idle();
  expect(executor.launched).toEqual(["A.1"]);
  clock.advance(1);
  await executor.settle("A.2");
  const { outcome, state } = await run;
  expect({ outcome, activeMs: state.activeMs }).toEqual({ outcome: "succeeded", activeMs: 0 });
});

test("a person who stops a run that waits is not kept waiting, and a resume goes on waiting", async () => {
  const stop = new AbortController();
  const { clock, executor, run, execute } = await createWaiting({ stop: stop.signal });
  stop.abort("SIGINT");
  expect((await run).outcome).toBe("interrupted");
  const resumed = execute();
  await idle();
  clock.advance(2 * HOUR - 1);
  await idle();
  expect(executor.launched).toEqual(["A.1"]);
  clock.advance(1);
  await executor.settle("A.2");
  expect((await resumed).outcome).toBe("succeeded");
});

test("a resume after the time goes on at once", async () => {
  const stop = new AbortController();
  const { clock, executor, run, execute } = await createWaiting({ stop: stop.signal });
  stop.abort("SIGINT");
  await run;
  clock.advance(3 * HOUR);
  const resumed = execute();
  await executor.settle("A.2");
  expect((await resumed).outcome).toBe("succeeded");
});

test("a cancellation ends a run that waits", async () => {
  const { engine, run } = await createWaiting();
  await requestCancel(engine, "run-1", "ann", null);
  const { outcome, state } = await run;
  expect({ outcome, stage: state.stages.get("A")?.status }).toEqual({ outcome: "cancelled", stage: "cancelled" });
});

test("a time beyond the limit of the wait ends the run at once, and with a longer limit it waits", async () => {
  const { clock, executor, run, execute } = await createWaiting({}, 7 * HOUR);
  expect(await run).toMatchObject({ outcome: "limited", limit: "wait" });
  const definition = { ...DEFINITION, limits: { ...LIMITS, waitMs: 8 * HOUR } };
  const resumed = execute({ changes: { definition } });
  await idle();
  clock.advance(7 * HOUR);
  await executor.settle("A.2");
  expect((await resumed).outcome).toBe("succeeded");
});

test("waits that add up to more than the limit end the run", async () => {
  const { clock, executor, run } = await createWaiting({}, 4 * HOUR);
  clock.advance(4 * HOUR);
  await executor.settle("A.2", failure({ notBefore: clock.now() + 3 * HOUR }));
  expect(await run).toMatchObject({ outcome: "limited", limit: "wait" });
});
