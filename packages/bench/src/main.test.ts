import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ROWS } from "./rows.js";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const bench = (...args: readonly string[]) => promisify(execFile)(process.execPath, [main, ...args]);

test("every row runs and prints its figures; how fast it was is nobody's business here", {
  timeout: 300_000, // a guard against hanging: a busy machine takes a minute
}, async () => {
  const { stdout, stderr } = await bench("--smoke", "--json");
  const { figures }: { figures: readonly { row: string; value: { median: number } }[] } = JSON.parse(stdout);
  const skipped = stderr.includes("skipped: ninja is not installed") ? ["commands"] : [];
  const expected = ROWS.map(({ name }) => name).filter((name) => !skipped.includes(name));
  expect([...new Set(figures.map(({ row }) => row))]).toEqual(expected);
  expect(figures.filter(({ value }) => !Number.isFinite(value.median))).toEqual([]);
});

test("one row alone, as the table of the documents", async () => {
  const { stdout } = await bench("sequential", "--smoke", "--markdown");
  const [, , head, rule, ...rows] = stdout.trim().split("\n");
  expect([head, rule]).toEqual([
    "| row | what | figure | floor | ratio | target | met |",
    "| --- | --- | --- | --- | --- | --- | --- |",
  ]);
  expect(rows.map((row) => row.split(" | ").slice(0, 2))).toEqual([
    ["| sequential", "time per stage, store-fs"],
    ["| sequential", "beside a bare loop, store-fs"],
    ["| sequential", "entries per stage, store-fs"],
    ["| sequential", "time per stage, store-sqlite"],
    ["| sequential", "beside a bare loop, store-sqlite"],
    ["| sequential", "entries per stage, store-sqlite"],
  ]);
});

test("names the row that there is none of, and the rows that there are", async () => {
  await expect(bench("sequentia")).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/error: there is no row "sequentia"\n\nUsage: [\s\S]*\n {2}sequential +1,000/),
  });
});
