import { expect, test } from "vitest";
import { createWorld, HeldExecutor, idle, success, type World } from "../../test/engine-world.js";
import { definitionOf } from "../../test/hand-run.js";
import {
  executeRun,
  type NewEntry,
  type RunResult,
  requestCancel,
  type StateStore,
  TroupeError,
  type TurnTask,
} from "../index.js";

const CHAIN = definitionOf([
  { id: "A", workAgent: "w" },
  { id: "B", workAgent: "w", needs: ["A"] },
]);
const THREE = definitionOf(["A", "B", "C"].map((id) => ({ id, workAgent: id })));

/** A store whose appends wait at a gate while it is closed. */
function gated(store: StateStore) {
  let open: () => void = () => {};
  let gate: Promise<void> = Promise.resolve();
  return {
    close: () => {
      gate = new Promise((resolve) => {
        open = resolve;
      });
    },
    open: () => open(),
    store: {
      ...store,
      append: async (runId: string, seq: number, entry: NewEntry) => {
        await gate;
        return store.append(runId, seq, entry);
      },
    },
  };
}

async function gatedWorld(definition = CHAIN): Promise<World & Omit<ReturnType<typeof gated>, "store">> {
  const made: ReturnType<typeof gated>[] = [];
  const world = await createWorld(definition, ({ store }) => {
    const gate = gated(store);
    made.push(gate);
    return { store: gate.store };
  });
  const [gate] = made;
  if (gate === undefined) throw new Error("no gate");
  return { ...world, close: gate.close, open: gate.open };
}

test("nothing is launched and nobody is told before the entry is durable", async () => {
  const world = await gatedWorld();
  const run = world.execute();
  await idle();
  world.close();
  await world.executor.settle("A.1");
  expect(world.executor.launched).toEqual(["A.1"]);
  expect(world.reported).toHaveLength(3);
  world.open();
  await idle();
  expect(world.executor.launched).toEqual(["A.1", "B.1"]);
  expect(world.reported).toHaveLength(4);
  await world.executor.settle("B.1");
  expect((await run).outcome).toBe("succeeded");
});

test("what settles while an append is under way goes into the next entry together", async () => {
  const world = await gatedWorld(THREE);
  const run = world.execute();
  await idle();
  world.close();
  await world.executor.settle("B.1");
  await world.executor.settle("A.1");
  await world.executor.settle("C.1");
  world.open();
  expect((await run).outcome).toBe("succeeded");
  expect((await world.lines()).slice(3)).toEqual([
    "B.1 settled, B completed",
    "A.1 settled, C.1 settled, A completed, C completed, run succeeded",
  ]);
});

test("on a conflict the facts stay and what follows is decided again, in a new entry", async () => {
  const tried: string[] = [];
  const world = await createWorld(CHAIN, ({ store, clock }) => ({
    store: {
      ...store,
      append: async (runId, seq, entry) => {
        tried.push(entry.id);
        const isResult = entry.events[0]?.type === "turn.settled";
        if (isResult && seq === 3) {
          await requestCancel({ store, clock, randomHex: () => "cancel" }, runId, "ann", "enough");
        }
        return store.append(runId, seq, entry);
      },
    },
  }));
  const run = world.execute();
  await world.executor.settle("A.1");
  const { outcome, state } = await run;
  expect([outcome, state.stages.get("A")?.status, state.stages.get("B")?.status]).toEqual([
    "cancelled",
    "completed",
    "pending",
  ]);
  expect(world.executor.launched).toEqual(["A.1"]);
  expect((await world.lines()).slice(3)).toEqual(["run.cancel-requested", "A.1 settled, A completed, run cancelled"]);
  expect(new Set(tried).size).toBe(tried.length);
  expect(world.reported.flatMap((event) => (event.type === "entry" ? event.entry.seq : []))).toEqual([1, 2, 3, 4, 5]);
});

async function takeOver(world: World): Promise<void> {
  const entries = await world.entries();
  const last = entries.at(-1);
  if (last === undefined) throw new Error("no entry");
  const owner = { pid: 7, startTime: null, bootId: null, pidNamespace: null, host: "there", command: "troupe resume" };
  const workspace = { kind: "folder", path: "/tree" } as const;
  const event = { type: "run.claimed", epoch: 2, owner, capacity: null, workspace, previousSeenAt: null } as const;
  await world.store.append("run-1", last.seq, { id: "theirs", at: last.at, events: [event], summary: last.summary });
}

test("who has lost the claim ends its turns, writes nothing more and says who has it", async () => {
  const world = await createWorld(THREE);
  const run = world.execute();
  const turn = await world.executor.turn("A.1");
  await takeOver(world);
  await expect(run).rejects.toMatchObject({
    code: "CLAIM_LOST",
    message: "run run-1 was taken over by process 7 on there (troupe resume)",
    hint: "See what it does: troupe status run-1",
  });
  expect([...world.executor.turns.values()].map(({ context }) => context.signal.reason)).toEqual(
    Array(3).fill("claim-lost"),
  );
  expect(turn.context.signal.aborted).toBe(true);
  expect(await world.lines()).toHaveLength(4);
});

test("a claim is also lost when it shows at the next append", async () => {
  const world = await createWorld(CHAIN, ({ store }) => {
    const { watch: _, ...without } = store;
    return { store: without };
  });
  const run = world.execute();
  await idle();
  await takeOver(world);
  const refused = expect(run).rejects.toMatchObject({ code: "CLAIM_LOST" });
  await world.executor.settle("A.1");
  await refused;
  expect(world.executor.launched).toEqual(["A.1"]);
});

test("a lost lease is a reason to look, not to stop", async () => {
  const lost = new AbortController();
  const world = await createWorld(CHAIN, ({ store }) => {
    const { watch: _, ...without } = store;
    const acquireLease: StateStore["acquireLease"] = async (runId, request) => ({
      ...(await store.acquireLease(runId, request)),
      lost: lost.signal,
    });
    return { store: { ...without, acquireLease } };
  });
  const run = world.execute();
  await idle();
  lost.abort();
  await world.executor.settle("A.1");
  await world.executor.settle("B.1");
  expect((await run).outcome).toBe("succeeded");
});

type TakeOver = (executor: HeldExecutor) => Promise<RunResult>;

/** A holder that dies: its store breaks, its turns end without anybody writing it down. */
async function diedWith(turn: string, definition = CHAIN): Promise<World & { readonly takeOverBy: TakeOver }> {
  let isBroken = false;
  const world = await createWorld(definition, ({ store }) => ({
    store: {
      ...store,
      append: async (runId, seq, entry) => {
        if (isBroken) throw new TroupeError("STORE_FAILED", "input/output error");
        return store.append(runId, seq, entry);
      },
    },
  }));
  const run = world.execute();
  const failed = expect(run).rejects.toMatchObject({ code: "STORE_FAILED" });
  await world.executor.turn(turn);
  isBroken = true;
  await world.executor.settle(turn);
  await failed;
  isBroken = false;
  const options = { runId: "run-1", workspace: { kind: "folder", path: "/tree" }, command: "resume" } as const;
  return { ...world, takeOverBy: (executor) => executeRun({ ...world.engine, executor }, options) };
}

test("a store that fails ends the run at once, with its turns", async () => {
  const world = await diedWith("A.1");
  expect(await world.lines()).toEqual(["run.created", "run.claimed", "A.1 started"]);
  expect(await world.store.holder("run-1")).toBeNull();
});

test("a turn of a dead holder is found dead, and goes on as a new attempt that is told so", async () => {
  const world = await diedWith("A.1");
  const executor = new HeldExecutor();
  const run = world.takeOverBy(executor);
  const turn = await executor.turn("A.2");
  expect(turn.task).toMatchObject({ epoch: 2, attempt: 2, before: "crashed", beforeTurn: "A.1" });
  turn.settle(success("A.2"));
  await executor.settle("B.1");
  expect((await run).outcome).toBe("succeeded");
  expect((await world.lines()).slice(3, 5)).toEqual(["run.claimed", "A.1 settled, A.2 started"]);
});

test("a stage whose turn was cut off may be left out: its turn is ended first, and its number is not used again", async () => {
  const world = await diedWith("A.1");
  const definition = definitionOf([{ id: "B", workAgent: "w" }]);
  await expect(world.execute({ changes: { definition } })).rejects.toMatchObject({ code: "STAGE_CHANGED" });
  const executor = new HeldExecutor();
  const changes = { definition, choices: { changed: "keep" } } as const;
  const run = executeRun(
    { ...world.engine, executor },
    { runId: "run-1", workspace: { kind: "folder", path: "/tree" }, command: "test", changes },
  );
  await executor.settle("B.1");
  expect((await run).outcome).toBe("succeeded");
  expect((await world.lines()).slice(3)).toEqual([
    "run.claimed, run.reconfigured",
    "A.1 settled, B.1 started",
    "B.1 settled, B completed, run succeeded",
  ]);
});

test("an executor that still has the turn brings its result, and nothing runs again", async () => {
  const world = await diedWith("A.1");
  const asked: TurnTask[] = [];
  const executor = Object.assign(new HeldExecutor(), {
    attach: async (task: TurnTask) => {
      asked.push(task);
      return success(task.turn);
    },
  });
  const run = world.takeOverBy(executor);
  await executor.settle("B.1");
  expect((await run).outcome).toBe("succeeded");
  expect(asked.map(({ turn, epoch }) => `${turn} of claim ${epoch}`)).toEqual(["A.1 of claim 1"]);
  expect(executor.launched).toEqual(["B.1"]);
});

test("nothing starts before all turns of the dead holder have been looked for", async () => {
  const world = await diedWith("B.1", THREE);
  const found: (() => void)[] = [];
  const executor = Object.assign(new HeldExecutor(), {
    attach: (task: TurnTask) =>
      new Promise<null>((resolve) => {
        if (task.turn === "C.1") found.push(() => resolve(null));
        else resolve(null);
      }),
  });
  const run = world.takeOverBy(executor);
  await idle();
  expect(executor.launched).toEqual([]);
  for (const find of found) find();
  for (const turn of ["A.2", "B.2", "C.2"]) await executor.settle(turn);
  expect((await run).outcome).toBe("succeeded");
});
