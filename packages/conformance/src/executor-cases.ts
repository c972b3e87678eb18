import assert from "node:assert/strict";
import type { TurnResult, TurnRunner } from "@troupe/core";
import type { ConformanceCase } from "./conformance-case.js";
import { handOverCases } from "./executor-hand-over-cases.js";
import type { ExecutorSubject } from "./executor-subject.js";
import { createHeldRunner, type HeldRunner, succeeded, turnContext, turnTask } from "./held-runner.js";
import { pause, until, within } from "./within.js";

/** Longest wait for what must happen, in milliseconds. */
const PATIENCE_MS = 5000;
/** How long a case watches for what must not happen, in milliseconds. */
const WATCH_MS = 100;

/** The contract of `StageExecutor`. A fresh subject is not needed: each case makes its own executor. */
export const executorCases: readonly ConformanceCase<ExecutorSubject>[] = [
  {
    name: "gives each task its own result, in whatever order the turns end",
    rule: "StageExecutor: Where turns run, and how many at once.",
    run: givesEachItsOwn,
  },
  {
    name: "runs turns at the same time: two that wait for each other finish",
    rule: "StageExecutor.capacity: Turns it can run now",
    run: overlaps,
  },
  {
    name: "runs no more turns at once than it was told, and in the end all of them",
    rule: "StageExecutor: Where turns run, and how many at once.",
    run: holdsItsLimit,
  },
  {
    name: "runs no more turns of a group at once than the group's limit",
    rule: "StageExecutor: Where turns run, and how many at once.",
    run: holdsTheGroupsLimit,
  },
  {
    name: "turns a runner that throws into a failed result, and goes on with the others",
    rule: "StageExecutor: a throwing runner becomes a failed result",
    run: survivesThrowing,
  },
  {
    name: "does not retry a turn that failed, and passes its result on unchanged",
    rule: "StageExecutor: It does not retry",
    run: doesNotRetry,
  },
  {
    name: "settles an aborted turn only after its runner has, and gives its slot to nobody before",
    rule: "StageExecutor: `execute` settles only when nothing of the turn is running any more",
    run: keepsTheSlot,
  },
  {
    name: "keeps the success of a turn that was aborted",
    rule: "TurnRunner.run: after an abort anything but success is `interrupted`",
    run: keepsSuccess,
  },
  {
    name: "settles a turn that is aborted while it waits as interrupted, and never starts it",
    rule: "TurnContext.signal: Aborts when the turn must end; `reason` is a {@link InterruptReason}",
    run: leavesTheQueue,
  },
  {
    name: "attaches to nothing when nothing is alive, and starts nothing",
    rule: "StageExecutor.attach: null = nothing of it is alive (any more)",
    run: attachesToNothing,
  },
  {
    name: "closes when its turns have settled",
    rule: "StageExecutor: `execute` settles only when nothing of the turn is running any more",
    run: closesWhenIdle,
  },
  ...handOverCases,
];

async function givesEachItsOwn(subject: ExecutorSubject): Promise<void> {
  const runner = createHeldRunner();
  const executor = await subject.create({ runner, concurrency: 3 });
  const names = ["A", "B", "C"];
  const results = names.map((name) => executor.execute(turnTask(name), turnContext()));
  await until(PATIENCE_MS, "the start of 3 turns", () => runner.running === 3);
  for (const name of names.toReversed()) runner.release(name, succeeded(name));
  assert.deepEqual(await all(results), names.map(succeeded));
  assert.deepEqual(runner.started.toSorted(), names);
}

async function overlaps(subject: ExecutorSubject): Promise<void> {
  const { promise: both, resolve } = Promise.withResolvers<void>();
  let here = 0;
  const runner: TurnRunner = {
    async run(task) {
      here += 1;
      if (here === 2) resolve();
      await both;
      return succeeded(task.stage.id);
    },
  };
  const executor = await subject.create({ runner, concurrency: 2 });
  const results = ["A", "B"].map((name) => executor.execute(turnTask(name), turnContext()));
  assert.deepEqual(await all(results), [succeeded("A"), succeeded("B")]);
}

async function holdsItsLimit(subject: ExecutorSubject): Promise<void> {
  const runner = createHeldRunner();
  const executor = await subject.create({ runner, concurrency: 2 });
  assert.ok(executor.capacity >= 1, `a capacity of ${executor.capacity}`);
  const names = ["A", "B", "C", "D", "E"];
  const results = names.map((name) => executor.execute(turnTask(name), turnContext()));
  await letGoOneByOne(runner, names.length, 2);
  assert.deepEqual(await all(results), names.map(succeeded));
}

async function holdsTheGroupsLimit(subject: ExecutorSubject): Promise<void> {
  const runner = createHeldRunner();
  const executor = await subject.create({ runner, concurrency: 8 });
  const group = { name: "crowd", maxConcurrent: 3 };
  const names = ["A", "B", "C", "D", "E", "F", "G", "H"];
  const results = names.map((name) => executor.execute(turnTask(name, group), turnContext()));
  await letGoOneByOne(runner, names.length, 3);
  assert.deepEqual(await all(results), names.map(succeeded));
}

async function letGoOneByOne(runner: HeldRunner, count: number, limit: number): Promise<void> {
  await until(PATIENCE_MS, `the start of ${limit} turns`, () => runner.running >= limit);
  await pause(WATCH_MS);
  for (let n = 0; n < count; n += 1) {
    await until(PATIENCE_MS, `the start of turn ${n + 1}`, () => runner.started.length > n);
    const name = runner.started[n] ?? "";
    runner.release(name, succeeded(name));
  }
  assert.equal(runner.peak, limit, `most turns at once: ${runner.peak}, the limit is ${limit}`);
  assert.equal(runner.started.length, count);
}

async function survivesThrowing(subject: ExecutorSubject): Promise<void> {
  const runner: TurnRunner = {
    run(task) {
      if (task.stage.id === "AT_ONCE") throw new Error("broken");
      return task.stage.id === "LATER" ? Promise.reject(new Error("broken")) : Promise.resolve(succeeded("C"));
    },
  };
  const executor = await subject.create({ runner, concurrency: 1 });
  const results = await all(
    ["AT_ONCE", "LATER", "FINE"].map((name) => executor.execute(turnTask(name), turnContext())),
  );
  const failed: TurnResult = {
    status: "failed",
    error: { code: "TURN_FAILED", message: "broken", hint: null },
    retry: "never",
    output: null,
    log: null,
    usage: null,
    session: null,
  };
  assert.deepEqual(results, [failed, failed, succeeded("C")]);
}

async function doesNotRetry(subject: ExecutorSubject): Promise<void> {
  const failed: TurnResult = {
    status: "failed",
    error: { code: "AGENT_FAILED", message: "overloaded", hint: "Try later." },
    retry: { notBefore: null },
    output: null,
    log: null,
    usage: { inputTokens: 5, outputTokens: null, costUsd: null },
    session: "s-1",
  };
  let calls = 0;
  const runner: TurnRunner = {
    run() {
      calls += 1;
      return Promise.resolve(calls === 1 ? failed : succeeded("second try"));
    },
  };
  const executor = await subject.create({ runner, concurrency: 1 });
  assert.deepEqual(await all([executor.execute(turnTask("A"), turnContext())]), [failed]);
  await pause(WATCH_MS);
  assert.equal(calls, 1, `the runner was called ${calls} times`);
}

async function keepsTheSlot(subject: ExecutorSubject): Promise<void> {
  const runner = createHeldRunner();
  const executor = await subject.create({ runner, concurrency: 1 });
  const abort = new AbortController();
  let isSettled = false;
  const first = executor.execute(turnTask("A"), turnContext(abort.signal));
  const watched = first.finally(() => {
    isSettled = true;
  });
  await until(PATIENCE_MS, "the start of the first turn", () => runner.running === 1);
  const second = executor.execute(turnTask("B"), turnContext());
  abort.abort("cancelled");
  await pause(WATCH_MS);
  assert.deepEqual({ isSettled, started: runner.started }, { isSettled: false, started: ["A"] });
  const interrupted: TurnResult = {
    status: "interrupted",
    reason: "cancelled",
    log: null,
    usage: null,
    session: null,
  };
  runner.release("A", interrupted);
  assert.deepEqual(await all([watched]), [interrupted]);
  await until(PATIENCE_MS, "the start of the second turn", () => runner.running === 1);
  runner.release("B", succeeded("B"));
  assert.deepEqual(await all([second]), [succeeded("B")]);
}

async function keepsSuccess(subject: ExecutorSubject): Promise<void> {
  const runner = createHeldRunner();
  const executor = await subject.create({ runner, concurrency: 1 });
  const abort = new AbortController();
  const result = executor.execute(turnTask("A"), turnContext(abort.signal));
  await until(PATIENCE_MS, "the start of the turn", () => runner.running === 1);
  abort.abort("fail-fast");
  runner.release("A", succeeded("A"));
  assert.deepEqual(await all([result]), [succeeded("A")]);
}

async function leavesTheQueue(subject: ExecutorSubject): Promise<void> {
  const runner = createHeldRunner();
  const executor = await subject.create({ runner, concurrency: 1 });
  const abort = new AbortController();
  const first = executor.execute(turnTask("A"), turnContext());
  await until(PATIENCE_MS, "the start of the first turn", () => runner.running === 1);
  const second = executor.execute(turnTask("B"), turnContext(abort.signal));
  const third = executor.execute(turnTask("C"), turnContext());
  abort.abort("limit");
  const interrupted: TurnResult = { status: "interrupted", reason: "limit", log: null, usage: null, session: null };
  assert.deepEqual(await all([second]), [interrupted]);
  runner.release("A", succeeded("A"));
  await until(PATIENCE_MS, "the start of the next turn", () => runner.running === 1);
  assert.deepEqual(runner.started, ["A", "C"]);
  runner.release("C", succeeded("C"));
  assert.deepEqual(await all([first, third]), [succeeded("A"), succeeded("C")]);
}

async function attachesToNothing(subject: ExecutorSubject): Promise<void> {
  const runner = createHeldRunner();
  const executor = await subject.create({ runner, concurrency: 1 });
  const found = await within(PATIENCE_MS, "attach", Promise.resolve(executor.attach?.(turnTask("A"), turnContext())));
  assert.equal(found ?? null, null);
  assert.deepEqual(runner.started, []);
}

async function closesWhenIdle(subject: ExecutorSubject): Promise<void> {
  const runner = createHeldRunner();
  const executor = await subject.create({ runner, concurrency: 1 });
  if (executor.close === undefined) return; // an executor that holds nothing has nothing to close
  const result = executor.execute(turnTask("A"), turnContext());
  await until(PATIENCE_MS, "the start of the turn", () => runner.running === 1);
  let isClosed = false;
  const closed = executor.close().finally(() => {
    isClosed = true;
  });
  await pause(WATCH_MS);
  assert.equal(isClosed, false, "closed while a turn was running");
  runner.release("A", succeeded("A"));
  assert.deepEqual(await all([result]), [succeeded("A")]);
  await within(PATIENCE_MS, "close", closed);
}

function all(results: readonly Promise<TurnResult>[]): Promise<readonly TurnResult[]> {
  return within(PATIENCE_MS, "settling", Promise.all(results));
}
