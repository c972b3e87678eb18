import { expect, test } from "vitest";
import { createProject, OBJECTIVE, STUBBORN, statusOf, stepWorkflow } from "./harness.js";

const GROUP = { pair: { stages: ["B", "C"] } };
const FILES = {
  "objective.md": OBJECTIVE,
  "stages.yaml": stepWorkflow(["A", "B", "C", "LAST"], GROUP),
  "hold-B": "",
  "hold-C": "",
};
const CANCELLED = { run: "cancelled", stages: { A: "completed", B: "cancelled", C: "cancelled", LAST: "pending" } };

test("cancel from another process ends a living run: its holder says so, and no process is left", async () => {
  const project = await createProject(FILES);
  const { finished } = project.start("run", "objective.md");
  for (const name of ["B", "C"]) await project.line("calls.log", `start ${name}`);
  const { runId } = await statusOf(project);
  const cancelled = await project.run("cancel", runId, "-m", "wrong branch");
  expect({ code: cancelled.code, stdout: cancelled.stdout }).toEqual({ code: 0, stdout: `Cancelled ${runId}.\n` });
  const { code, stdout, stderr } = await finished;
  expect({ code, stdout }).toEqual({ code: 1, stdout: `Cancelled: ${runId}.\n` });
  expect(stderr).toContain("wrong branch");
  expect(project.leftovers()).toEqual([]);
  expect(await statusOf(project)).toMatchObject(CANCELLED);
});

test("cancel of a run whose holder is dead ends what it left running", async () => {
  const project = await createProject(FILES);
  const { child, finished } = project.start("run", "objective.md");
  for (const name of ["B", "C"]) await project.line("calls.log", `start ${name}`);
  child.kill("SIGKILL");
  await finished;
  expect(project.leftovers()).toHaveLength(2);
  const { runId } = await statusOf(project);
  const cancelled = await project.run("cancel", runId);
  expect({ code: cancelled.code, stdout: cancelled.stdout }).toEqual({ code: 0, stdout: `Cancelled ${runId}.\n` });
  expect(project.leftovers()).toEqual([]);
  expect(await statusOf(project)).toMatchObject(CANCELLED);
  expect((await project.run("resume", runId)).code).toBe(2); // it must be meant
  for (const name of ["B", "C"]) await project.write(`go-${name}`, "");
  expect((await project.run("resume", runId, "--yes")).code).toBe(0);
  expect([...project.starts()].sort()).toEqual(["start A", "start B", "start B", "start C", "start C", "start LAST"]);
});

test("two cancels at once are one, also of an agent that has to be killed after its grace period", async () => {
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": stepWorkflow(["A"], {}, { A: STUBBORN }),
  });
  const { finished } = project.start("run", "objective.md");
  await project.line("calls.log", "start A");
  const { runId } = await statusOf(project);
  const cancels = await Promise.all([project.run("cancel", runId), project.run("cancel", runId)]);
  expect(cancels.map(({ code }) => code)).toEqual([0, 0]);
  expect((await finished).code).toBe(1);
  expect(project.read("calls.log")).toBe("start A\nterm A\n");
  expect(project.leftovers()).toEqual([]);
  const third = await project.run("cancel", runId);
  expect({ code: third.code, stdout: third.stdout }).toEqual({ code: 2, stdout: "" });
  expect(third.stderr).toContain("[RUN_FINISHED]");
});
