import assert from "node:assert/strict";
import type { AbandonedTurn, TurnContext, TurnProgress, TurnRunner, TurnTask } from "@troupe/core";
import type { ConformanceCase } from "./conformance-case.js";
import type { ExecutorSubject } from "./executor-subject.js";
import { createHeldRunner, succeeded, turnContext, turnTask } from "./held-runner.js";
import { pause, until, within } from "./within.js";

const PATIENCE_MS = 5000;
/** How long a case watches for what must not happen, in milliseconds. */
const WATCH_MS = 100;

/** What passes between engine, executor and runner. */
export const handOverCases: readonly ConformanceCase<ExecutorSubject>[] = [
  {
    name: "starts turns in the order in which they came",
    rule: "StageExecutor: It does not retry and does not reorder.",
    run: keepsTheOrder,
  },
  {
    name: "hands task, signals and progress through to the runner and back",
    rule: "TurnContext.kill: Aborts after `signal` when there is no more patience",
    run: handsThrough,
  },
  {
    name: "has the runner end what an earlier owner left, and attaches only when that is over",
    rule: "StageExecutor.attach: one that runs turns here asks {@link TurnRunner.endAbandoned} first",
    run: endsAbandoned,
  },
];

async function keepsTheOrder({ create }: ExecutorSubject): Promise<void> {
  const runner = createHeldRunner();
  const executor = await create({ runner, concurrency: 1 });
  const names = ["C", "A", "D", "B"];
  const results = names.map((name) => executor.execute(turnTask(name), turnContext()));
  for (const [index, name] of names.entries()) {
    await until(PATIENCE_MS, `the start of turn ${index + 1}`, () => runner.started.length > index);
    const started = runner.started[index] ?? "";
    assert.equal(started, name, `turn ${index + 1} to start`);
    runner.release(started, succeeded(started));
  }
  assert.deepEqual(await within(PATIENCE_MS, "settling", Promise.all(results)), names.map(succeeded));
}

async function handsThrough({ create }: ExecutorSubject): Promise<void> {
  const seen: { readonly task: TurnTask; readonly context: TurnContext }[] = [];
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const runner: TurnRunner = {
    async run(task, context) {
      seen.push({ task, context });
      context.progress({ type: "output", text: "half a line" });
      await ended;
      return succeeded("A");
    },
  };
  const [signal, kill] = [new AbortController(), new AbortController()];
  const reported: TurnProgress[] = [];
  const context = {
    ...turnContext(signal.signal),
    kill: kill.signal,
    progress: (news: TurnProgress) => void reported.push(news),
  };
  const executor = await create({ runner, concurrency: 1 });
  const result = executor.execute(turnTask("A"), context);
  await until(PATIENCE_MS, "the start of the turn", () => seen.length === 1);
  assert.deepEqual(seen[0]?.task, turnTask("A"));
  assert.deepEqual(
    reported.filter(({ type }) => type === "output"),
    [{ type: "output", text: "half a line" }],
  );
  signal.abort("cancelled");
  kill.abort();
  await until(PATIENCE_MS, "the end of patience reaching the runner", () => seen[0]?.context.kill.aborted === true);
  assert.deepEqual(
    { aborted: seen[0]?.context.signal.aborted, reason: seen[0]?.context.signal.reason },
    { aborted: true, reason: "cancelled" },
  );
  resolve();
  assert.deepEqual(await within(PATIENCE_MS, "settling", result), succeeded("A"));
}

async function endsAbandoned({ create }: ExecutorSubject): Promise<void> {
  const left: AbandonedTurn = { log: null, usage: { inputTokens: 5, outputTokens: 1, costUsd: null }, session: "s-1" };
  const { promise: gone, resolve } = Promise.withResolvers<AbandonedTurn>();
  const asked: string[] = [];
  const held = createHeldRunner();
  const runner: TurnRunner = {
    run: held.run,
    endAbandoned(task) {
      asked.push(task.turn);
      return gone;
    },
  };
  const executor = await create({ runner, concurrency: 1 });
  assert.ok(executor.attach !== undefined, "it has no attach: what an earlier owner left would never be ended");
  let isSettled = false;
  const attached = executor.attach(turnTask("A"), turnContext()).finally(() => {
    isSettled = true;
  });
  await pause(WATCH_MS);
  assert.deepEqual({ asked, isSettled }, { asked: ["A.1"], isSettled: false });
  resolve(left);
  const result = await within(PATIENCE_MS, "attach", attached);
  if (result !== null) assert.deepEqual(result, { status: "interrupted", reason: "crashed", ...left });
  assert.deepEqual(held.started, [], "turns that were started");
}
