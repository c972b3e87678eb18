import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createProject, FAMILY, OBJECTIVE, statusOf, stepWorkflow } from "./harness.js";

test("a failing member of a fail_fast group ends its siblings with all their descendants within seconds", async () => {
  const stages = ["A", "B", "C", "GATE"];
  const group = { three: { stages: ["A", "B", "C"], failFast: true } };
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": stepWorkflow(stages, group, { C: FAMILY }),
    "hold-A": "",
    "fail-A": "",
    "hold-B": "",
  });
  const { finished } = project.start("run", "objective.md");
  for (const name of ["A", "B", "C"]) await project.line("calls.log", `start ${name}`);
  expect(project.leftovers()).toHaveLength(5); // A, B, and C in three generations
  const failedAt = performance.now();
  await project.write("go-A", "");
  await expect.poll(async () => (await statusOf(project)).stages.B, { timeout: 60_000 }).toBe("cancelled");
  expect(performance.now() - failedAt).toBeLessThan(8_000);
  const { code, stdout } = await finished;
  expect(code).toBe(1);
  expect(stdout).toContain("1 failed, 2 cancelled of 4 stages.\n  A: COMMAND_FAILED: ");
  expect(project.leftovers()).toEqual([]);
  const status = await project.run("status");
  expect(status.stdout).toMatch(/A +failed/);
  expect(status.stdout).toMatch(/B +cancelled +.*because of A\n/);
  expect(status.stdout).toMatch(/C +cancelled +.*because of A\n/);
  expect(status.stdout).toMatch(/GATE +pending/);
  await rm(join(project.folder, "fail-A"));
  for (const name of ["B", "C"]) await project.write(`go-${name}`, "");
  expect((await project.run("resume")).code).toBe(0);
  expect((await statusOf(project)).stages).toEqual({
    A: "completed",
    B: "completed",
    C: "completed",
    GATE: "completed",
  });
});
