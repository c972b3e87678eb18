import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const MIB = 1024 * 1024;

// Runs programs that print 1 GiB each, side by side, and holds their capped texts, in a process of its own; prints what
// it took.
const PROGRAM = `
  import { createOutputCap, runProcess } from "@troupe/process";
  const run = async (line, index) => {
    const cap = createOutputCap({ maxBytes: 1024 * 1024 });
    const { exitCode } = await runProcess({
      command: { shell: line },
      cwd: "/", env: { PATH: process.env.PATH }, input: null, marker: "memory/1/WORK." + index,
      timeoutMs: null, idleTimeoutMs: null, signal: new AbortController().signal, onOutput: (chunk) => cap.write(chunk),
    });
    return [exitCode, cap.totalBytes, cap.text().length < 1024 * 1024 + 100];
  };
  const before = process.memoryUsage.rss();
  const outcomes = await Promise.all(process.argv.slice(1).map(run));
  const peak = process.resourceUsage().maxRSS * 1024;
  console.log(JSON.stringify({ outcomes, before, peak }));
`;

async function runModule(program: string, ...args: readonly string[]): Promise<string> {
  const options = { cwd: fileURLToPath(new URL("..", import.meta.url)) };
  const flags = ["--conditions=@troupe/source", "--import", "tsx", "--input-type=module", "--eval", program];
  return (await promisify(execFile)(process.execPath, [...flags, ...args], options)).stdout;
}

const GIB = 1024 * MIB;
const ZEROES = `head -c ${GIB} /dev/zero`;
const STREAMS: Readonly<Record<string, readonly string[]>> = {
  "one line of 1 GiB without an end": [ZEROES],
  "four of them at once": [ZEROES, ZEROES, ZEROES, ZEROES],
};

for (const [what, lines] of Object.entries(STREAMS)) {
  test(`${what} takes less than 150 MB of memory, and none of it is missed`, { timeout: 240_000 }, async (context) => {
    const { outcomes, before = 0, peak = 0 } = JSON.parse(await runModule(PROGRAM, ...lines));
    expect(outcomes).toEqual(lines.map(() => [0, GIB, true]));
    const [own, most] = [peak - before, peak].map((bytes) => Math.round(bytes / 1e6));
    await context.annotate(`${own} MB, with Node and the TypeScript loader ${most} MB`);
    expect(own).toBeLessThan(70);
    // Node itself takes 50 of it, the loader of this test another 30
    expect(most).toBeLessThan(150);
  });
}

test("the example of the README runs", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const example = /```js\n(.*?)```/s.exec(readme)?.[1] ?? "";
  expect(await runModule(example)).toBe(`exited 0 ${process.version}\n\n`);
});
