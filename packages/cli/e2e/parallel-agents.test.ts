import { expect, test, vi } from "vitest";
import { createProject, eventsOf, OBJECTIVE, STEP, statusOf, type TestProject } from "./harness.js";

const AGENTS = ["ann", "bob", "cid"];

/** Each agent is step.mjs under its own name: calls.log tells who started and ended, hold- and meet- files hold it. */
function createTeam(stage: string, files: Readonly<Record<string, string>> = {}): Promise<TestProject> {
  const program = (name: string) => JSON.stringify(["command", { command: [process.execPath, STEP, name] }]);
  return createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": `stages:\n  BUILD: { parallel_agents: [${AGENTS.join(", ")}], ${stage} }\n  LAST: { work_agent: zoe, artifacts: [] , writes: artifacts }\n`,
    "troupe.yaml": `agents:\n${[...AGENTS, "zoe"].map((name) => `  ${name}: ${program(name)}\n`).join("")}`,
    ...files,
  });
}

test("agents of one stage that wait for each other finish: they overlap", async () => {
  const meetings = { "meet-ann": "bob", "meet-bob": "cid", "meet-cid": "ann" };
  const project = await createTeam("writes: artifacts", meetings);
  const { code, stdout } = await project.run("run", "objective.md");
  expect({ code, stdout: stdout.replace(/try[\w-]*/, "RUN") }).toEqual({
    code: 0,
    stdout: "Done: RUN. 2 completed of 2 stages.\n",
  });
  const { stdout: logs } = await project.run("logs");
  for (const name of [...AGENTS, "zoe"]) expect(logs).toContain(name); // each turn has a log of its own
});

test.each([
  { why: "the run allows one turn", stage: "writes: artifacts", flags: ["--concurrency", "1"], warning: false },
  { why: "they may write the working tree", stage: "name: Build", flags: [], warning: true },
])("they take their turns one after another when $why", async ({ stage, flags, warning }) => {
  const project = await createTeam(stage);
  const { code, stderr } = await project.run("run", "objective.md", ...flags);
  expect(code).toBe(0);
  expect(project.read("calls.log")).toBe([...AGENTS, "zoe"].map((name) => `start ${name}\nend ${name}\n`).join(""));
  expect(stderr.includes("take their turns one after another")).toBe(warning);
});

test("they write the tree at the same time when the stage says so", async () => {
  const project = await createTeam("writes: tree", { "meet-ann": "cid", "meet-cid": "ann" });
  expect((await project.run("run", "objective.md")).code).toBe(0);
});

test("after kill -9 with one agent done, only those that were held take their turn again", async () => {
  const project = await createTeam("writes: artifacts", { "hold-bob": "", "hold-cid": "" });
  const first = project.start("run", "objective.md");
  await project.line("calls.log", "end ann");
  for (const name of ["bob", "cid"]) await project.line("calls.log", `start ${name}`);
  await vi.waitUntil(() => eventsOf(project).some(({ type, turn }) => type === "turn.settled" && turn === "BUILD.1"), {
    timeout: 20_000,
  });
  first.child.kill("SIGKILL");
  await first.finished;
  await project.write("go-bob", "");
  await project.write("go-cid", "");
  expect((await project.run("resume")).code).toBe(0);
  expect([...project.starts()].sort()).toEqual([
    "start ann",
    "start bob",
    "start bob",
    "start cid",
    "start cid",
    "start zoe",
  ]);
  const completed = eventsOf(project).filter(
    ({ type, result }) => type === "turn.settled" && result?.status === "succeeded",
  );
  expect(completed.map(({ turn }) => turn?.split(".")[0])).toEqual(["BUILD", "BUILD", "BUILD", "LAST"]);
  expect(project.leftovers()).toEqual([]);
});

test("one agent fails: the others finish, its name and reason are shown, and nothing after the stage starts", async () => {
  const project = await createTeam("writes: artifacts, retry: { attempts: 1 }", { "fail-bob": "", "hold-cid": "" });
  const run = project.start("run", "objective.md");
  await project.line("calls.log", "start cid");
  await project.line("calls.log", "start bob");
  await project.write("go-cid", "");
  const { code, stdout } = await run.finished;
  expect(code).toBe(1);
  expect(stdout).toContain("BUILD: AGENT_FAILED: bob: ");
  expect(project.read("calls.log")).toContain("end cid");
  expect((await statusOf(project)).stages).toEqual({ BUILD: "failed", LAST: "pending" });
});
