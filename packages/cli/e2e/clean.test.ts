import { readFileSync, writeFileSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createProject, OBJECTIVE, statusOf, stepWorkflow, type TestProject } from "./harness.js";

const PACKAGE = fileURLToPath(new URL("../../store-sqlite", import.meta.url));

// the package manager's launcher of the tests shows them every package of the repository
beforeEach(() => void vi.stubEnv("NODE_PATH", ""));
afterEach(() => void vi.unstubAllEnvs());

async function project(files: Readonly<Record<string, string>> = {}): Promise<TestProject> {
  const made = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": stepWorkflow(["FIRST", "LAST"]),
    ...files,
  });
  await mkdir(join(made.folder, "node_modules", "@troupe"), { recursive: true });
  await symlink(PACKAGE, join(made.folder, "node_modules", "@troupe", "store-sqlite"));
  return made;
}

const SQLITE = { "troupe.yaml": 'store: "@troupe/store-sqlite"\n' };

interface Cleaned {
  readonly removed: readonly { readonly runId: string; readonly status: string }[];
  readonly processesEnded: readonly number[];
}

/** Rows of each table that are left. */
function rowsIn(made: TestProject): Readonly<Record<string, number>> {
  const db = new DatabaseSync(join(made.folder, ".troupe/troupe.db"), { readOnly: true });
  try {
    return Object.fromEntries(
      ["entries", "content", "leases"].map((table) => {
        const row = db.prepare(`SELECT count(*) AS n FROM ${table}`).get();
        return [table, Number(row?.n)];
      }),
    );
  } finally {
    db.close();
  }
}

test("clean takes runs out of SQLite: rows, files, and a running one only when it has ended", async () => {
  const made = await project({ ...SQLITE, "hold-LAST": "" });
  const running = made.start("run", "objective.md");
  await made.line("calls.log", "start LAST");
  const { runId } = await statusOf(made);
  const refused = await made.run("clean", runId, "--yes");
  expect([refused.code, refused.stderr]).toEqual([4, expect.stringContaining("[RUN_LOCKED]")]);
  expect(JSON.parse((await made.run("clean", "--unfinished", "--yes", "--json")).stdout).removed).toEqual([]);
  await made.write("go-LAST", "");
  expect((await running.finished).code).toBe(0);
  const asked = await made.run("clean");
  expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining("[CONFIRMATION_NEEDED]")]);
  expect((await made.run("list")).stdout).toContain(runId);
  const { removed }: Cleaned = JSON.parse((await made.run("clean", "--yes", "--json")).stdout);
  expect(removed.map((run) => [run.runId, run.status])).toEqual([[runId, "succeeded"]]);
  expect((await made.run("status", runId)).stderr).toContain("[RUN_NOT_FOUND]");
  expect(rowsIn(made)).toEqual({ entries: 0, content: 0, leases: 0 });
  expect(made.has(join(".troupe/runs", runId))).toBe(false);
});

test("clean removes a damaged run from SQLite, and no other", async () => {
  const made = await project(SQLITE);
  await made.run("run", "objective.md");
  const { runId: damaged } = await statusOf(made);
  await made.run("run", "objective.md");
  const { runId: sound } = await statusOf(made);
  const db = new DatabaseSync(join(made.folder, ".troupe/troupe.db"));
  db.prepare("UPDATE entries SET body = ? WHERE run = ? AND seq = 1").run("{", damaged);
  db.close();
  const status = await made.run("status", damaged);
  expect([status.code, status.stderr]).toEqual([
    5,
    expect.stringContaining(`To be rid of it: troupe clean ${damaged}`),
  ]);
  const { code, stderr } = await made.run("clean", damaged, "--yes");
  expect([code, stderr]).toEqual([0, expect.stringContaining("is damaged")]);
  const list = await made.run("list", "--json");
  expect([list.code, JSON.parse(list.stdout).runs.map((run: { readonly runId: string }) => run.runId)]).toEqual([
    0,
    [sound],
  ]);
});

test.each([
  ["files", {}],
  ["SQLite", SQLITE],
])("what a dead runner has left is ended before its run goes, with %s", async (_, files) => {
  const made = await project({ ...files, "hold-FIRST": "" });
  const { child, finished } = made.start("run", "objective.md");
  await made.line("calls.log", "start FIRST");
  child.kill("SIGKILL");
  await finished;
  const { runId, run } = await statusOf(made);
  const left = made.leftovers();
  expect([run, left.length > 0]).toEqual(["stalled", true]);
  const { removed, processesEnded }: Cleaned = JSON.parse((await made.run("clean", runId, "--yes", "--json")).stdout);
  expect(removed.map(({ status }) => status)).toEqual(["stalled"]);
  expect(processesEnded).toEqual(expect.arrayContaining([...left]));
  expect(made.leftovers()).toEqual([]);
});

test("also of one whose journal is damaged", async () => {
  const made = await project({ "hold-FIRST": "" });
  const { child, finished } = made.start("run", "objective.md");
  await made.line("calls.log", "start FIRST");
  child.kill("SIGKILL");
  await finished;
  const { runId } = await statusOf(made);
  const journal = join(made.runFolder(), "journal.jsonl");
  writeFileSync(journal, readFileSync(journal, "utf8").replace("run.created", "run.crxated"));
  const { code, stderr } = await made.run("clean", runId, "--yes");
  expect([code, stderr]).toEqual([0, expect.stringContaining("Ended what was left running of it: ")]);
  expect([made.leftovers(), made.has(join(".troupe/runs", runId))]).toEqual([[], false]);
});
