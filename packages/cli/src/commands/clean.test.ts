import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createCli, HALF, LONG, type TestCli, TWO_STAGE_FILES } from "../../test/cli-harness.js";

test("runs that are over are removed once somebody has said yes, and the bytes are counted", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  await cli.run("run", "objective.md");
  const dry = await cli.run("clean", "--dry-run");
  expect(dry.stdout).toMatch(
    /^RUN +succeeded +DATE {2}[\d.]+ KB +Try it\nWould remove 1 run of [\d.]+ KB\. Nothing was changed\.\n$/,
  );
  expect(dry.stderr).toBe("To do it: troupe clean\n");
  const refused = await cli.run("clean");
  expect([refused.code, refused.stderr.split("\n").slice(1)]).toEqual([
    2,
    [
      "error: this run would be removed for good [CONFIRMATION_NEEDED]",
      "hint: Remove for good: troupe clean --yes",
      "",
    ],
  ]);
  expect(cli.runs()).toHaveLength(1);
  const report = JSON.parse((await cli.runWith({ ask: async () => "y" }, "clean", "--json")).stdout);
  expect(report).toMatchObject({
    version: 1,
    dryRun: false,
    removed: [{ runId: "RUN", status: "succeeded" }],
    heldMeanwhile: [],
  });
  expect(report.freedBytes).toBeGreaterThan(1_000);
  expect(report.freedBytes).toBe(report.removed[0].bytes);
  expect([cli.runs(), cli.has(".troupe/blobs")]).toEqual([[], true]);
  expect((await cli.run("clean")).stderr).toBe(
    "There is nothing to remove. Runs that are not over stay unless they are named; see all: troupe list\n",
  );
});

test("a run that is not over stays unless it is meant, and one that is held stays in any case", async () => {
  const half = await createCli(HALF);
  await half.run("run", "objective.md");
  expect((await half.run("clean", "--yes")).stdout).toBe("");
  expect((await half.run("clean", "--unfinished", "--yes")).stdout).toMatch(/^Removed 1 run, [\d.]+ KB freed\.\n$/);
  const held = await createCli(LONG);
  const running = held.run("run", "objective.md");
  await held.journaled("turn.started");
  expect((await held.run("clean", "--unfinished", "--yes")).stdout).toBe("");
  expect(await held.shown("clean", held.runId(), "--yes")).toMatchInlineSnapshot(`
    "exit 4
    --- stderr
    error: run RUN is held by process PID on HOST [RUN_LOCKED]
    hint: End it first: troupe cancel RUN
    "
  `);
  held.signal("SIGINT");
  await running;
  expect((await held.run("clean", held.runId(), "--yes")).code).toBe(0);
  expect(held.runs()).toEqual([]);
});

test("--keep and --older-than choose", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  for (let n = 0; n < 3; n += 1) await cli.run("run", "objective.md");
  const removed = async (...args: readonly string[]): Promise<number> =>
    JSON.parse((await cli.run("clean", "--dry-run", "--json", ...args)).stdout).removed.length;
  expect([await removed(), await removed("--keep", "2"), await removed("--older-than", "1h")]).toEqual([3, 1, 0]);
  expect(await cli.shown("clean", "--older-than", "soon")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: --older-than soon is no age [USAGE]
    hint: Write it like 30d, 2w or 12h: troupe clean --older-than 30d --dry-run
    "
  `);
  expect((await cli.run("clean", "--keep", "few")).code).toBe(2);
});

test("a run whose process is dead is called stalled, as by list", async () => {
  const cli = await createCli(HALF);
  await cli.run("run", "objective.md");
  const journal = `.troupe/runs/${cli.runId()}/journal.jsonl`;
  const lines = cli.read(journal).trimEnd().split("\n");
  // as far as it had come when it was killed
  await cli.write(journal, `${lines.slice(0, 3).join("\n")}\n`);
  const { stdout } = await cli.run("clean", "--unfinished", "--dry-run", "--json");
  const report = JSON.parse(stdout) as { readonly removed: readonly { readonly status: string }[] };
  expect(report.removed.map(({ status }) => status)).toEqual(["stalled"]);
});

/** Changes a byte of a line of the journal of the only run. */
async function damage(cli: TestCli, from: string, to: string): Promise<void> {
  const journal = `.troupe/runs/${cli.runId()}/journal.jsonl`;
  await cli.write(journal, cli.read(journal).replace(from, to));
}

test("a damaged run stays unless it is named, and can then be removed, also when nothing of it can be read", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  await cli.run("run", "objective.md");
  await damage(cli, '"run.created"', '"run.crxated"');
  expect((await cli.run("status")).stderr).toContain("To be rid of it: troupe clean RUN\n");
  expect(await cli.shown("clean", "--yes")).toMatchInlineSnapshot(`
    "exit 0
    --- stderr
    warning: run RUN is damaged: the journal of run RUN has a damaged line at byte N [JOURNAL_CORRUPT]
    It stays unless it is named: troupe clean RUN
    There is nothing to remove. Runs that are not over stay unless they are named; see all: troupe list
    "
  `);
  expect(await cli.shown("clean", cli.runId())).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    warning: run RUN is damaged: the journal of run RUN has a damaged line at byte N [JOURNAL_CORRUPT]
    What can be done instead of removing it: Restore PROJECT/.troupe/runs/RUN/journal.jsonl from a copy; without one the run cannot be taken up again: start a new one.
    RUN                     damaged                           3.5 KB
    error: this run would be removed for good [CONFIRMATION_NEEDED]
    hint: Remove for good: troupe clean RUN --yes
    "
  `);
  const asJson = JSON.parse((await cli.run("clean", cli.runId(), "--dry-run", "--json")).stdout);
  expect(asJson.removed).toEqual([
    { runId: "RUN", status: "damaged", objective: "", updatedAt: null, bytes: expect.any(Number) },
  ]);
  expect((await cli.runWith({ ask: async () => "n" }, "clean", cli.runId())).code).toBe(2);
  expect(cli.runs()).toHaveLength(1);
  expect((await cli.runWith({ ask: async () => "y" }, "clean", cli.runId())).stdout).toMatch(/^Removed 1 run, /);
  expect([cli.runs(), (await cli.run("list")).code]).toEqual([[], 0]);
});

test("a run damaged further down is named with the repair that would keep what is sound", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  await cli.run("run", "objective.md");
  await damage(cli, '"turn.settled","turn":"SECOND.1"', '"turn.settlxd","turn":"SECOND.1"');
  const { code, stdout, stderr } = await cli.run("clean", cli.runId(), "--yes");
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^Removed 1 run, /)]);
  expect(stderr).toContain("What can be done instead of removing it: Make a new run of what is intact");
  expect(stderr).toContain("troupe repair RUN\n");
  expect(cli.runs()).toEqual([]);
});

test("a run without a journal is removed too, and one whose journal is a folder", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  await cli.write(".troupe/runs/lost-1/logs/A.1.log", "something");
  await cli.write(".troupe/runs/lost-2/journal.jsonl/x", "something");
  expect((await cli.run("clean", "lost-1", "lost-2", "--yes")).stdout).toMatch(/^Removed 2 runs, /);
  expect(cli.runs()).toEqual([]);
});

test("a damaged run that somebody works on is refused like any other", async () => {
  const cli = await createCli(LONG);
  const running = cli.run("run", "objective.md");
  await cli.journaled("turn.started");
  const journal = join(cli.folder, ".troupe/runs", cli.runId(), "journal.jsonl");
  const at = readFileSync(journal).indexOf("run.created");
  const file = openSync(journal, "r+"); // just this byte: the run is at work
  writeSync(file, "X", at);
  closeSync(file);
  const { code, stderr } = await cli.run("clean", cli.runId(), "--yes");
  expect([code, stderr.split("\n")[0]]).toEqual([4, "error: run RUN is held by process PID on HOST [RUN_LOCKED]"]);
  cli.signal("SIGINT");
  await running;
  expect(cli.runs()).toHaveLength(1);
});
