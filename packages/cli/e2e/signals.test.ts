import { expect, test } from "vitest";
import { createProject, eventsOf, OBJECTIVE, STUBBORN, statusOf, stepWorkflow } from "./harness.js";

const SIGNALS = [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const;

test.each(SIGNALS)(
  "%s ends a run in good order with exit %i, and resume goes on in the same stage",
  async (signal, code) => {
    const project = await createProject({
      "objective.md": OBJECTIVE,
      "stages.yaml": stepWorkflow(["A", "B", "C"]),
      "hold-B": "",
    });
    const first = project.start("run", "objective.md");
    await project.line("calls.log", "start B");
    first.child.kill(signal);
    const ended = await first.finished;
    const { runId, run, stages } = await statusOf(project);
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({
      code,
      stdout: `Saved. Resume with: troupe resume ${runId}\n`,
    });
    expect({ run, stages }).toEqual({
      run: "interrupted",
      stages: { A: "completed", B: "interrupted", C: "pending" },
    });
    expect(project.leftovers()).toEqual([]);
    await project.write("go-B", "");
    expect((await project.run("resume", runId)).code).toBe(0);
    expect(project.starts()).toEqual(["start A", "start B", "start B", "start C"]);
  },
);

test("a signal ends all members of a group, and resume runs only those that had not finished", async () => {
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": stepWorkflow(["A", "B", "C", "LAST"], { three: { stages: ["A", "B", "C"] } }),
    "hold-B": "",
    "hold-C": "",
  });
  const first = project.start("run", "objective.md");
  for (const line of ["end A", "start B", "start C"]) await project.line("calls.log", line);
  await expect.poll(async () => (await statusOf(project)).stages.A, { timeout: 60_000 }).toBe("completed");
  first.child.kill("SIGTERM");
  expect((await first.finished).code).toBe(143);
  expect(project.leftovers()).toEqual([]);
  expect((await statusOf(project)).stages).toEqual({
    A: "completed",
    B: "interrupted",
    C: "interrupted",
    LAST: "pending",
  });
  await project.write("go-B", "");
  await project.write("go-C", "");
  expect((await project.run("resume")).code).toBe(0);
  const starts = [...project.starts()].sort();
  expect(starts).toEqual(["start A", "start B", "start B", "start C", "start C", "start LAST"]);
});

test("a second SIGINT kills at once an agent that ignores TERM, and the state is written all the same", async () => {
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": stepWorkflow(["A"], {}, { A: STUBBORN }),
  });
  const { child, finished } = project.start("run", "objective.md");
  await project.line("calls.log", "start A");
  child.kill("SIGINT");
  await project.line("calls.log", "term A");
  expect(project.leftovers()).toHaveLength(1);
  const killedAt = performance.now();
  child.kill("SIGINT");
  const { code, stdout } = await finished;
  expect(performance.now() - killedAt).toBeLessThan(5_000); // without the second one TERM has 10 s
  expect(code).toBe(130);
  expect(stdout).toMatch(/^Saved\. Resume with: /);
  expect(project.leftovers()).toEqual([]);
  expect(eventsOf(project).slice(-3)).toMatchObject([
    { type: "run.stop-requested" },
    { type: "turn.settled", turn: "A.1", result: { status: "interrupted" } },
    { type: "run.finished" },
  ]);
});

test("a third SIGINT ends the process whatever is running, and the run resumes", async () => {
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": "stages:\n  A: { work_agent: deaf, artifacts: [] }\n",
    "deaf.mjs": `import { appendFileSync, existsSync } from "node:fs";
export default {
  kind: "agent",
  name: "deaf",
  apiVersion: 1,
  options: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } },
  create: () => ({
    run: async ({ turn }, { signal, kill }) => {
      signal.addEventListener("abort", () => appendFileSync("calls.log", "asked\\n"));
      kill.addEventListener("abort", () => appendFileSync("calls.log", "urged\\n"));
      appendFileSync("calls.log", "start " + turn + "\\n");
      while (!existsSync("go")) await new Promise((resolve) => setTimeout(resolve, 10));
      return { output: "done", session: null, usage: null };
    },
  }),
};
`,
    "troupe.yaml": "agents: { default: ./deaf.mjs }\n",
  });
  const { child, finished } = project.start("run", "objective.md");
  await project.line("calls.log", "start A.1");
  child.kill("SIGINT");
  await project.line("calls.log", "asked");
  child.kill("SIGINT");
  await project.line("calls.log", "urged");
  child.kill("SIGTERM");
  expect(await finished).toMatchObject({ code: 143, signal: null, stdout: "" });
  expect(await statusOf(project)).toMatchObject({ run: "stalled", stages: { A: "interrupted" } });
  await project.write("go", "");
  expect((await project.run("resume")).code).toBe(0);
  expect(project.starts()).toEqual(["start A.1", "start A.2"]);
});

test("kill -9 while a run is being stopped leaves a state that is told truthfully and goes on", async () => {
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": stepWorkflow(["A", "B"], {}, { B: STUBBORN }),
  });
  const { child, finished } = project.start("run", "objective.md");
  await project.line("calls.log", "start B");
  child.kill("SIGINT");
  await project.line("calls.log", "term B");
  child.kill("SIGKILL");
  await finished;
  expect(await statusOf(project)).toMatchObject({ run: "stalled", stages: { A: "completed", B: "interrupted" } });
  const orphans = project.leftovers();
  expect(orphans).toHaveLength(1);
  const resumed = project.start("resume");
  await expect.poll(() => project.starts(), { timeout: 60_000 }).toEqual(["start A", "start B", "start B"]);
  expect(project.leftovers().filter((pid) => orphans.includes(pid))).toEqual([]);
  await project.write("go-B", "");
  expect((await resumed.finished).code).toBe(0);
  expect(await statusOf(project)).toMatchObject({ run: "succeeded", stages: { A: "completed", B: "completed" } });
});
