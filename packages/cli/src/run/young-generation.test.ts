import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { NO_GROWTH } from "./young-generation.js";

/** Megabytes of the young generation of a process in which much has survived, with a flag set when it runs already. */
async function youngMegabytes(flag: string): Promise<number> {
  const script = `
    const v8 = require("node:v8");
    v8.setFlagsFromString(${JSON.stringify(flag)});
    globalThis.kept = Array.from({ length: 500_000 }, (_, index) => ({ index, list: [index] }));
    const { space_size } = v8.getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
    process.stdout.write(String(space_size / 2 ** 20));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script]);
  return Number(stdout);
}

test("V8 takes it from a process that runs: its young generation stays small, whatever survives", async () => {
  const kept = await youngMegabytes(NO_GROWTH);
  expect(kept).toBeLessThanOrEqual(4);
  expect(await youngMegabytes("--semi-space-growth-factor=2")).toBeGreaterThan(kept * 2); // as it does by itself
});
