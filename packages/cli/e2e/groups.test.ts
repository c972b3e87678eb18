import { expect, test } from "vitest";
import { createProject, OBJECTIVE, stepWorkflow } from "./harness.js";

test("two members of a group that wait for each other finish: they overlap", async () => {
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": stepWorkflow(["FIRST", "LEFT", "RIGHT", "LAST"], { pair: { stages: ["LEFT", "RIGHT"] } }),
    "meet-LEFT": "RIGHT",
    "meet-RIGHT": "LEFT",
  });
  const { code, stdout } = await project.run("run", "objective.md");
  expect({ code, stdout: stdout.replace(/try[\w-]*/, "RUN") }).toEqual({
    code: 0,
    stdout: "Done: RUN. 4 completed of 4 stages.\n",
  });
});

test("a group of 8 with max_concurrent 3 peaks at 3, after kill -9 and a resume too", async () => {
  const members = ["A", "B", "C", "D", "E", "F", "G", "H"];
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": stepWorkflow(members, { eight: { stages: members, max: 3 } }),
    ...Object.fromEntries(members.map((name) => [`hold-${name}`, ""])),
  });
  const first = project.start("run", "objective.md");
  for (const name of ["A", "B", "C"]) await project.line("calls.log", `start ${name}`);
  await project.write("go-A", "");
  await project.line("calls.log", "start D");
  first.child.kill("SIGKILL");
  await first.finished;
  expect([...project.starts()].sort()).toEqual(["start A", "start B", "start C", "start D"]);
  const second = project.start("resume");
  for (const name of members.slice(1)) {
    await project.line("calls.log", `start ${name}`);
    await project.write(`go-${name}`, "");
  }
  expect((await second.finished).code).toBe(0);
  expect(peak(project.read("calls.log"), ["A", "B", "C", "D"])).toBe(3);
});

/** Most steps between start and end at once; `killed` are the ones in flight at the kill, whose first start has no end. */
function peak(calls: string, before: readonly string[]): number {
  let running = 0;
  let most = 0;
  let starts = 0;
  for (const line of calls.trim().split("\n")) {
    if (line.startsWith("start ")) {
      starts += 1;
      if (starts === before.length + 1) running = 0; // the kill ended whatever was in flight
      running += 1;
    } else {
      running -= 1;
    }
    most = Math.max(most, running);
  }
  return most;
}

test("one member fails: the others complete, the reason is shown, the gate has not started, resume runs only the failed one", async () => {
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": stepWorkflow(["A", "B", "C", "GATE"], { three: { stages: ["A", "B", "C"] } }),
    "fail-B": "",
    "hold-C": "",
  });
  const first = project.start("run", "objective.md");
  await project.line("calls.log", "start C");
  await project.line("calls.log", "start B");
  await project.write("go-C", "");
  const failed = await first.finished;
  expect(failed.code).toBe(1);
  expect(failed.stdout).toContain("B: COMMAND_FAILED");
  expect(failed.stderr).toContain("B is broken: see fail-B");
  const status = await project.run("status");
  expect(status.stdout).toMatch(/A +completed/);
  expect(status.stdout).toMatch(/B +failed/);
  expect(status.stdout).toContain("COMMAND_FAILED");
  expect(status.stdout).toMatch(/C +completed/);
  expect(status.stdout).toMatch(/GATE +pending/);
  expect([...project.starts()].sort()).toEqual(["start A", "start B", "start C"]);
  const { rm } = await import("node:fs/promises");
  await rm(`${project.folder}/fail-B`);
  const second = await project.run("resume");
  expect(second.code).toBe(0);
  expect(project.starts().slice(3)).toEqual(["start B", "start GATE"]);
});

test("the same workflow without its group runs one stage after the other, with the same result", async () => {
  const stages = ["FIRST", "LEFT", "RIGHT", "LAST"];
  const results: string[] = [];
  for (const groups of [{ pair: { stages: ["LEFT", "RIGHT"] } }, {}]) {
    const project = await createProject({ "objective.md": OBJECTIVE, "stages.yaml": stepWorkflow(stages, groups) });
    const { code } = await project.run("run", "objective.md");
    expect(code).toBe(0);
    const { stages: shown } = JSON.parse((await project.run("status", "--json")).stdout);
    results.push(JSON.stringify(shown.map((stage: { id: string; status: string }) => [stage.id, stage.status])));
    if (Object.keys(groups).length === 0) {
      expect(project.read("calls.log")).toBe(stages.map((name) => `start ${name}\nend ${name}\n`).join(""));
    }
  }
  expect(results[0]).toBe(results[1]);
});

test("stages of any names and two groups need no code change", async () => {
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": stepWorkflow(["dig", "sow.1", "sow-2", "water", "reap_a", "reap_b", "feast"], {
      sowing: { stages: ["sow.1", "sow-2"] },
      harvest: { stages: ["reap_a", "reap_b"] },
    }),
    "meet-sow.1": "sow-2",
    "meet-sow-2": "sow.1",
    "meet-reap_a": "reap_b",
    "meet-reap_b": "reap_a",
  });
  expect((await project.run("run", "objective.md")).code).toBe(0);
  expect(project.starts()).toHaveLength(7);
});
