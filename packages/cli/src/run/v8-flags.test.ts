import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { EARLY_COLLECTION, NO_GROWTH, setRunFlags } from "./v8-flags.js";

/** What a process prints that runs a script and sets a flag when it runs already. */
async function printed(script: string, flag: string, ...args: readonly string[]): Promise<string> {
  const before = `require("node:v8").setFlagsFromString(${JSON.stringify(flag)});`;
  const { stdout } = await promisify(execFile)(process.execPath, [...args, "-e", before + script], {
    maxBuffer: 1 << 26,
  });
  return stdout;
}

/** Megabytes of the young generation of a process in which much has survived. */
async function youngMegabytes(flag: string): Promise<number> {
  const script = `
    globalThis.kept = Array.from({ length: 500_000 }, (_, index) => ({ index, list: [index] }));
    const { space_size } = require("node:v8").getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
    process.stdout.write(String(space_size / 2 ** 20));
  `;
  return Number(await printed(script, flag));
}

/** Collections of the old generation in a process that keeps fifteen times as much as at the first one, which it asks for. */
async function collections(flag: string): Promise<number> {
  const script = `
    globalThis.kept = [];
    const keep = (count) => {
      for (let index = 0; index < count; index += 1) kept.push(new Array(20).fill(index));
    };
    keep(50_000);
    gc();
    keep(700_000);
  `;
  return (await printed(script, flag, "--trace-gc", "--expose-gc")).split("Mark-Compact").length - 1;
}

test("V8 takes it from a process that runs: its young generation stays small, whatever survives", async () => {
  const kept = await youngMegabytes(NO_GROWTH);
  expect(kept).toBeLessThanOrEqual(4);
  expect(await youngMegabytes("--semi-space-growth-factor=2")).toBeGreaterThan(kept * 2); // as it does by itself
});

test("V8 takes it from a process that runs: the old generation is collected more often", async () => {
  const often = await collections(EARLY_COLLECTION);
  expect(often).toBeGreaterThan(await collections("--heap-growing-percent=900"));
});

test("a process that performs a run knows all of them", () => {
  expect(setRunFlags).not.toThrow();
});
