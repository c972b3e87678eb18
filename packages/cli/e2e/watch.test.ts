import { expect, test } from "vitest";
import { createProject, eventsOf, OBJECTIVE, statusOf, stepWorkflow } from "./harness.js";

test("watch of a run whose runner was killed replays all of it, says that it is stalled, and fails", async () => {
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": stepWorkflow(["A", "B"]),
    "hold-B": "",
  });
  const { child, finished } = project.start("run", "objective.md", "--json");
  await project.line("calls.log", "start B");
  child.kill("SIGKILL");
  const told = (await finished).stdout;
  const [{ runId }, watched, json] = await Promise.all([
    statusOf(project),
    project.run("watch", "--plain"),
    project.run("watch", "--json"),
  ]);
  expect({ code: watched.code, stdout: watched.stdout }).toEqual({
    code: 1,
    stdout: `Stalled: ${runId}. Nobody works on it any more, and it has not finished.\n`,
  });
  expect(watched.stderr).toMatch(/A completed[\s\S]*B: \S+ started[\s\S]*\nGo on with it: troupe resume \S+\n$/);
  const types = json.stdout
    .trimEnd()
    .split("\n")
    .map((line): string => JSON.parse(line).type);
  expect({ code: json.code, types }).toEqual({ code: 1, types: eventsOf(project).map(({ type }) => type) });
  expect(json.stdout.startsWith(told.slice(0, told.lastIndexOf("\n") + 1))).toBe(true);
});
