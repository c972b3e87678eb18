import { type ExecutorHost, PLUGIN_API } from "@troupe/core";
import { describe, expect, test } from "vitest";
import { createHeldRunner } from "../test/held-runner.js";
import plugin from "./plugin.js";

const sink = { write: () => {}, isTerminal: false, size: () => ({ columns: 80, rows: 24 }) };
const host: ExecutorHost = {
  clock: { now: () => 0, monotonic: () => 0, wait: () => Promise.resolve() },
  randomHex: () => "",
  environment: {},
  streams: { stdout: sink, stderr: sink },
  projectFolder: "/",
  stateFolder: "/",
  logger: { debug: () => {}, info: () => {}, warn: () => {} },
  runner: createHeldRunner(),
};

test("is an executor for this version's interface, on the host's runner", async () => {
  expect([plugin.kind, plugin.apiVersion]).toEqual(["executor", PLUGIN_API.executor]);
  const executor = await plugin.create({ concurrency: 7 }, host);
  expect(executor.capacity).toBe(7);
  expect((await plugin.create({}, host)).capacity).toBe(4);
});

describe("options", () => {
  const { validate } = plugin.options["~standard"];

  test.each([
    [undefined, {}],
    [null, {}],
    [{}, {}],
    [{ concurrency: 2 }, { concurrency: 2 }],
  ])("%j is valid", async (given, value) => {
    expect(await validate(given)).toEqual({ value });
  });

  const unknown = { message: 'unknown option; the only one is "concurrency"', path: ["limit"] };
  const notPositive = { message: "expected a positive integer", path: ["concurrency"] };
  test.each([
    ["many", [{ message: "expected a map of options" }]],
    [[2], [{ message: "expected a map of options" }]],
    [{ limit: 2 }, [unknown]],
    [{ limit: 2, concurrency: 2 }, [unknown]],
    [{ limit: 2, concurrency: "2" }, [unknown, notPositive]],
    [{ concurrency: 0 }, [notPositive]],
    [{ concurrency: 1.5 }, [notPositive]],
  ])("%j is refused with every problem", async (given, issues) => {
    expect(await validate(given)).toEqual({ issues });
  });
});
