import { expect, test } from "vitest";
import { createWorld, idle, type World } from "../../test/engine-world.js";
import { definitionOf } from "../../test/hand-run.js";
import { deferApproval, judgeStage, requestCancel, type StateStore } from "../index.js";
import { readText } from "./text.js";

const ONE = definitionOf([{ id: "A", workAgent: "w" }]);
const ASKED = definitionOf([{ id: "A", workAgent: "w", approval: true }]);
const YES = { approved: true, by: "ann", message: null } as const;
const NO = { approved: false, by: "bob", message: "shorter, please" } as const;

function unwatched(store: StateStore): StateStore {
  const { watch: _, ...without } = store;
  return without;
}

/** A run that waits for a person. */
async function waiting(): Promise<World> {
  const world = await createWorld(ASKED);
  const run = world.execute();
  await world.executor.settle("A.1");
  expect((await run).outcome).toBe("waiting");
  return world;
}

test("a cancellation reaches the holder through the journal; asking twice is asking once", async () => {
  const world = await createWorld(ONE);
  const run = world.execute();
  const turn = await world.executor.turn("A.1");
  await requestCancel(world.engine, "run-1", "ann", "enough");
  await requestCancel(world.engine, "run-1", "bob", null);
  expect((await run).outcome).toBe("cancelled");
  expect(turn.context.signal.reason).toBe("cancelled");
  expect((await world.lines()).slice(3)).toEqual(["run.cancel-requested", "A.1 settled, A cancelled, run cancelled"]);
  expect(world.reported.flatMap((event) => (event.type === "entry" ? event.entry.seq : []))).toEqual([1, 2, 3, 4, 5]);
});

test("a store that cannot watch is read once a second", async () => {
  const world = await createWorld(ONE, ({ store }) => ({ store: unwatched(store) }));
  const run = world.execute();
  await world.executor.turn("A.1");
  await requestCancel(world.engine, "run-1", "ann", null);
  world.clock.advance(999);
  await idle();
  expect(await world.lines()).toHaveLength(4);
  world.clock.advance(1);
  expect((await run).outcome).toBe("cancelled");
});

test("a watch that fails is replaced by reading, with a warning", async () => {
  const world = await createWorld(ONE, ({ store }) => ({
    store: {
      ...store,
      watch: () => {
        throw new Error("too many watches");
      },
    },
  }));
  const run = world.execute();
  await world.executor.turn("A.1");
  await requestCancel(world.engine, "run-1", "ann", null);
  world.clock.advance(1_000);
  expect((await run).outcome).toBe("cancelled");
  expect(world.warnings).toEqual(["watching the journal failed, reading it every second: Error: too many watches"]);
});

test("a watch that tells what is known already wakes nobody; a wake without news changes nothing", async () => {
  const world = await createWorld(ONE, ({ store }) => ({
    store: {
      ...store,
      async *watch() {
        yield { seq: 1 };
        await idle();
        yield { seq: 99 };
      },
    },
  }));
  const run = world.execute();
  await world.executor.settle("A.1");
  expect((await run).outcome).toBe("succeeded");
  expect(await world.lines()).toHaveLength(4);
});

test("a run that is not running cannot be cancelled from outside", async () => {
  const world = await waiting();
  await expect(requestCancel(world.engine, "run-1", "ann", null)).rejects.toMatchObject({
    code: "RUN_FINISHED",
    message: "run run-1 is not running: it is waiting",
  });
  await expect(requestCancel(world.engine, "run-2", "ann", null)).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
});

test("an approval is recorded while nobody holds the run, and the resume acts on it", async () => {
  const world = await waiting();
  await judgeStage(world.engine, "run-1", "A", YES);
  expect((await world.lines()).slice(4)).toEqual(["A granted"]);
  expect((await world.execute()).outcome).toBe("succeeded");
  expect(world.executor.launched).toEqual(["A.1"]);
});

test("a denial reaches the fix turn, however long it is", async () => {
  const world = await waiting();
  const message = "shorter! ".repeat(2_000);
  await judgeStage(world.engine, "run-1", "A", { ...NO, message });
  const run = world.execute();
  const { task } = await world.executor.turn("A.2");
  const [feedback] = task.feedback;
  expect([task.kind, feedback?.source, feedback?.text.text]).toEqual(["fix", "person", null]);
  expect(feedback && (await readText(world.store.blobs, "run-1", feedback.text))).toBe(message);
  await world.executor.settle("A.2");
  expect((await run).outcome).toBe("waiting");
});

test("a short denial lies in the journal itself", async () => {
  const world = await waiting();
  await judgeStage(world.engine, "run-1", "A", NO);
  const last = (await world.entries()).at(-1)?.events[0];
  expect(last).toMatchObject({ type: "approval.denied", turn: "A.1", by: "bob", message: { text: NO.message } });
});

test("a stage that does not wait, or does not exist, cannot be judged", async () => {
  const world = await createWorld(ASKED);
  await expect(judgeStage(world.engine, "run-1", "A", YES)).rejects.toMatchObject({
    code: "NOT_WAITING",
    message: "stage A of run run-1 does not wait for a person: it is pending",
  });
  await expect(judgeStage(world.engine, "run-1", "Z", YES)).rejects.toMatchObject({ code: "STAGE_UNKNOWN" });
  expect(await world.lines()).toHaveLength(1);
});

test("of two people who judge at once one is heard, and the other is told that it is too late", async () => {
  const world = await waiting();
  const both = await Promise.allSettled([
    judgeStage(world.engine, "run-1", "A", YES),
    judgeStage(world.engine, "run-1", "A", NO),
  ]);
  expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(both.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "NOT_WAITING" } });
  expect(await world.lines()).toHaveLength(5);
});

test("a judgement of one turn's result is no judgement of a later one", async () => {
  const world = await waiting();
  expect(await judgeStage(world.engine, "run-1", "A", { ...NO, turn: "A.1" })).toBe("A.1");
  const run = world.execute();
  await world.executor.settle("A.2");
  expect((await run).outcome).toBe("waiting");
  await expect(judgeStage(world.engine, "run-1", "A", { ...YES, turn: "A.1" })).rejects.toMatchObject({
    code: "NOT_WAITING",
    message: "the result of A.1 waits no more: A.2 has taken its place in stage A of run run-1",
  });
  await judgeStage(world.engine, "run-1", "A", { ...YES, turn: "A.2" });
  await expect(judgeStage(world.engine, "run-1", "A", YES)).rejects.toMatchObject({
    message: "the result of A.2 is approved already",
  });
  expect((await world.execute()).outcome).toBe("succeeded");
  await expect(judgeStage(world.engine, "run-1", "A", YES)).rejects.toMatchObject({ code: "RUN_FINISHED" });
});

test("with a person at the terminal the run waits for the answer, wherever it comes from", async () => {
  const world = await createWorld(ASKED);
  const run = world.execute({ attended: true });
  await world.executor.settle("A.1");
  world.clock.advance(3_600_000);
  await idle();
  expect((await world.lines()).at(-1)).toBe("A.1 settled, A requested");
  await judgeStage(world.engine, "run-1", "A", NO);
  await world.executor.settle("A.2");
  await judgeStage(world.engine, "run-1", "A", YES);
  const { outcome, state } = await run;
  expect([outcome, state.activeMs]).toEqual(["succeeded", 0]); // nobody was at work
});

test("a question that is left open ends the run as waiting, and the next one at the terminal is asked again", async () => {
  const world = await createWorld(ASKED);
  const run = world.execute({ attended: true });
  await world.executor.settle("A.1");
  const question = { stage: "A", turn: "A.1", by: "ann" };
  await deferApproval(world.engine, "run-1", question);
  expect((await run).outcome).toBe("waiting");
  const again = world.execute({ attended: true });
  await idle();
  expect((await world.lines()).slice(4)).toEqual(["A deferred", "run waiting", "run.claimed"]);
  await judgeStage(world.engine, "run-1", "A", YES);
  expect((await again).outcome).toBe("succeeded");
  await expect(deferApproval(world.engine, "run-1", question)).rejects.toMatchObject({ code: "RUN_FINISHED" });
});

test("a person who stops the run at the terminal ends it as interrupted, with its question still open", async () => {
  const world = await createWorld(ASKED);
  const stop = new AbortController();
  const run = world.execute({ attended: true, stop: stop.signal });
  await world.executor.settle("A.1");
  stop.abort("SIGINT");
  const { outcome, state } = await run;
  expect([outcome, state.stages.get("A")?.awaitingApproval]).toEqual(["interrupted", "A.1"]);
});

test("a request that meets a conflict is checked again on what the others wrote", async () => {
  const world = await createWorld(ONE);
  let isFirst = true;
  const racing: StateStore = {
    ...world.store,
    append: async (runId, seq, entry) => {
      if (isFirst) {
        isFirst = false;
        await requestCancel({ ...world.engine, randomHex: () => "theirs" }, runId, "bob", null);
      }
      return world.store.append(runId, seq, entry);
    },
  };
  await requestCancel({ ...world.engine, store: racing, randomHex: () => "mine" }, "run-1", "ann", null);
  expect((await world.entries()).map(({ id }) => id).slice(1)).toEqual(["theirs"]);
});

test("a store that fails is not asked again", async () => {
  const world = await createWorld(ONE);
  const broken: StateStore = { ...world.store, append: () => Promise.reject(new Error("EIO")) };
  await expect(requestCancel({ ...world.engine, store: broken }, "run-1", "ann", null)).rejects.toThrow("EIO");
});
