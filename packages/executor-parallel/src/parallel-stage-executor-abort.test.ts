import { describe, expect, test, vi } from "vitest";
import { createHeldRunner } from "../test/held-runner.js";
import { interrupted, recordingContext, succeeded, turnTask } from "../test/turns.js";
import { ParallelStageExecutor } from "./parallel-stage-executor.js";

describe("abort", () => {
  test("before the start: interrupted, the runner is never called", async () => {
    const runner = createHeldRunner();
    const executor = new ParallelStageExecutor({ runner });
    const context = recordingContext(AbortSignal.abort("fail-fast"));
    expect(await executor.execute(turnTask("A"), context)).toEqual(interrupted("fail-fast"));
    expect([runner.started, context.updates]).toEqual([[], []]);
  });

  test.each([null, { name: "g", maxConcurrent: 1 }])(
    "while queued: at once, and its slot goes to the next",
    async (group) => {
      const runner = createHeldRunner();
      const executor = new ParallelStageExecutor({ runner, concurrency: 1 });
      const abort = new AbortController();
      const first = executor.execute(turnTask("A", group), recordingContext());
      const context = recordingContext(abort.signal);
      const second = executor.execute(turnTask("B", group), context);
      const third = executor.execute(turnTask("C", group), recordingContext());
      abort.abort("limit");
      expect(await second).toEqual(interrupted("limit"));
      expect(context.updates).toEqual([{ type: "queued" }]);
      runner.release("A");
      await vi.waitFor(() => expect(runner.started).toEqual(["A", "C"]), { timeout: 5_000 });
      runner.release("C");
      expect(await Promise.all([first, third])).toEqual([succeeded("A"), succeeded("C")]);
    },
  );

  test("while it has its group's place but no slot: the group's next turn takes the place at once", async () => {
    const runner = createHeldRunner();
    const executor = new ParallelStageExecutor({ runner, concurrency: 1 });
    const group = { name: "g", maxConcurrent: 1 };
    const abort = new AbortController();
    void executor.execute(turnTask("OTHER"), recordingContext());
    const left = executor.execute(turnTask("A", group), recordingContext(abort.signal));
    void executor.execute(turnTask("B", group), recordingContext());
    abort.abort("fail-fast");
    expect(await left).toEqual(interrupted("fail-fast"));
    await new Promise((resolve) => setImmediate(resolve)); // B is in line for the slot, before C
    void executor.execute(turnTask("C"), recordingContext());
    runner.release("OTHER");
    await vi.waitFor(() => expect(runner.started).toEqual(["OTHER", "B"]), { timeout: 5_000 });
  });

  test("while it runs: settles with what the runner says, and only then; the slot stays taken until then", async () => {
    const runner = createHeldRunner();
    const executor = new ParallelStageExecutor({ runner, concurrency: 1 });
    const abort = new AbortController();
    let isSettled = false;
    const first = executor.execute(turnTask("A"), recordingContext(abort.signal)).finally(() => {
      isSettled = true;
    });
    const second = executor.execute(turnTask("B"), recordingContext());
    abort.abort("stopped");
    await new Promise((resolve) => setImmediate(resolve)); // every microtask that could settle it has run
    expect([isSettled, runner.started]).toEqual([false, ["A"]]);
    runner.release("A", interrupted("stopped"));
    expect(await first).toEqual(interrupted("stopped"));
    await vi.waitFor(() => expect(runner.started).toEqual(["A", "B"]), { timeout: 5_000 });
    runner.release("B");
    expect(await second).toEqual(succeeded("B"));
  });

  test("while it runs after it has waited: the slot stays taken until its runner has settled", async () => {
    const runner = createHeldRunner();
    const executor = new ParallelStageExecutor({ runner, concurrency: 1 });
    const abort = new AbortController();
    const first = executor.execute(turnTask("A"), recordingContext());
    const second = executor.execute(turnTask("B"), recordingContext(abort.signal));
    const third = executor.execute(turnTask("C"), recordingContext());
    runner.release("A");
    await vi.waitFor(() => expect(runner.started).toEqual(["A", "B"]), { timeout: 30_000 });
    abort.abort("stopped");
    await new Promise((resolve) => setImmediate(resolve)); // every microtask that could begin the next one has run
    expect(runner.started).toEqual(["A", "B"]);
    runner.release("B", interrupted("stopped"));
    await vi.waitFor(() => expect(runner.started).toEqual(["A", "B", "C"]), { timeout: 30_000 });
    runner.release("C");
    expect(await Promise.all([first, second, third])).toEqual([succeeded("A"), interrupted("stopped"), succeeded("C")]);
  });

  test("does not undo a success", async () => {
    const runner = createHeldRunner();
    const abort = new AbortController();
    const result = new ParallelStageExecutor({ runner }).execute(turnTask("A"), recordingContext(abort.signal));
    abort.abort("fail-fast");
    runner.release("A");
    expect(await result).toEqual(succeeded("A"));
  });
});
