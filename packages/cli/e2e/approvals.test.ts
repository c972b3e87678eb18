import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { AGENT, createProject, eventsOf, OBJECTIVE, statusOf, stepWorkflow, type TestProject } from "./harness.js";
import { hasTerminal, openTerminal } from "./terminal.js";

/** A, which waits for a person and whose work may be told to go on, beside B in a group, and LAST behind both. */
const GROUP = stepWorkflow(["A", "B", "LAST"], { pair: { stages: ["A", "B"] } }).replace(
  / A: \{/,
  " A: { approval: true,",
);

async function createGated(files: Readonly<Record<string, string>> = {}): Promise<TestProject> {
  return await createProject({ "objective.md": OBJECTIVE, "stages.yaml": GROUP, ...files });
}

/** Both commands as `status` prints them, without the program's name. */
async function printed(project: TestProject, name: "approve" | "reject"): Promise<readonly string[]> {
  const { stdout } = await project.run("status");
  const line = stdout.split("\n").find((text) => text.includes(`troupe ${name} `)) ?? "";
  const words = line.slice(line.indexOf("troupe ")).matchAll(/"([^"]*)"|(\S+)/g);
  return [...words].map(([, quoted, word]) => quoted ?? word ?? "").slice(1);
}

const kinds = (project: TestProject): readonly string[] =>
  eventsOf(project).flatMap(({ type, stage }) => (type.startsWith("approval.") ? `${type} ${stage}` : []));

test("without a terminal a run goes on with what it can, ends with exit 8, and goes on when it is approved and resumed", async () => {
  const project = await createGated();
  const { code, stdout } = await project.run("run", "objective.md");
  expect([code, stdout]).toEqual([8, expect.stringContaining("Waiting for a person: ")]);
  expect((await statusOf(project)).stages).toEqual({ A: "waiting", B: "completed", LAST: "pending" });
  expect((await project.run(...(await printed(project, "approve")))).code).toBe(0);
  expect(eventsOf(project).at(-1)?.type).toBe("approval.granted"); // one fact, and nothing that follows from it
  expect((await project.run("resume")).code).toBe(0);
  expect([...project.starts()].sort()).toEqual(["start A", "start B", "start LAST"]);
});

test("an approval reaches the process that works on the run, which starts what waited for it", async () => {
  const project = await createGated({ "hold-B": "" });
  const { finished } = project.start("run", "objective.md");
  await expect.poll(async () => (await statusOf(project)).stages.A, { timeout: 60_000 }).toBe("waiting");
  expect((await project.run(...(await printed(project, "approve")))).code).toBe(0);
  await expect
    .poll(() => eventsOf(project).some(({ type, stage }) => `${type} ${stage}` === "stage.completed A"))
    .toBe(true);
  await project.write("go-B", "");
  expect((await finished).code).toBe(0);
  expect(eventsOf(project).filter(({ type }) => type === "run.claimed")).toHaveLength(1);
});

test("an approval while the owner is dead is recorded, and the resume acts on it without running anything again", async () => {
  const project = await createGated({ "hold-B": "" });
  const { child, finished } = project.start("run", "objective.md");
  await expect.poll(async () => (await statusOf(project)).stages.A, { timeout: 60_000 }).toBe("waiting");
  child.kill("SIGKILL");
  await finished;
  expect(await statusOf(project)).toMatchObject({ run: "stalled", stages: { A: "waiting", B: "interrupted" } });
  const approve = await printed(project, "approve");
  expect((await project.run(...approve)).code).toBe(0);
  expect(await project.run(...approve)).toMatchObject({ code: 2, stderr: expect.stringContaining("[NOT_WAITING]") });
  await project.write("go-B", "");
  expect((await project.run("resume")).code).toBe(0);
  expect([...project.starts()].sort()).toEqual(["start A", "start B", "start B", "start LAST"]);
});

test("six people who judge at once are one judgement", async () => {
  const project = await createGated();
  await project.run("run", "objective.md");
  const approve = await printed(project, "approve");
  const reject = await printed(project, "reject");
  const all = await Promise.all(
    Array.from({ length: 6 }, (_, index) => project.run(...(index % 2 === 0 ? approve : reject))),
  );
  expect(all.map(({ code }) => code).sort()).toEqual([0, 2, 2, 2, 2, 2]);
  expect(kinds(project)).toHaveLength(2);
}, 30_000);

describe.skipIf(!hasTerminal)("a person at a terminal (`script` of util-linux)", () => {
  const QUESTION = "decide later (the run waits): ";
  const count = (text: string): number => text.split(QUESTION).length - 1;

  test("rejects with words, sees what came of it, and approves", async () => {
    const project = await createProject({
      "objective.md": OBJECTIVE,
      "stages.yaml": 'stages:\n  PLAN: { work_agent: a, artifacts: [], approval: true }\n  END: { run: ["true"] }\n',
      "troupe.yaml": `agents: { default: ["@troupe/agent-command", { command: ${JSON.stringify([process.execPath, AGENT])} }] }\n`,
    });
    const terminal = openTerminal(project, "run", "objective.md");
    await expect.poll(terminal.shown, { timeout: 60_000 }).toContain(QUESTION);
    const before = terminal.shown().length;
    terminal.type("r the rollback is missing\n");
    await expect.poll(() => count(terminal.shown()), { timeout: 60_000 }).toBe(2);
    expect(stripVTControlCharacters(terminal.shown().slice(before))).toContain("PLAN.2, round 2 of 4");
    terminal.type("a\n");
    expect([await terminal.finished, terminal.shown()]).toEqual([0, expect.stringContaining("Done: ")]);
    expect(kinds(project)).toEqual([
      "approval.requested PLAN",
      "approval.denied PLAN",
      "approval.requested PLAN",
      "approval.granted PLAN",
    ]);
  }, 60_000);

  test("Enter leaves it for later: exit 8; an answer elsewhere takes the question of the resume away", async () => {
    const project = await createGated();
    const terminal = openTerminal(project, "run", "objective.md");
    await expect.poll(() => count(terminal.shown()), { timeout: 60_000 }).toBe(1);
    await expect.poll(async () => (await statusOf(project)).stages.B, { timeout: 60_000 }).toBe("completed");
    terminal.type("\n");
    expect([await terminal.finished, terminal.shown()]).toEqual([8, expect.stringContaining("troupe approve ")]);
    const again = openTerminal(project, "resume");
    await expect.poll(() => count(again.shown()), { timeout: 60_000 }).toBe(1);
    expect((await project.run(...(await printed(project, "approve")))).code).toBe(0);
    expect([await again.finished, again.shown()]).toEqual([0, expect.stringContaining("(withdrawn)")]);
  }, 60_000);

  test("Ctrl+C at the question saves the run, which waits afterwards", async () => {
    const project = await createGated();
    const terminal = openTerminal(project, "run", "objective.md");
    await expect.poll(() => count(terminal.shown()), { timeout: 60_000 }).toBe(1);
    await expect.poll(async () => (await statusOf(project)).stages.B, { timeout: 60_000 }).toBe("completed");
    terminal.type("\u0003");
    expect([await terminal.finished, terminal.shown()]).toEqual([130, expect.stringContaining("Resume with: ")]);
    expect(await statusOf(project)).toMatchObject({ run: "interrupted", stages: { A: "waiting", LAST: "pending" } });
    expect((await project.run("resume")).code).toBe(8);
  }, 60_000);
});
