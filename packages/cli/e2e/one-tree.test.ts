import { expect, test, vi } from "vitest";
import { createProject, OBJECTIVE, STEP, type TestProject } from "./harness.js";

/** One stage that may write the working tree, held until go-NAME appears. */
function createHeld(): Promise<TestProject> {
  const command = JSON.stringify(["command", { command: [process.execPath, STEP, "ann"] }]);
  return createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": "stages:\n  ONLY: { work_agent: ann }\n",
    "troupe.yaml": `agents:\n  default: ${command}\n`,
    "hold-ann": "",
  });
}

interface Listed {
  readonly runId: string;
  readonly status: string;
}

async function listed(project: TestProject): Promise<readonly Listed[]> {
  return JSON.parse((await project.run("list", "--json")).stdout).runs;
}

/** Starts all commands at once, lets whoever works finish when the others have ended, and tells the exit codes. */
async function race(
  project: TestProject,
  commands: readonly (readonly string[])[],
): Promise<readonly (number | null)[]> {
  const codes: (number | null)[] = [];
  const refusals: string[] = [];
  const ends = commands.map(async (command) => {
    const { code, stderr } = await project.start(...command).finished;
    codes.push(code);
    if (code !== 0) refusals.push(stderr);
  });
  await vi.waitUntil(() => codes.length >= commands.length - 1, { timeout: 60_000, interval: 20 });
  await project.write("go-ann", "");
  await Promise.all(ends);
  // as a whole: else a failure would show the first words of each only
  expect(refusals).toEqual(refusals.map(() => expect.stringContaining("[TREE_BUSY]")));
  return codes.sort();
}

test("of runs started at the same instant on one tree one goes on, and the others leave nothing behind", async () => {
  for (let round = 0; round < 4; round += 1) {
    const project = await createHeld();
    const commands = [1, 2, 3, 4].map((n) => ["run", "-m", `Objective number ${n}`, "--plain"]);
    expect(await race(project, commands)).toEqual([0, 4, 4, 4]);
    expect(project.starts()).toEqual(["start ann"]);
    expect((await listed(project)).map(({ status }) => status)).toEqual(["succeeded"]);
  }
});

test("a resume is refused while another run may write the tree, and goes on when it is told to", async () => {
  const project = await createHeld();
  const first = project.start("run", "-m", "The first");
  await vi.waitUntil(() => project.starts().length === 1, { timeout: 60_000 });
  first.child.kill("SIGKILL");
  await first.finished;
  const [interrupted] = await listed(project);
  const second = project.start("run", "-m", "The second");
  await vi.waitUntil(() => project.starts().length === 2, { timeout: 60_000 });
  const refused = await project.run("resume", interrupted?.runId ?? "");
  expect(refused.code).toBe(4);
  expect(refused.stderr).toContain("[TREE_BUSY]");
  expect(project.starts()).toHaveLength(2);
  const shared = project.start("resume", interrupted?.runId ?? "", "--share-tree");
  await vi.waitUntil(() => project.starts().length === 3, { timeout: 60_000 });
  await project.write("go-ann", "");
  expect([(await second.finished).code, (await shared.finished).code]).toEqual([0, 0]);
});

test("of interrupted runs resumed at the same instant one goes on, and the other can be resumed after it", async () => {
  const project = await createHeld();
  for (const n of [1, 2]) {
    const { child, finished } = project.start("run", "-m", `Objective number ${n}`);
    await vi.waitUntil(() => project.starts().length === n, { timeout: 60_000 });
    child.kill("SIGKILL");
    await finished;
  }
  const runs = (await listed(project)).map(({ runId }) => runId);
  expect(
    await race(
      project,
      runs.map((runId) => ["resume", runId]),
    ),
  ).toEqual([0, 4]);
  expect(project.starts()).toHaveLength(3);
  const left = (await listed(project)).find(({ status }) => status !== "succeeded");
  expect((await project.run("resume", left?.runId ?? "")).code).toBe(0);
});
