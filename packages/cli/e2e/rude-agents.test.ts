import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { createProject, type Finished, OBJECTIVE, RUDE, type TestProject } from "./harness.js";

/** What each does, by the name that the program takes. */
const BEHAVIOURS = [
  ...["ignores-term", "ignores-all-signals", "starts-a-session", "starts-a-deaf-session", "forks-twice"],
  ...["closes-its-output", "holds-the-pipe", "ends-well-when-told", "never-reads", "closes-its-input"],
  ...["stops-itself", "stops-its-children", "prints-two-verdicts", "writes-into-the-state", "leaves-locks"],
  ...["starts-fifty", "hides", "is-replaced", "becomes-a-daemon", "never-stops-writing", "never-ends-its-line"],
  ...["leaves-zombies", "flees"],
];
/** The way to find a daemon that cleared its environment needs this program. */
const canMark = existsSync("/usr/bin/prlimit") || existsSync("/bin/prlimit");
/** Most of the time a case waits. */
const AT_ONCE = 10;
/** How long after its end nothing of a run may be alive any more. */
const GRACE_MS = 5_000;

/** What stayed, or what went wrong; empty as it should be. */
type Ending = (project: TestProject) => Promise<readonly string[]>;

const ENDINGS: Readonly<Record<string, Ending>> = {
  "its timeout": async (project) => {
    const { code, stderr } = await project.run("run", "objective.md");
    return [...unless(code === 1, `the run ended with ${code}: ${stderr}`), ...(await left(project))];
  },
  "Ctrl+C": async (project) => {
    const { child, finished } = await started(project);
    child.kill("SIGINT");
    await Promise.race([finished, delay(1_000)]);
    child.kill("SIGINT"); // no more patience with those that ignore the first
    const { code, signal, stderr } = await finished;
    // the second one may meet a command that has written everything and is about to exit
    return [
      ...unless(code === 130 || signal === "SIGINT", `Ctrl+C ended with ${code}: ${stderr}`),
      ...(await left(project)),
    ];
  },
  "kill -9 of the runner": async (project) => {
    const { child, finished } = await started(project);
    child.kill("SIGKILL");
    await finished;
    await project.write("go", "");
    const { code, stderr } = await project.run("resume");
    return [...unless(code === 0, `resume ended with ${code}: ${stderr}`), ...(await left(project))];
  },
};

// the longest first: a timeout waits out the 10 s after TERM with what ignores it
const cases = Object.keys(ENDINGS).flatMap((ending) =>
  BEHAVIOURS.filter((name) => name !== "becomes-a-daemon" || canMark).map((behaviour) => ({ behaviour, ending })),
);

test(`nothing of ${BEHAVIOURS.length} rude agents is left after a timeout, Ctrl+C or kill -9: ${cases.length} cases`, async () => {
  const waiting = [...cases];
  const problems: string[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { behaviour, ending } = next;
      const project = await rudeProject(behaviour, ending === "its timeout" ? "2s" : "10m");
      const found = (await ENDINGS[ending]?.(project)) ?? ["no such ending"];
      problems.push(...found.map((problem) => `${behaviour}, ${ending}: ${problem}`));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  expect(problems).toEqual([]);
}, 300_000);

test("an agent that ends well without a result and leaves others behind has failed, and they are ended", async () => {
  const project = await rudeProject("ends-at-once", "10m");
  const { code, stdout } = await project.run("run", "objective.md");
  expect([code, stdout]).toEqual([1, expect.stringContaining("AGENT_NO_OUTPUT")]);
  expect(await left(project)).toEqual([]);
}, 60_000);

test.runIf(canMark)(
  "a copy of a project, with its run, never ends what the original has left",
  async () => {
    const project = await rudeProject("becomes-a-daemon", "10m");
    const { child, finished } = await started(project);
    child.kill("SIGKILL");
    await finished;
    const [daemon = 0] = project.read("pids").split("\n").map(Number);
    const copy = await createProject({});
    await cp(project.folder, copy.folder, { recursive: true });
    for (const one of [copy, project]) await one.write("go", "");
    expect((await copy.run("resume")).code).toBe(0);
    expect(commandOf(daemon)).toContain("86399");
    expect((await project.run("resume")).code).toBe(0);
    expect([await left(project), await left(copy)]).toEqual([[], []]);
  },
  60_000,
);

function rudeProject(behaviour: string, timeout: string): Promise<TestProject> {
  return createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": `stages:\n  A: { work_agent: rude, artifacts: [], timeout: ${timeout}, retry: { attempts: 1 } }\n`,
    "troupe.yaml": `agents:\n  default: ["command", { command: ["sh", ${JSON.stringify(RUDE)}, ${behaviour}] }]\n`,
  });
}

interface Started {
  readonly child: { kill(signal: NodeJS.Signals): boolean };
  readonly finished: Promise<Finished>;
}

/** Once the agent has done its worst. */
async function started(project: TestProject): Promise<Started> {
  const running = project.start("run", "objective.md");
  await expect.poll(() => project.has("ready"), { timeout: 60_000, interval: 20 }).toBe(true);
  return running;
}

function unless(isFine: boolean, problem: string): readonly string[] {
  return isFine ? [] : [problem];
}

/** Processes still there when the time of grace is over; those of the fleeing kind are found by their folder. */
async function left(project: TestProject): Promise<readonly string[]> {
  const until = performance.now() + GRACE_MS;
  for (;;) {
    const noted = project.read("pids").split("\n").filter(Boolean).map(Number);
    const alive = [
      ...new Set([...noted.filter((pid) => commandOf(pid).includes("86399")), ...inFolder(project.folder)]),
    ];
    if (alive.length === 0) return [];
    if (performance.now() > until) {
      const problems = alive.map((pid) => `left ${pid} ${commandOf(pid)}`);
      for (const pid of alive) process.kill(pid, "SIGKILL");
      return problems;
    }
    await delay(50);
  }
}

/** By working folder, arguments and environment, whatever mark it carries; this process itself has none of them. */
function inFolder(folder: string): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const cwd = attempt(() => readlinkSync(join("/proc", pid, "cwd")));
      return cwd === folder || commandOf(Number(pid)).includes(folder) || textOf(pid, "environ").includes(folder);
    })
    .map(Number);
}

/** "" = gone, or a zombie. */
function commandOf(pid: number): string {
  return textOf(String(pid), "cmdline").replaceAll("\0", " ").trim();
}

function textOf(pid: string, name: string): string {
  return attempt(() => readFileSync(join("/proc", pid, name), "utf8"));
}

function attempt(read: () => string): string {
  try {
    return read();
  } catch {
    return ""; // gone meanwhile
  }
}
