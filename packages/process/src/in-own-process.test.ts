import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const MIB = 1024 * 1024;

// Runs a program that writes `bytes` and holds its capped text, in a process of its own; prints what it took.
const PROGRAM = `
  import { createOutputCap, runProcess } from "@troupe/process";
  const bytes = Number(process.argv[1]);
  const cap = createOutputCap({ maxBytes: 1024 * 1024 });
  const before = process.memoryUsage.rss();
  const outcome = await runProcess({
    command: { argv: ["head", "-c", String(bytes), "/dev/zero"] },
    cwd: "/", env: { PATH: process.env.PATH }, input: null, marker: "memory/1/WORK.1",
    timeoutMs: null, idleTimeoutMs: null, signal: new AbortController().signal, onOutput: (chunk) => cap.write(chunk),
  });
  const peak = process.resourceUsage().maxRSS * 1024;
  console.log(JSON.stringify({ exitCode: outcome.exitCode, total: cap.totalBytes, text: cap.text().length, before, peak }));
`;

async function runModule(program: string, ...args: readonly string[]): Promise<string> {
  const options = { cwd: fileURLToPath(new URL("..", import.meta.url)) };
  const flags = ["--conditions=@troupe/source", "--import", "tsx", "--input-type=module", "--eval", program];
  return (await promisify(execFile)(process.execPath, [...flags, ...args], options)).stdout;
}

test("1 GiB of output takes less than 100 MB of memory, and none of it is missed", { timeout: 120_000 }, async () => {
  const { total, exitCode, text = 0, before = 0, peak = 0 } = JSON.parse(await runModule(PROGRAM, String(1024 * MIB)));
  expect([exitCode, total]).toEqual([0, 1024 * MIB]);
  expect(text).toBeLessThan(MIB + 100);
  // a plain Node takes another 50: together less than 150
  expect(peak - before).toBeLessThan(100 * 1000 * 1000);
});

test("the example of the README runs", { timeout: 60_000 }, async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const example = /```js\n(.*?)```/s.exec(readme)?.[1] ?? "";
  expect(await runModule(example)).toBe(`exited 0 ${process.version}\n\n`);
});
