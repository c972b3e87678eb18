import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createFakeClock, inFolder, isRunning, record, until } from "../test/real-processes.js";
import { watchLimits } from "./limit-watch.js";
import { runProcess } from "./run-process.js";

const MINUTE = 60_000;

describe("a time limit", () => {
  test("ends a program that works on and on, and says so", async () => {
    const clock = createFakeClock();
    const recorded = record("while :; do echo busy; sleep 0.01; done", { timeoutMs: MINUTE, clock });
    const running = runProcess(recorded.request);
    await recorded.said("busy");
    await clock.advance(MINUTE - 1);
    expect(recorded.pids.map(isRunning)).toEqual([true]);
    await clock.advance(1);
    expect(await running).toEqual({ exitCode: null, signal: "SIGTERM", ended: "timeout", durationMs: MINUTE });
  });

  test("runs out in real time, also for a program that ignores TERM", async () => {
    const { request } = record("trap '' TERM; while :; do sleep 0.05; done", {
      timeoutMs: 100,
      ladder: { termMs: 50 },
    });
    expect(await runProcess(request)).toMatchObject({ signal: "SIGKILL", ended: "timeout" });
  });

  test("of more than 25 days does not fire at once", async () => {
    const { request } = record("sleep 0.1; exit 3", { timeoutMs: 3_000_000_000, idleTimeoutMs: 3_000_000_000 });
    expect(await runProcess(request)).toMatchObject({ exitCode: 3, ended: "exited" });
  });

  test("leaves no timer behind", async () => {
    const clock = createFakeClock();
    await runProcess(record("true", { timeoutMs: MINUTE, idleTimeoutMs: MINUTE, clock }).request);
    expect(clock.waiting()).toBe(0);
  });
});

describe("an idle limit", () => {
  test("ends a silent program, counted from its last output", async () => {
    await inFolder(async (cwd) => {
      const clock = createFakeClock();
      const line = "echo one; until [ -e go ]; do sleep 0.01; done; echo two; sleep 1000";
      const recorded = record(line, { idleTimeoutMs: MINUTE, clock, cwd });
      const running = runProcess(recorded.request);
      await recorded.said("one");
      await clock.advance(MINUTE - 1);
      await writeFile(join(cwd, "go"), "");
      await recorded.said("two");
      await clock.advance(MINUTE - 1);
      expect(recorded.pids.map(isRunning)).toEqual([true]);
      await clock.advance(1);
      expect(await running).toMatchObject({ ended: "idle-timeout", durationMs: 2 * MINUTE - 1 });
    });
  });

  test("does not count while a tool runs", async () => {
    const clock = createFakeClock();
    let toolRunning = true;
    const recorded = record("echo working; sleep 1000", {
      idleTimeoutMs: 5 * MINUTE,
      toolRunning: () => toolRunning,
      clock,
    });
    const running = runProcess(recorded.request);
    await recorded.said("working");
    for (let minute = 0; minute < 60; minute++) await clock.advance(MINUTE);
    expect(recorded.pids.map(isRunning)).toEqual([true]);
    toolRunning = false;
    for (let minute = 0; minute < 5; minute++) await clock.advance(MINUTE);
    expect(await running).toMatchObject({ ended: "idle-timeout" });
  });
});

test("a time limit moves on for as long as it is paused, and then runs out", async () => {
  const clock = createFakeClock();
  let since: number | null = clock.monotonic();
  let before = 0;
  const pausedMs = (): number => before + (since === null ? 0 : clock.monotonic() - since);
  const limits = { clock, timeoutMs: MINUTE, idleTimeoutMs: null, toolRunning: () => false, signals: [], pausedMs };
  const watch = watchLimits(limits);
  let isOver = false;
  void watch.reached.then(() => {
    isOver = true;
  });
  for (let minute = 0; minute < 10; minute++) await clock.advance(MINUTE);
  [before, since] = [pausedMs(), null];
  await clock.advance(MINUTE - 1000);
  expect(isOver).toBe(false);
  await clock.advance(1000);
  expect(await watch.reached).toBe("timeout");
});

test("the first limit wins", async () => {
  const clock = createFakeClock();
  const stop = new AbortController();
  const limits = { clock, timeoutMs: 10, idleTimeoutMs: 5, toolRunning: () => false, signals: [stop.signal] };
  const watch = watchLimits(limits);
  await clock.advance(5);
  await clock.advance(5);
  stop.abort();
  expect(await watch.reached).toBe("idle-timeout");
  watch.stop();
  expect(await watchLimits(limits).reached).toBe("aborted");
});

test("the grace period is the caller's clock's", async () => {
  const clock = createFakeClock();
  const recorded = record("trap 'echo asked' TERM; echo ready; while :; do sleep 0.02; done", {
    clock,
    ladder: { closeMs: MINUTE, termMs: MINUTE },
  });
  const running = runProcess(recorded.request);
  await recorded.said("ready");
  recorded.stop.abort();
  await until(() => clock.waiting() === 1);
  await clock.advance(MINUTE);
  await recorded.said("asked");
  await clock.advance(MINUTE);
  expect(await running).toMatchObject({ signal: "SIGKILL", ended: "aborted", durationMs: 2 * MINUTE });
});
