import { expect, test } from "vitest";
import { until, within } from "./within.js";

test("a value in time is passed on, a rejection too", async () => {
  expect(await within(1000, "it", Promise.resolve(7))).toBe(7);
  await expect(within(1000, "it", Promise.reject(new Error("broken")))).rejects.toThrow("broken");
});

test("what takes longer is an assertion error that says what", async () => {
  await expect(within(5, "the turn", new Promise(() => {}))).rejects.toThrow("the turn took more than 5 ms");
  await expect(until(5, "the start", () => false)).rejects.toThrow("the start: not within 5 ms");
});

test("a condition is asked again until it holds", async () => {
  let asked = 0;
  await until(1000, "it", () => {
    asked += 1;
    return asked === 3;
  });
  expect(asked).toBe(3);
});
