import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { createProject, OBJECTIVE, stepWorkflow, type TestProject } from "./harness.js";

/** Flips a bit in the line of the journal that has `text`. */
function damage(journal: string, text: string): Buffer {
  const bytes = readFileSync(journal);
  const at = bytes.indexOf(text);
  expect(at).toBeGreaterThan(0);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(journal, bytes);
  return bytes;
}

/** A run killed while B and C of its group were in flight and A was done; what its agents left still runs. */
async function killedInGroup(): Promise<{ project: TestProject; runId: string; journal: string }> {
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": stepWorkflow(["FIRST", "A", "B", "C", "LAST"], { three: { stages: ["A", "B", "C"] } }),
    "hold-B": "",
    "hold-C": "",
  });
  const first = project.start("run", "objective.md");
  for (const line of ["end A", "start B", "start C"]) await project.line("calls.log", line);
  const journal = join(project.runFolder(), "journal.jsonl");
  await expect
    .poll(() => readFileSync(journal, "utf8"), { timeout: 60_000 })
    .toContain('"stage.completed","turn":"A.1"');
  first.child.kill("SIGKILL");
  await first.finished;
  expect(project.leftovers()).toHaveLength(2);
  return { project, runId: basename(project.runFolder()), journal };
}

test("a killed run damaged in its group: repair ends what is left, resume runs only what is not in the sound part", async () => {
  const { project, runId, journal } = await killedInGroup();
  const damaged = damage(journal, '"stage.completed","turn":"A.1"');
  expect((await project.run("resume", runId)).stderr).toContain(`troupe repair ${runId}`);
  const repaired = await project.run("repair", runId);
  expect([repaired.code, repaired.stderr]).toEqual([0, ""]);
  expect(repaired.stdout).toMatch(/Given up: entry \d+ and all that follows, from byte \d+ on, \d+ bytes/);
  expect(project.leftovers()).toEqual([]);
  const next = /Go on with it: troupe (.+)\n/.exec(repaired.stdout)?.[1] ?? "";
  expect(next).toBe(`resume ${runId}-r1`);
  for (const name of ["go-B", "go-C"]) await project.write(name, "");
  expect((await project.run(...next.split(" "))).code).toBe(0);
  expect([...project.starts()].sort((a, b) => (a < b ? -1 : 1))).toEqual(
    ["A", "A", "B", "B", "C", "C", "FIRST", "LAST"].map((name) => `start ${name}`),
  );
  expect(readFileSync(journal)).toEqual(damaged);
  expect(project.leftovers()).toEqual([]);
}, 60_000);

test("damage of every sort is exit 5 at the command line, and other runs are still listed", async () => {
  const project = await createProject({ "objective.md": OBJECTIVE, "stages.yaml": stepWorkflow(["A"]) });
  expect((await project.run("run", "objective.md")).code).toBe(0);
  const journal = join(project.runFolder(), "journal.jsonl");
  const runId = basename(project.runFolder());
  const sound = readFileSync(journal);
  const lines = sound.toString().split("\n").filter(Boolean);
  const places: Readonly<Record<string, () => void>> = {
    "a flipped bit": () => void damage(journal, '"turn.started"'),
    "swapped lines": () => writeFileSync(journal, `${[lines[1], lines[0], ...lines.slice(2)].join("\n")}\n`),
    "a missing line": () => writeFileSync(journal, `${lines.filter((_, index) => index !== 1).join("\n")}\n`),
    "a folder": () => {
      rmSync(journal);
      mkdirSync(journal);
    },
    nothing: () => rmSync(journal, { recursive: true }),
  };
  for (const [name, put] of Object.entries(places)) {
    put();
    const { code, stderr } = await project.run("status", runId);
    expect([name, code, /JOURNAL_CORRUPT/.test(stderr)]).toEqual([name, 5, true]);
    expect((await project.run("list")).stderr).toContain(runId);
    rmSync(journal, { recursive: true, force: true });
    writeFileSync(journal, sound);
  }
  expect((await project.run("repair", runId)).stdout).toContain("is sound");
  expect(readdirSync(join(project.folder, ".troupe/runs"))).toEqual([runId]);
}, 60_000);
