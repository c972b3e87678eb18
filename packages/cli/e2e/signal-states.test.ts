import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createProject, eventsOf, FLAKY, OBJECTIVE, STEP, STUBBORN, statusOf, type TestProject } from "./harness.js";

const IN_TIME = { timeout: 60_000, interval: 20 };
const node = JSON.stringify(process.execPath);
const LIMITED = `import { appendFileSync } from "node:fs";
for await (const _ of process.stdin);
appendFileSync("calls.log", "start ONLY\\n");
console.error(\`usage limit reached, resets at \${new Date(Date.now() + 3_600_000).toISOString()}\`);
process.exitCode = 1;
`;
const agents = (program: string): string => `agents: { default: ["command", { command: [${node}, "${program}"] }] }\n`;

/** Waits until the run, which does nothing then, is in its state, and ends it; it has no time to wait for anything. */
async function endWhen(project: TestProject, isThere: () => unknown, ...args: readonly string[]): Promise<unknown> {
  const { child, finished } = project.start(...args);
  await expect.poll(isThere, IN_TIME).toBe(true);
  const signalledAt = performance.now();
  child.kill("SIGINT");
  const { code, stdout } = await finished;
  expect(performance.now() - signalledAt).toBeLessThan(8_000); // agents that ignore TERM would have 10 s
  expect(project.leftovers()).toEqual([]);
  const { runId, run, stages } = await statusOf(project);
  expect(stdout).toBe(`Saved. Resume with: troupe resume ${runId}\n`);
  return { code, run, stages };
}

const hasEvent = (project: TestProject, type: string, count = 1): boolean =>
  existsSync(join(project.folder, ".troupe", "runs")) &&
  existsSync(join(project.runFolder(), "journal.jsonl")) &&
  eventsOf(project).filter((event) => event.type === type).length >= count;

test("before the first turn, while agents are asked how they are, SIGINT ends the command and no run is there", async () => {
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": "stages:\n  ONLY: { work_agent: worker, artifacts: [] }\n",
    "slow.mjs": `import { writeFileSync } from "node:fs";
export default {
  kind: "agent",
  name: "slow",
  apiVersion: 1,
  options: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } },
  create: () => ({
    check: () => new Promise(() => { writeFileSync("asked", ""); setInterval(() => {}, 60_000); }),
    run: async () => ({ output: "done", session: null, usage: null }),
  }),
};
`,
    "troupe.yaml": "agents: { default: ./slow.mjs }\n",
  });
  const { child, finished } = project.start("run", "objective.md");
  await expect.poll(() => project.has("asked"), IN_TIME).toBe(true);
  child.kill("SIGINT");
  const { code, signal } = await finished;
  expect([130, "SIGINT"]).toContain(code ?? signal); // a shell shows 130 for either
  expect((await project.run("list", "--json")).stdout).toBe('{"version":1,"runs":[]}\n');
});

test("while a stage waits for its next attempt SIGINT ends the run at once", async () => {
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": "stages:\n  ONLY: { work_agent: worker, artifacts: [], retry: { attempts: 3, delay: 1h } }\n",
    "fails-ONLY": "1",
    "troupe.yaml": agents(FLAKY),
  });
  const isRetrying = () => hasEvent(project, "turn.settled");
  expect(await endWhen(project, isRetrying, "run", "objective.md")).toEqual({
    code: 130,
    run: "interrupted",
    stages: { ONLY: "interrupted" },
  });
});

test("while a run waits for a usage limit SIGINT ends it at once, and resume waits on without an attempt", async () => {
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": "stages:\n  ONLY: { work_agent: worker, artifacts: [], retry: { attempts: 1 } }\n",
    "limited.mjs": LIMITED,
    "reset-at": new Date(Date.now() + 3_600_000).toISOString(),
    "troupe.yaml": agents("limited.mjs"),
  });
  const interrupted = { code: 130, run: "interrupted", stages: { ONLY: "interrupted" } };
  const isWaiting = () => hasEvent(project, "turn.settled");
  expect(await endWhen(project, isWaiting, "run", "objective.md")).toEqual(interrupted);
  const isResumed = () => hasEvent(project, "run.claimed", 2);
  expect(await endWhen(project, isResumed, "resume")).toEqual(interrupted);
  expect(project.starts()).toEqual(["start ONLY"]);
});

test("during a check SIGINT ends the check, and resume runs the check again, not the work", async () => {
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": `stages:\n  ONLY: { work_agent: worker, artifacts: [], checks: [[${node}, "${STEP}", CHECK]] }\n`,
    "hold-CHECK": "",
    "troupe.yaml": agents(FLAKY),
  });
  const isChecking = () => project.starts().includes("start CHECK");
  expect(await endWhen(project, isChecking, "run", "objective.md")).toEqual({
    code: 130,
    run: "interrupted",
    stages: { ONLY: "interrupted" },
  });
  await project.write("go-CHECK", "");
  expect((await project.run("resume")).code).toBe(0);
  const calls = readFileSync(join(project.folder, "calls.log"), "utf8").trim().split("\n");
  expect(calls).toEqual(["agent ONLY.1", "start CHECK", "start CHECK", "end CHECK"]);
});

test("while a resume takes over what a dead runner left SIGINT ends it, nothing is left, and the run goes on", async () => {
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": `stages:\n  ONLY: { run: [${node}, "${STUBBORN}", ONLY] }\n`,
  });
  const first = project.start("run", "objective.md");
  await project.line("calls.log", "start ONLY");
  first.child.kill("SIGKILL");
  await first.finished;
  expect(project.leftovers()).toHaveLength(1);
  const { child, finished } = project.start("resume");
  await expect.poll(() => hasEvent(project, "run.claimed", 2), IN_TIME).toBe(true);
  child.kill("SIGINT");
  child.kill("SIGINT"); // should the next attempt have begun: it ignores TERM
  expect([130, 0]).toContain((await finished).code);
  expect(project.leftovers()).toEqual([]);
  expect(await statusOf(project)).toMatchObject({ run: "interrupted", stages: { ONLY: "interrupted" } });
  await project.write("go-ONLY", "");
  expect((await project.run("resume")).code).toBe(0);
});
