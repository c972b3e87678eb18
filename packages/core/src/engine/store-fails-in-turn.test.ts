import { expect, test } from "vitest";
import { createWorld, idle, success } from "../../test/engine-world.js";
import { definitionOf } from "../../test/hand-run.js";
import { TroupeError, type TurnResult } from "../index.js";

const TWO = definitionOf([
  { id: "A", workAgent: "w" },
  { id: "B", workAgent: "v" },
  { id: "C", workAgent: "w", needs: ["A", "B"] },
]);

function failed(retry: Extract<TurnResult, { readonly status: "failed" }>["retry"]): TurnResult {
  const error = {
    code: "STORE_FAILED",
    message: "cannot sync it: EIO",
    hint: "df",
    details: { reason: "EIO" },
  } as const;
  return { status: "failed", error, retry, output: null, log: null, usage: null, session: null };
}

test("a store that fails under a turn ends the run, not the turn: the others are ended and nothing is written", async () => {
  const world = await createWorld(TWO);
  const run = world.execute().catch((error: unknown) => error);
  const before = (await world.executor.turn("B.1")) && (await world.lines());
  const ended: string[] = [];
  const { context } = await world.executor.turn("A.1");
  context.signal.addEventListener("abort", () => ended.push("A.1"));
  await world.executor.settle("B.1", failed("never"));
  const error = await run;
  expect(error).toMatchObject({
    code: "STORE_FAILED",
    message: "cannot sync it: EIO",
    hint: "df",
    details: { reason: "EIO" },
  });
  expect(ended).toEqual(["A.1"]);
  expect(await world.lines()).toEqual(before);
  expect(await world.store.holder("run-1")).toBe(null);
});

test.each(["BLOB_CORRUPT", "BLOB_MISSING", "JOURNAL_CORRUPT"] as const)(
  "damage that a turn meets (%s) ends the run as well",
  async (code) => {
    const world = await createWorld(TWO);
    const run = world.execute().catch((error: unknown) => error);
    const error = { code, message: "damaged", hint: "troupe repair run-1", details: {} } as const;
    const nothing = { output: null, log: null, usage: null, session: null } as const;
    await world.executor.settle("B.1", { status: "failed", error, retry: "never", ...nothing });
    expect(await run).toMatchObject({ code, hint: "troupe repair run-1" });
  },
);

test("the next claim settles what was in flight as crashed, and each turn runs once more, told so", async () => {
  const world = await createWorld(TWO);
  const run = world.execute().catch((error: unknown) => error);
  await world.executor.settle("A.1");
  await world.executor.settle("B.1", failed("never"));
  expect(await run).toMatchObject({ code: "STORE_FAILED" });
  const again = world.execute();
  const { task } = await world.executor.turn("B.2");
  expect([task.before, task.round, task.attempt]).toEqual(["crashed", 1, 2]);
  await world.executor.settle("B.2");
  await world.executor.settle("C.1");
  expect((await again).outcome).toBe("succeeded");
  expect(world.executor.launched).toEqual(["A.1", "B.1", "B.2", "C.1"]);
});

test("what was durable before the failure stays, what settles after it does not count", async () => {
  const world = await createWorld(TWO);
  world.executor.isStubborn = true;
  const run = world.execute().catch((error: unknown) => error);
  await world.executor.settle("B.1", failed("never"));
  await world.executor.settle("A.1", success("too late"));
  expect(await run).toMatchObject({ code: "STORE_FAILED" });
  expect((await world.lines()).join(" ")).not.toContain("settled");
});

test("an executor that rejects with it says the same", async () => {
  const world = await createWorld(TWO);
  const run = world.execute().catch((error: unknown) => error);
  (await world.executor.turn("A.1")).reject(new TroupeError("STORE_FAILED", "no content"));
  expect(await run).toMatchObject({ code: "STORE_FAILED", message: "no content" });
});

test("an agent that could not keep a file of its own is asked again", async () => {
  const world = await createWorld(definitionOf([{ id: "A", workAgent: "w" }]));
  const run = world.execute();
  await world.executor.settle("A.1", failed({ notBefore: null }));
  await idle();
  world.clock.advance(600_000);
  await world.executor.settle("A.2");
  expect((await run).outcome).toBe("succeeded");
});
