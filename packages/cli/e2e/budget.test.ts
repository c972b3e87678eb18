import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { AGENT, createProject, eventsOf, OBJECTIVE, statusOf, type TestProject } from "./harness.js";

const METERED = join(dirname(AGENT), "metered.mjs");
const LIMITED = join(dirname(AGENT), "limited.mjs");
const STAGES = `stages:
  FIRST: { work_agent: worker, artifacts: [] }
  HOLD: { work_agent: worker, artifacts: [] }
  LAST: { work_agent: worker, artifacts: [] }
`;

interface Reported {
  readonly status: string;
  readonly usage: Readonly<Record<string, number>>;
  readonly stages: readonly { readonly id: string; readonly usage: Readonly<Record<string, number>> }[];
}

async function report(project: TestProject): Promise<Reported> {
  return JSON.parse((await project.run("status", "--json")).stdout);
}

/** Dollars and turns that did not tell their cost, of the run and its stages. */
async function costs(project: TestProject): Promise<unknown> {
  const { status, usage, stages } = await report(project);
  return { status, run: [usage.costUsd, usage.unknownCost], stages: stages.map(({ usage: own }) => own.costUsd) };
}

test("over kill -9 and a resume each turn counts once: settled ones, and what one in flight had told", async () => {
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": STAGES,
    "metered.mjs": readFileSync(METERED, "utf8"),
    "troupe.yaml": "limits: { cost: 0.9 }\nagents: { default: ./metered.mjs }\n",
  });
  const first = project.start("run", "objective.md");
  await project.line("calls.log", "told HOLD.1");
  expect(await costs(project)).toEqual({ status: "running", run: [0.25, 0], stages: [0.25, 0, 0] });
  first.child.kill("SIGKILL");
  await first.finished;
  expect(await costs(project)).toEqual({ status: "stalled", run: [0.25, 0], stages: [0.25, 0, 0] });
  const second = project.start("resume");
  await project.line("calls.log", "told HOLD.2");
  expect(await costs(project)).toEqual({ status: "running", run: [0.5, 0], stages: [0.25, 0.25, 0] });
  second.child.kill("SIGKILL");
  await second.finished;
  await project.write("go", "");
  const limited = await project.run("resume");
  expect([limited.code, limited.stdout.replace(/\S+: \d/, "RUN: N")]).toEqual([
    7,
    expect.stringContaining("Stopped at its cost limit ($1.00 of $0.90)"),
  ]);
  expect(await costs(project)).toEqual({ status: "limited", run: [1, 0], stages: [0.25, 0.75, 0] });
  const warnings = eventsOf(project).filter(({ type }) => type === "limit.neared");
  expect(warnings).toEqual([{ type: "limit.neared", limit: "cost", used: 0.75, of: 0.9, isAtLeast: false }]);
  const [, flag = ""] = /troupe resume \S+ (--max-cost \S+)/.exec(limited.stderr) ?? [];
  expect(flag).toBe("--max-cost 1.9");
  expect((await project.run("resume", ...flag.split(" "))).code).toBe(0);
  expect(await costs(project)).toEqual({ status: "succeeded", run: [1.25, 0], stages: [0.25, 0.75, 0.25] });
});

const limitedProject = async (files: Readonly<Record<string, string>> = {}): Promise<TestProject> => {
  const command = JSON.stringify([process.execPath, LIMITED]);
  return await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": "stages:\n  ONLY: { work_agent: worker, artifacts: [], retry: { attempts: 1 } }\n",
    "troupe.yaml": `agents: { default: ["command", { command: ${command} }] }\n`,
    ...files,
  });
};

test("a run waits for the time that its agent's usage limit names, uses no attempt, and says so", async () => {
  const project = await limitedProject();
  const { code, stdout, stderr } = await project.start("run", "objective.md").finished;
  expect(project.starts()).toHaveLength(2);
  expect(stderr).toMatch(/ONLY: work failed after .*usage limit reached, resets at .*; waits until \d\d:\d\d:\d\d\n/);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^Done: \S+ 1 completed of 1 stage\.\n$/),
  });
});

test("status tells of the wait from another terminal, and cancel ends it", async () => {
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
  const project = await limitedProject({ "reset-at": inAnHour });
  const running = project.start("run", "objective.md");
  await expect
    .poll(async () => (await project.run("status")).stdout, { timeout: 60_000 })
    .toMatch(/waits until .* UTC/);
  const { runId } = await statusOf(project);
  expect(await project.run("cancel", runId)).toMatchObject({ code: 0 });
  expect((await running.finished).code).not.toBe(0);
  expect(project.starts()).toHaveLength(1);
});
