import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AGENT, createProject, type Finished, gitInit, OBJECTIVE, stepWorkflow, type TestProject } from "./harness.js";

/** Stage id and what `status` says of it. */
async function statuses(project: TestProject): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await project.run("status", "--json");
  const { stages }: { stages: readonly { id: string; status: string }[] } = JSON.parse(stdout);
  return Object.fromEntries(stages.map(({ id, status }) => [id, status]));
}

async function runStatus(project: TestProject): Promise<string> {
  return JSON.parse((await project.run("status", "--json")).stdout).status;
}

test("after kill -9 in a group, status tells the truth, resume runs only the unfinished members, nothing is left over", async () => {
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": stepWorkflow(["FIRST", "A", "B", "C", "LAST"], { three: { stages: ["A", "B", "C"] } }),
    "hold-B": "",
    "hold-C": "",
  });
  const first = project.start("run", "objective.md");
  await project.line("calls.log", "end A");
  await project.line("calls.log", "start B");
  await project.line("calls.log", "start C");
  await expect.poll(async () => (await statuses(project)).A, { timeout: 60_000 }).toBe("completed");
  expect(await runStatus(project)).toBe("running");
  first.child.kill("SIGKILL");
  await first.finished;
  expect(await runStatus(project)).toBe("stalled");
  expect(await statuses(project)).toEqual({
    FIRST: "completed",
    A: "completed",
    B: "interrupted",
    C: "interrupted",
    LAST: "pending",
  });
  const orphans = project.leftovers();
  expect(orphans).toHaveLength(2); // the killed runner could end nobody
  const second = project.start("resume");
  await expect.poll(() => project.starts().filter((line) => line === "start B").length, { timeout: 60_000 }).toBe(2);
  await expect.poll(() => project.starts().filter((line) => line === "start C").length, { timeout: 60_000 }).toBe(2);
  expect(project.leftovers().filter((pid) => orphans.includes(pid))).toEqual([]);
  await project.write("go-B", "");
  await project.write("go-C", "");
  expect((await second.finished).code).toBe(0);
  expect([...project.starts()].sort()).toEqual([
    "start A",
    "start B",
    "start B",
    "start C",
    "start C",
    "start FIRST",
    "start LAST",
  ]);
  expect(project.leftovers()).toEqual([]);
});

test("after three kills each finished stage ran once, and the run finishes", async () => {
  const names = ["A", "B", "C", "D"];
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": stepWorkflow(names),
    ...Object.fromEntries(names.slice(0, 3).map((name) => [`hold-${name}`, ""])),
  });
  let runner = project.start("run", "objective.md");
  for (const [index, name] of names.slice(0, 3).entries()) {
    await project.line("calls.log", `start ${name}`);
    runner.child.kill("SIGKILL");
    await runner.finished;
    expect(await runStatus(project)).toBe("stalled");
    runner = project.start("resume");
    const startsOf = () => project.starts().filter((line) => line === `start ${name}`).length;
    await expect.poll(startsOf, { timeout: 60_000 }).toBe(2);
    await project.write(`go-${name}`, "");
    await project.line("calls.log", `end ${name}`);
    if (index < 2) await project.line("calls.log", `start ${names[index + 1]}`);
  }
  expect((await runner.finished).code).toBe(0);
  const ends = project
    .read("calls.log")
    .split("\n")
    .filter((line) => line.startsWith("end "));
  expect(ends).toEqual(names.map((name) => `end ${name}`));
});

const REVIEWED = `stages:
  SPEC: { work_agent: ba, artifacts: [] }
  SPEC_REVIEW: { work_agent: ba, review_agent: reviewer, is_review_stage: true }
  DONE: {}
work_to_review_mapping: { SPEC: SPEC_REVIEW }
`;

test("after kill -9 in round 2 of a review the run goes on with round 2, and the reviewer is told", async () => {
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": REVIEWED,
    "troupe.yaml": `agents:\n  default: ["command", { command: [${JSON.stringify(process.execPath)}, ${JSON.stringify(AGENT)}] }]\n`,
    "answers/SPEC_REVIEW.review.1": "REJECTED: the limits are missing\n",
    "answers/SPEC_REVIEW.review.2": "VERIFIED_APPROVED: complete now\n",
    "hold-SPEC_REVIEW.review.2": "",
  });
  gitInit(project.folder);
  const first = project.start("run", "objective.md");
  await project.line("calls.log", "agent SPEC_REVIEW.review.2");
  first.child.kill("SIGKILL");
  await first.finished;
  const status = await project.run("status");
  expect(status.stdout).toMatch(/SPEC_REVIEW +interrupted +round 2 of 4, rejected/);
  const second = await project.run("resume");
  expect(second.code).toBe(0);
  expect(project.read("calls.log").trim().split("\n")).toEqual([
    "agent SPEC.work.1",
    "agent SPEC_REVIEW.review.1",
    "agent SPEC_REVIEW.fix.1",
    "agent SPEC_REVIEW.review.2",
    "agent SPEC_REVIEW.review.3",
  ]);
  expect(project.read("prompt-SPEC_REVIEW.fix.1.txt")).toContain("the limits are missing");
  expect(project.read("prompt-SPEC_REVIEW.review.3.txt")).toMatch(/attempt/i);
});

test("of eight resumes of a dead run one wins, seven exit 4 and name the winner, nothing runs twice", async () => {
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": stepWorkflow(["A", "B", "C"]),
    "hold-B": "",
  });
  const dead = project.start("run", "objective.md");
  await project.line("calls.log", "start B");
  dead.child.kill("SIGKILL");
  await dead.finished;
  const resumes = Array.from({ length: 8 }, () => project.start("resume"));
  const losers: Finished[] = [];
  for (const { finished } of resumes) void finished.then((it) => it.code === 4 && losers.push(it));
  await expect.poll(() => losers.length, { timeout: 60_000 }).toBe(7);
  await project.write("go-B", "");
  const results = await Promise.all(
    resumes.map(async ({ child, finished }) => ({ pid: child.pid, ...(await finished) })),
  );
  const winners = results.filter(({ code }) => code === 0);
  expect(winners).toHaveLength(1);
  expect(losers).toHaveLength(7);
  for (const { stderr } of losers) {
    expect(stderr).toContain("RUN_LOCKED");
    expect(stderr).toContain(String(winners[0]?.pid));
  }
  expect(project.starts()).toEqual(["start A", "start B", "start B", "start C"]);
}, 60_000);

test("a flipped byte in the journal is exit 5 with the offset, and nothing is changed", async () => {
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": stepWorkflow(["A", "B"]),
    "fail-B": "",
  });
  expect((await project.run("run", "objective.md")).code).toBe(1);
  const journal = join(project.runFolder(), "journal.jsonl");
  const sound = readFileSync(journal);
  const at = sound.indexOf('"stage.completed"');
  const damaged = Buffer.from(sound);
  damaged[at + 3] = (damaged[at + 3] ?? 0) ^ 1;
  writeFileSync(journal, damaged);
  const { code, stderr } = await project.run("resume");
  expect(code).toBe(5);
  expect(stderr).toMatch(/JOURNAL_CORRUPT/);
  expect(Number(/(?:offset|byte) (\d+)/.exec(stderr)?.[1])).toBeLessThanOrEqual(at);
  expect(readFileSync(journal)).toEqual(damaged);
  writeFileSync(journal, sound);
  rmSync(join(project.folder, "fail-B"));
  expect((await project.run("resume")).code).toBe(0);
});

test("a torn last line is survived", async () => {
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": stepWorkflow(["A", "B"]),
    "fail-B": "",
  });
  expect((await project.run("run", "objective.md")).code).toBe(1);
  const journal = join(project.runFolder(), "journal.jsonl");
  const lines = readFileSync(journal, "utf8").trim().split("\n");
  appendFileSync(journal, `\n${(lines.at(-1) ?? "").slice(0, 100)}`);
  rmSync(join(project.folder, "fail-B"));
  expect((await project.run("resume")).code).toBe(0);
  expect(project.starts()).toEqual(["start A", "start B", "start B"]);
  expect(await statuses(project)).toEqual({ A: "completed", B: "completed" });
});
