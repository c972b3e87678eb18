import { expect, test, vi } from "vitest";
import { randomHex, silentLogger, systemClock } from "../index.js";

test("random hex has two digits for each byte, and never comes twice", () => {
  expect(randomHex(12)).toMatch(/^[0-9a-f]{24}$/);
  const ids = Array.from({ length: 500 }, () => randomHex(12));
  expect(new Set(ids).size).toBe(500);
  expect([randomHex(0), randomHex(3_000).length]).toEqual(["", 6_000]);
});

test("the clock tells wall time, and time that only goes on", () => {
  const wall = Date.now();
  expect(systemClock.now()).toBeGreaterThanOrEqual(wall);
  const before = systemClock.monotonic();
  expect(systemClock.monotonic()).toBeGreaterThanOrEqual(before);
});

test("a wait ends by its time or by its signal, and never rejects", async () => {
  const start = systemClock.monotonic();
  await systemClock.wait(5);
  expect(systemClock.monotonic() - start).toBeGreaterThan(3);
  const controller = new AbortController();
  const long = systemClock.wait(3_600_000, controller.signal);
  controller.abort();
  await long;
  await systemClock.wait(3_600_000, AbortSignal.abort());
  await systemClock.wait(0);
});

test("a wait longer than a timer can take is made of several and still ends at once by its signal", async () => {
  const controller = new AbortController();
  const warning = vi.fn();
  process.on("warning", warning);
  const long = systemClock.wait(2 ** 33, controller.signal);
  await new Promise((resolve) => setImmediate(resolve));
  controller.abort();
  await long;
  process.off("warning", warning);
  expect(warning).not.toHaveBeenCalled();
});

test("the silent logger says nothing", () => {
  expect([silentLogger.debug("x"), silentLogger.info("x"), silentLogger.warn("x")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
