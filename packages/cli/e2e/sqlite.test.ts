import { existsSync, readdirSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createProject, OBJECTIVE, statusOf, stepWorkflow, type TestProject } from "./harness.js";

const PACKAGE = fileURLToPath(new URL("../../store-sqlite", import.meta.url));
const STORE = 'store: "@troupe/store-sqlite"\n';

// the package manager's launcher of the tests shows them every package of the repository
beforeEach(() => void vi.stubEnv("NODE_PATH", ""));
afterEach(() => void vi.unstubAllEnvs());

/** A project in which the store is installed, and one line chooses it. */
async function sqliteProject(files: Readonly<Record<string, string>>): Promise<TestProject> {
  const workflow = stepWorkflow(["FIRST", "A", "B", "C", "LAST"], { three: { stages: ["A", "B", "C"] } });
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": workflow,
    "troupe.yaml": STORE,
    ...files,
  });
  await mkdir(join(project.folder, "node_modules", "@troupe"), { recursive: true });
  await symlink(PACKAGE, join(project.folder, "node_modules", "@troupe", "store-sqlite"));
  return project;
}

test("one line keeps runs in SQLite: killed in a group, resumed without running anything finished again", async () => {
  const project = await sqliteProject({ "hold-B": "", "hold-C": "" });
  const first = project.start("run", "objective.md");
  await project.line("calls.log", "end A");
  await project.line("calls.log", "start B");
  await project.line("calls.log", "start C");
  await expect.poll(async () => (await statusOf(project)).stages.A, { timeout: 60_000 }).toBe("completed");
  const refused = await project.run("resume");
  expect([refused.code, refused.stderr]).toEqual([4, expect.stringContaining(`process ${first.child.pid}`)]);
  first.child.kill("SIGKILL");
  await first.finished;
  const { runId, ...stalled } = await statusOf(project);
  expect(stalled).toEqual({
    run: "stalled",
    stages: { FIRST: "completed", A: "completed", B: "interrupted", C: "interrupted", LAST: "pending" },
  });
  const second = project.start("resume");
  await expect.poll(() => project.starts().length, { timeout: 60_000 }).toBe(6);
  const follow = project.start("logs", "--follow");
  await new Promise((resolve) => follow.child.stdout?.once("data", resolve));
  await project.write("go-B", "");
  await project.write("go-C", "");
  const resumed = await second.finished;
  expect([resumed.code, resumed.stdout]).toEqual([0, `Done: ${runId}. 5 completed of 5 stages.\n`]);
  expect([...project.starts()].sort()).toEqual(
    ["A", "B", "B", "C", "C", "FIRST", "LAST"].map((stage) => `start ${stage}`),
  );
  expect((await follow.finished).stdout).toMatch(/^FIRST done\n(?:.*\n)*B done\n/);
  expect((await project.run("logs")).stdout.trim().split("\n").sort()).toEqual(
    ["A", "B", "C", "FIRST", "LAST"].map((stage) => `${stage} done`),
  );
  const list = await project.run("list");
  expect(list).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^All of one: troupe show \S+\n$/),
    stdout: expect.stringMatching(/^\S+ +succeeded /),
  });
  expect(readdirSync(join(project.folder, ".troupe")).sort()).toEqual([".gitignore", "runs", "troupe.db"]);
  expect(existsSync(join(project.runFolder(), "journal.jsonl"))).toBe(false);
  expect(project.leftovers()).toEqual([]);
}, 60_000);

test("cancels a run that is worked on in SQLite, and one that is not", async () => {
  const project = await sqliteProject({ "hold-A": "" });
  const first = project.start("run", "objective.md");
  await project.line("calls.log", "start A");
  const { runId } = await statusOf(project);
  expect(await project.run("cancel", runId)).toMatchObject({ code: 0, stdout: `Cancelled ${runId}.\n` });
  expect((await first.finished).code).toBe(1);
  expect((await statusOf(project)).stages.A).toBe("cancelled");
  const again = project.start("resume", runId, "--yes");
  await expect.poll(() => project.starts().filter((line) => line === "start A").length, { timeout: 60_000 }).toBe(2);
  again.child.kill("SIGKILL");
  await again.finished;
  expect(await project.run("cancel", runId)).toMatchObject({ code: 0, stdout: `Cancelled ${runId}.\n` });
  expect((await statusOf(project)).run).toBe("cancelled");
  expect(project.leftovers()).toEqual([]);
}, 60_000);

test("names the command that installs a store which is not there, and makes nothing", async () => {
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": stepWorkflow(["A"]),
    "troupe.yaml": STORE,
  });
  for (const args of [["run", "objective.md"], ["list"], ["resume"]]) {
    const { code, stderr } = await project.run(...args);
    expect([code, stderr]).toEqual([
      6,
      expect.stringContaining(
        'error: troupe.yaml:1:8: plugin "@troupe/store-sqlite" is not installed [PLUGIN_NOT_FOUND]\nhint: Install it: npm install --save-dev @troupe/store-sqlite\n',
      ),
    ]);
  }
  expect(project.has(".troupe")).toBe(false);
});
