import { expect, test } from "vitest";
import { createWorld, failure, idle, success } from "../../test/engine-world.js";
import { definitionOf, NO_LIMITS } from "../../test/hand-run.js";
import { executeRun } from "../index.js";

const ONE = definitionOf([{ id: "A", workAgent: "w" }]);
const GROUP = definitionOf(
  [
    { id: "A", workAgent: "a" },
    { id: "B", workAgent: "b", needs: ["A"] },
    { id: "C", workAgent: "c", needs: ["A"] },
    { id: "END", kind: "terminal", needs: ["B", "C"] },
  ],
  [{ name: "g", stages: ["B", "C"] }],
);

test("a run goes from its first turn to its end, each fact with what follows from it in one entry", async () => {
  const world = await createWorld(GROUP);
  const run = world.execute();
  await world.executor.settle("A.1");
  await world.executor.settle("C.1");
  await world.executor.settle("B.1");
  const { outcome, limit, state } = await run;
  expect([outcome, limit, state.counts.completed]).toEqual(["succeeded", null, 4]);
  expect(await world.lines()).toEqual([
    "run.created",
    "run.claimed",
    "A.1 started",
    "A.1 settled, A completed, B.1 started, C.1 started",
    "C.1 settled, C completed",
    "B.1 settled, B completed, END completed, run succeeded",
  ]);
  expect(world.reported.map((event) => (event.type === "entry" ? event.entry.seq : event.type))).toEqual([
    1, 2, 3, 4, 5, 6,
  ]);
  expect(await world.store.holder("run-1")).toBeNull();
});

test("a run that has succeeded is not performed again", async () => {
  const world = await createWorld(definitionOf([{ id: "END", kind: "terminal" }]));
  await world.execute();
  await expect(world.execute()).rejects.toMatchObject({
    code: "RUN_FINISHED",
    hint: "See what it left: troupe status run-1",
  });
  expect(await world.store.holder("run-1")).toBeNull();
});

test("a run that its former holder finishes at the last moment is finished, not damaged", async () => {
  const world = await createWorld(ONE, ({ store }) => ({
    store: {
      ...store,
      append: async (runId, seq, entry) => {
        if (seq === 2) {
          const events = [{ type: "run.finished", outcome: "succeeded", limit: null }] as const;
          await store.append(runId, 2, { ...entry, id: "other", events });
        }
        return store.append(runId, seq, entry);
      },
    },
  }));
  await world.store.append("run-1", 1, { ...(await claimBy(world, 1)), id: "first" });
  await expect(world.execute()).rejects.toMatchObject({ code: "RUN_FINISHED" });
});

async function claimBy(world: Awaited<ReturnType<typeof createWorld>>, epoch: number) {
  const [first] = await world.entries();
  if (first === undefined) throw new Error("no entry");
  const owner = { pid: 7, startTime: null, bootId: null, pidNamespace: null, host: "there", command: "other" };
  const workspace = { kind: "folder", path: "/tree" } as const;
  const event = { type: "run.claimed", epoch, owner, capacity: null, workspace, previousSeenAt: null } as const;
  return { id: `claim ${epoch}`, at: first.at, events: [event], summary: first.summary };
}

test("the executor's capacity is recorded at the claim and kept", async () => {
  const world = await createWorld(GROUP, () => ({}));
  const narrow = { ...world.engine, executor: Object.assign(world.executor, { capacity: 1 }) };
  const run = executeRun(narrow, { runId: "run-1", workspace: { kind: "folder", path: "/" }, command: "x" });
  await world.executor.settle("A.1");
  expect(world.executor.launched).toEqual(["A.1", "B.1"]);
  await world.executor.settle("B.1");
  await world.executor.settle("C.1");
  expect((await run).outcome).toBe("succeeded");
});

test("of two that want the same run, one performs it and the other is told who holds it", async () => {
  const world = await createWorld(ONE);
  const first = world.execute({ command: "troupe run" });
  await expect(world.execute()).rejects.toMatchObject({ code: "RUN_LOCKED" });
  await world.executor.settle("A.1");
  expect((await first).outcome).toBe("succeeded");
  expect(world.executor.launched).toEqual(["A.1"]);
});

test("safety rests on the claim: without any lease one of two still wins", async () => {
  const lost = new AbortController().signal;
  const owner = { pid: 7, startTime: null, bootId: null, pidNamespace: null, host: "there", command: "troupe run" };
  const world = await createWorld(ONE, ({ store }) => ({
    store: {
      ...store,
      acquireLease: async () => ({ owner, previous: null, lost, [Symbol.asyncDispose]: async () => {} }),
    },
  }));
  const both = Promise.allSettled([world.execute(), world.execute()]);
  await world.executor.settle("A.1");
  const ends = (await both).map((end) => (end.status === "fulfilled" ? end.value.outcome : end.reason));
  expect(ends).toHaveLength(2);
  expect(ends).toContain("succeeded");
  expect(ends.find((end) => end !== "succeeded")).toMatchObject({
    code: "RUN_LOCKED",
    message: "run run-1 was taken over by process 7 on there (troupe run)",
    details: { pid: 7, host: "there", command: "troupe run" },
  });
  expect(world.executor.launched).toEqual(["A.1"]);
});

test("an executor that throws makes a failed stage, whatever it throws", async () => {
  const world = await createWorld(ONE);
  const run = world.execute();
  (await world.executor.turn("A.1")).reject("boom");
  const { outcome, state } = await run;
  expect([outcome, state.stages.get("A")?.error]).toEqual([
    "failed",
    { code: "TURN_FAILED", message: "boom", hint: null },
  ]);
});

test("a resume starts failed stages anew and keeps what is finished", async () => {
  const world = await createWorld(GROUP);
  const first = world.execute();
  await world.executor.settle("A.1");
  await world.executor.settle("B.1", failure());
  await world.executor.settle("C.1");
  expect((await first).outcome).toBe("failed");
  const second = world.execute();
  await world.executor.settle("B.2");
  expect((await second).outcome).toBe("succeeded");
  expect(world.executor.launched).toEqual(["A.1", "B.1", "C.1", "B.2"]);
  expect((await world.lines()).slice(5)).toEqual([
    "C.1 settled, C completed, run failed",
    "run.claimed, B reset",
    "B.2 started",
    "B.2 settled, B completed, END completed, run succeeded",
  ]);
});

test("a retry waits for its time by the clock", async () => {
  const retry = { attempts: 2, delayMs: 30_000, backoff: 2, maxDelayMs: 60_000 };
  const world = await createWorld(definitionOf([{ id: "A", workAgent: "w", retry }]));
  const run = world.execute();
  await world.executor.settle("A.1", failure({ notBefore: null }));
  world.clock.advance(29_999);
  await idle();
  expect(world.executor.launched).toEqual(["A.1"]);
  world.clock.advance(1);
  await world.executor.settle("A.2");
  expect((await run).outcome).toBe("succeeded");
});

test("the limit of duration ends turns in flight and the run; a higher one lets it go on", async () => {
  const limits = { ...NO_LIMITS, durationMs: 60_000 };
  const world = await createWorld({ ...ONE, limits });
  const run = world.execute();
  const turn = await world.executor.turn("A.1");
  world.clock.advance(60_000);
  const { outcome, limit } = await run;
  expect([outcome, limit, turn.context.signal.reason]).toEqual(["limited", "duration", "limit"]);
  const definition = { ...ONE, limits: NO_LIMITS };
  const again = world.execute({ changes: { definition } });
  await world.executor.settle("A.2");
  expect((await again).outcome).toBe("succeeded");
});

test("a stop ends turns in flight and leaves the run interrupted; a resume goes on with a new attempt", async () => {
  const world = await createWorld(GROUP);
  const stop = new AbortController();
  const run = world.execute({ stop: stop.signal });
  await world.executor.settle("A.1");
  const turn = await world.executor.turn("B.1");
  stop.abort("SIGINT");
  expect((await run).outcome).toBe("interrupted");
  expect([turn.context.signal.reason, turn.context.kill.aborted]).toEqual(["stopped", false]);
  const again = world.execute();
  const next = await world.executor.turn("B.2");
  expect(next.task).toMatchObject({ attempt: 2, before: "interrupted", beforeTurn: "B.1" });
  next.settle(success("B.2"));
  await world.executor.settle("C.2");
  expect((await again).outcome).toBe("succeeded");
});

test("who wants to stop before the start starts nothing", async () => {
  const world = await createWorld(ONE);
  const { outcome } = await world.execute({ stop: AbortSignal.abort() });
  expect([outcome, world.executor.launched]).toEqual(["interrupted", []]);
});

test("turns that do not end get the second signal", async () => {
  const world = await createWorld(ONE);
  world.executor.isStubborn = true;
  const [stop, kill] = [new AbortController(), new AbortController()];
  const run = world.execute({ stop: stop.signal, kill: kill.signal });
  const turn = await world.executor.turn("A.1");
  stop.abort();
  await idle();
  kill.abort();
  expect(turn.context.kill.aborted).toBe(true);
  turn.reject(new Error("killed"));
  expect((await run).outcome).toBe("interrupted");
});

test("another definition and stages to start anew are part of the claim, also when a failed stage is left out", async () => {
  const stages = [
    { id: "A", workAgent: "a" },
    { id: "B", workAgent: "b" },
  ];
  const world = await createWorld(definitionOf(stages));
  const run = world.execute();
  await world.executor.settle("A.1");
  await world.executor.settle("B.1", failure());
  await run;
  const definition = definitionOf(stages.slice(0, 1));
  const again = world.execute({ changes: { definition, choices: { from: "A" } } });
  await world.executor.settle("A.2");
  expect((await again).outcome).toBe("succeeded");
  expect((await world.lines()).slice(5)).toEqual([
    "run.claimed, run.reconfigured, A reset",
    "A.2 started",
    "A.2 settled, A completed, run succeeded",
  ]);
});

test("another workflow that cannot be run is refused before the run is touched", async () => {
  const world = await createWorld(ONE);
  const definition = definitionOf([{ id: "A" }]);
  await expect(world.execute({ changes: { definition } })).rejects.toMatchObject({ code: "WORKFLOW_INVALID" });
  expect(await world.lines()).toEqual(["run.created"]);
});

test("a claim that cancels resets nothing and finishes the run as cancelled", async () => {
  const world = await createWorld(ONE);
  const run = world.execute();
  await world.executor.settle("A.1", failure());
  await run;
  const { outcome, state } = await world.execute({ changes: { cancel: { by: "ann", message: null } } });
  expect([outcome, state.stages.get("A")?.status]).toEqual(["cancelled", "failed"]);
});

test("what a turn tells of itself reaches the reporters", async () => {
  const world = await createWorld(ONE);
  const run = world.execute();
  (await world.executor.turn("A.1")).context.progress({ type: "output", text: "hello" });
  await world.executor.settle("A.1");
  await run;
  expect(world.reported.filter(({ type }) => type === "progress")).toEqual([
    { type: "progress", turn: "A.1", update: { type: "output", text: "hello" } },
  ]);
});

test("a reporter that throws harms neither the run nor the others, and is named once", async () => {
  const broken = {
    report: () => {
      throw new Error("no terminal");
    },
  };
  const odd = {
    report: () => {
      throw "odd";
    },
  };
  const world = await createWorld(ONE);
  const reporters = [broken, ...world.engine.reporters, odd];
  const run = executeRun(
    { ...world.engine, reporters },
    { runId: "run-1", workspace: { kind: "folder", path: "/" }, command: "x" },
  );
  await world.executor.settle("A.1");
  expect((await run).outcome).toBe("succeeded");
  expect(world.warnings).toEqual(["a progress reporter failed: no terminal", "a progress reporter failed: odd"]);
  expect(world.reported).toHaveLength(4);
});
