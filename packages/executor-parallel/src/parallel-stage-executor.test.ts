import { type AbandonedTurn, TroupeError, type TurnResult, type TurnRunner } from "@troupe/core";
import { describe, expect, test, vi } from "vitest";
import { createHeldRunner } from "../test/held-runner.js";
import { interrupted, recordingContext, succeeded, turnTask, turnTasks } from "../test/turns.js";
import { ParallelStageExecutor } from "./parallel-stage-executor.js";

const echo: TurnRunner = { run: (task) => Promise.resolve(succeeded(task.stage.id)) };

function failedWith(message: string, code = "TURN_FAILED"): unknown {
  const error = { code, message, hint: null };
  return { status: "failed", error, retry: "never", output: null, log: null, usage: null, session: null };
}

describe("executeAll", () => {
  test("of no task gives no result", async () => {
    expect(await new ParallelStageExecutor({ runner: echo }).executeAll([], recordingContext())).toEqual([]);
  });

  test("of one task gives its result", async () => {
    const executor = new ParallelStageExecutor({ runner: echo });
    expect(await executor.executeAll([turnTask("A")], recordingContext())).toEqual([succeeded("A")]);
  });

  test("of many tasks gives one result each, in their order, whatever order they end in", async () => {
    const runner = createHeldRunner();
    const executor = new ParallelStageExecutor({ runner, concurrency: 3 });
    const results = executor.executeAll(turnTasks(3), recordingContext());
    for (const stage of ["S3", "S1", "S2"]) runner.release(stage);
    expect(await results).toEqual([succeeded("S1"), succeeded("S2"), succeeded("S3")]);
  });

  test("goes on after a failure and returns it in its place", async () => {
    const runner: TurnRunner = {
      run: (task) => (task.stage.id === "S2" ? Promise.reject(new Error("lost")) : echo.run(task, recordingContext())),
    };
    const executor = new ParallelStageExecutor({ runner, concurrency: 1 });
    expect(await executor.executeAll(turnTasks(3), recordingContext())).toEqual([
      succeeded("S1"),
      failedWith("lost"),
      succeeded("S3"),
    ]);
  });
});

describe("a runner that throws", () => {
  test.each<[string, TurnRunner["run"]]>([
    [
      "at once",
      () => {
        throw new Error("broken");
      },
    ],
    ["later", () => Promise.reject(new Error("broken"))],
  ])("%s becomes a failed result that is not retried", async (_when, run) => {
    const executor = new ParallelStageExecutor({ runner: { run } });
    expect(await executor.execute(turnTask("A"), recordingContext())).toEqual(failedWith("broken"));
  });

  test("an error of ours keeps its code", async () => {
    const run = (): Promise<TurnResult> => Promise.reject(new TroupeError("STORE_FULL", "no space"));
    const executor = new ParallelStageExecutor({ runner: { run } });
    expect(await executor.execute(turnTask("A"), recordingContext())).toEqual(failedWith("no space", "STORE_FULL"));
  });

  test("because it was aborted becomes interrupted", async () => {
    const abort = new AbortController();
    const run: TurnRunner["run"] = (_task, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("ended"))));
    const result = new ParallelStageExecutor({ runner: { run } }).execute(
      turnTask("A"),
      recordingContext(abort.signal),
    );
    abort.abort("cancelled");
    expect(await result).toEqual(interrupted("cancelled"));
  });
});

describe("limits", () => {
  async function runEight(
    executor: ParallelStageExecutor,
    runner: ReturnType<typeof createHeldRunner>,
    limit: number | null,
  ) {
    const group = { name: "crowd", maxConcurrent: limit };
    const results = executor.executeAll(turnTasks(8, group), recordingContext());
    for (let n = 1; n <= 8; n += 1) {
      await vi.waitFor(() => expect(runner.started).toContain(`S${n}`), { timeout: 5_000 });
      await vi.waitFor(() => expect(runner.running).toBe(Math.min(runner.peak, 9 - n)), { timeout: 5_000 });
      runner.release(`S${n}`);
    }
    expect((await results).map((result) => result.status)).toEqual(Array(8).fill("succeeded"));
    expect(runner.started).toEqual(turnTasks(8).map((task) => task.stage.id));
  }

  test("8 turns of a group with max_concurrent 3 peak at exactly 3", async () => {
    const runner = createHeldRunner();
    await runEight(new ParallelStageExecutor({ runner, concurrency: 8 }), runner, 3);
    expect(runner.peak).toBe(3);
  });

  test("8 turns of a group without a limit peak at the executor's 4", async () => {
    const runner = createHeldRunner();
    const executor = new ParallelStageExecutor({ runner });
    expect(executor.capacity).toBe(4);
    await runEight(executor, runner, null);
    expect(runner.peak).toBe(4);
  });

  test("turns that wait for their group hold no slot that another turn could use", async () => {
    const runner = createHeldRunner();
    const executor = new ParallelStageExecutor({ runner, concurrency: 2 });
    const group = { name: "one-by-one", maxConcurrent: 1 };
    const tasks = [turnTask("A", group), turnTask("B", group), turnTask("C")];
    const results = executor.executeAll(tasks, recordingContext());
    expect(runner.started).toEqual(["A", "C"]);
    runner.release("A");
    await vi.waitFor(() => expect(runner.started).toEqual(["A", "C", "B"]), { timeout: 5_000 });
    runner.release("B");
    runner.release("C");
    expect(await results).toHaveLength(3);
  });

  test("groups of the same name in two runs do not limit each other", () => {
    const runner = createHeldRunner();
    const executor = new ParallelStageExecutor({ runner });
    const group = { name: "g", maxConcurrent: 1 };
    void executor.execute(turnTask("A", group, "run-1"), recordingContext());
    void executor.execute(turnTask("B", group, "run-2"), recordingContext());
    expect(runner.started).toEqual(["A", "B"]);
  });

  test("two turns that wait for each other both finish", async () => {
    const here = new Set<string>();
    const { promise: both, resolve } = Promise.withResolvers<void>();
    const runner: TurnRunner = {
      async run(task) {
        here.add(task.stage.id);
        if (here.size === 2) resolve();
        await both;
        return succeeded(task.stage.id);
      },
    };
    const group = { name: "pair", maxConcurrent: 2 };
    const executor = new ParallelStageExecutor({ runner, concurrency: 2 });
    const results = await executor.executeAll([turnTask("A", group), turnTask("B", group)], recordingContext());
    expect(results).toEqual([succeeded("A"), succeeded("B")]);
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses a concurrency of %d", (concurrency) => {
    expect(() => new ParallelStageExecutor({ runner: echo, concurrency })).toThrow(
      `concurrency must be a positive integer, not ${concurrency}`,
    );
  });
});

describe("progress", () => {
  test("a turn that starts at once is launched, one that waits is queued first; the runner's news pass", async () => {
    const runner: TurnRunner = {
      run: (task, context) => {
        context.progress({ type: "output", text: "hello" });
        return echo.run(task, context);
      },
    };
    const executor = new ParallelStageExecutor({ runner, concurrency: 1 });
    const contexts = [recordingContext(), recordingContext()];
    await Promise.all(contexts.map((context, n) => executor.execute(turnTask(`S${n}`), context)));
    expect(contexts.map((context) => context.updates)).toEqual([
      [{ type: "launched" }, { type: "output", text: "hello" }],
      [{ type: "queued" }, { type: "launched" }, { type: "output", text: "hello" }],
    ]);
  });

  test("a listener that throws harms no turn", async () => {
    const progress = (): void => {
      throw new Error("broken display");
    };
    const runner: TurnRunner = {
      run: (task, context) => {
        context.progress({ type: "tool", phase: "start" });
        return echo.run(task, context);
      },
    };
    const executor = new ParallelStageExecutor({ runner, concurrency: 1 });
    expect(await executor.executeAll(turnTasks(2), { ...recordingContext(), progress })).toEqual([
      succeeded("S1"),
      succeeded("S2"),
    ]);
  });
});

describe("attach", () => {
  test("ends what is left of the turn and tells what was noted of it", async () => {
    const ended: string[] = [];
    const noted: AbandonedTurn = { log: { turn: "A.1", bytes: 5, truncated: false }, usage: null, session: "s" };
    const runner: TurnRunner = {
      ...echo,
      endAbandoned: async (task) => {
        ended.push(task.turn);
        return task.turn === "A.1" ? noted : null;
      },
    };
    const executor = new ParallelStageExecutor({ runner });
    expect(await executor.attach(turnTask("A"), recordingContext())).toEqual({ ...interrupted("crashed"), ...noted });
    expect(await executor.attach(turnTask("B"), recordingContext())).toBeNull();
    expect(ended).toEqual(["A.1", "B.1"]);
  });

  test("finds nothing when the runner leaves nothing behind", async () => {
    expect(await new ParallelStageExecutor({ runner: echo }).attach(turnTask("A"), recordingContext())).toBeNull();
  });

  test("rejects when something may still be alive", async () => {
    const runner: TurnRunner = { ...echo, endAbandoned: () => Promise.reject(new Error("still there")) };
    await expect(new ParallelStageExecutor({ runner }).attach(turnTask("A"), recordingContext())).rejects.toThrow(
      "still there",
    );
  });
});

describe("close", () => {
  test("waits for what runs and for what waits, then closes the runner, once", async () => {
    const runner = createHeldRunner();
    const executor = new ParallelStageExecutor({ runner, concurrency: 1 });
    const group = { name: "g", maxConcurrent: 1 };
    const results = executor.executeAll([turnTask("A", group), turnTask("B", group)], recordingContext());
    const closed = Promise.all([executor.close(), executor.close()]);
    runner.release("A");
    await vi.waitFor(() => expect(runner.started).toEqual(["A", "B"]), { timeout: 5_000 });
    expect(runner.closed).toBe(0);
    runner.release("B");
    await closed;
    expect(runner.closed).toBe(1);
    expect(await results).toEqual([succeeded("A"), succeeded("B")]);
  });

  test("settles at once when nothing runs, also with a runner that has nothing to close", async () => {
    await new ParallelStageExecutor({ runner: echo }).close();
  });

  test("refuses what comes later", async () => {
    const executor = new ParallelStageExecutor({ runner: echo });
    await executor.close();
    expect(await executor.execute(turnTask("A"), recordingContext())).toEqual(
      failedWith("A.1 came after the executor was closed", "INTERNAL"),
    );
  });
});
