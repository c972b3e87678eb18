import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PLANTED_BUGS } from "./all-bugs.js";
import type { PlantedBug } from "./planted-bug.js";

/** A bug that hangs its finder is found: after this long, in milliseconds. */
const PATIENCE_MS = 60_000;

const packages = join(dirname(fileURLToPath(import.meta.url)), "../..");

interface Outcome {
  readonly verdict: "passed" | "failed" | "broken";
  /** What the test runner printed, for a person. */
  readonly output: string;
}

/** Runs one test file, with a bug planted into the source that it loads, or as it is. Nothing on the disk is changed. */
function runTests(file: string, bug: PlantedBug | null): Promise<Outcome> {
  const [name = "", ...rest] = file.split("/");
  const args = ["run", rest.join("/"), "--bail=1", "--reporter=default", "--coverage.enabled=false"];
  const environment = { ...process.env, NO_COLOR: "1" };
  const planted =
    bug === null ? {} : { TROUPE_PLANTED_BUG: JSON.stringify({ ...bug, file: join(packages, bug.file) }) };
  const child = spawn(join(packages, "../node_modules/.bin/vitest"), args, {
    cwd: join(packages, name),
    env: { ...environment, ...planted },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // with its workers, so that all of them end
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    }, PATIENCE_MS);
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ verdict: isLate ? "failed" : verdictOf(code, output), output });
    });
  });
}

/** `broken`: no test has judged anything, so a failure says nothing about the bug. */
function verdictOf(code: number | null, output: string): Outcome["verdict"] {
  if (code === 0) return "passed";
  const hasFailedTest = /^\s*Tests\s+\d+ failed/m.test(output);
  return hasFailedTest && !output.includes("cannot be planted") ? "failed" : "broken";
}

/** Does the tasks, several at a time. */
async function inLanes<Task>(tasks: readonly Task[], perform: (task: Task) => Promise<void>): Promise<void> {
  const waiting = [...tasks];
  const lane = async (): Promise<void> => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) await perform(task);
  };
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, lane));
}

async function main(args: readonly string[]): Promise<number> {
  const names = args.filter((word) => word !== "--only"); // of bugs; none = all of them
  const unknown = names.find((word) => !PLANTED_BUGS.some(({ name }) => name === word));
  if (unknown !== undefined) throw new Error(`no planted bug is called "${unknown}"`);
  const bugs = PLANTED_BUGS.filter(({ name }) => names.length === 0 || names.includes(name));
  const start = performance.now();
  const problems: string[] = [];
  const finders = [...new Set(bugs.flatMap(({ foundBy }) => foundBy))];
  await inLanes(finders, async (file) => {
    const { verdict, output } = await runTests(file, null);
    if (verdict !== "passed") problems.push(`${file} fails without any bug:\n${output}`);
  });
  const look = async (bug: PlantedBug): Promise<void> => {
    for (const file of bug.foundBy) {
      const { verdict, output } = await runTests(file, bug);
      if (verdict === "failed") return void process.stdout.write(`found      ${bug.name}\n`);
      if (verdict === "broken") problems.push(`"${bug.name}": ${file} cannot be run with it:\n${output}`);
    }
    problems.push(`NOT FOUND  ${bug.name}: ${bug.foundBy.join(", ")}`);
  };
  await inLanes(
    bugs.filter(({ alone }) => alone !== true),
    look,
  );
  for (const bug of bugs) if (bug.alone === true) await look(bug);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  process.stdout.write(`planted bugs: ${bugs.length}, problems: ${problems.length}, ${seconds} s\n`);
  return problems.length === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
