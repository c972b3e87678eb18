import { createHash } from "node:crypto";
import {
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  cassette,
  createCli,
  createStalled,
  LONG,
  OBJECTIVE,
  type TestCli,
  TWO_STAGE_FILES,
} from "../../test/cli-harness.js";

const journalOf = (cli: TestCli, runId: string): string => join(cli.folder, ".troupe/runs", runId, "journal.jsonl");

/** Flips a bit in the line that has `text`. */
function damage(cli: TestCli, runId: string, text: string): void {
  const bytes = readFileSync(journalOf(cli, runId));
  const at = bytes.indexOf(text);
  if (at < 0) throw new Error(`the journal has no ${text}`);
  const file = openSync(journalOf(cli, runId), "r+"); // just this byte: the run may be at work
  writeSync(file, new Uint8Array([(bytes[at] ?? 0) ^ 1]), 0, 1, at);
  closeSync(file);
}

/** Every file of the run with a hash of its bytes. */
function snapshot(cli: TestCli, runId: string): Readonly<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const root of [join(cli.folder, ".troupe/runs", runId), join(cli.folder, ".troupe/blobs", runId)]) {
    if (!cli.has(root.slice(cli.folder.length + 1))) continue;
    for (const name of readdirSync(root, { recursive: true, encoding: "utf8" })) {
      const path = join(root, name);
      if (lstatSync(path).isFile()) hashes[name] = createHash("sha256").update(readFileSync(path)).digest("hex");
    }
  }
  return hashes;
}

async function finishedRun(files = TWO_STAGE_FILES): Promise<{ cli: TestCli; runId: string }> {
  const cli = await createCli(files);
  await cli.run("run", "objective.md");
  return { cli, runId: cli.runId() };
}

describe("a run damaged in the middle", () => {
  test("becomes a new one of what is sound; it says what is given up, and resume goes on", async () => {
    const { cli, runId } = await finishedRun();
    damage(cli, runId, '"turn.settled","turn":"SECOND.1"');
    const before = snapshot(cli, runId);
    expect((await cli.run("resume", runId)).stderr).toContain("troupe repair RUN\nor restore");
    expect(await cli.shown("repair", runId, "--dry-run")).toMatchInlineSnapshot(`
      "exit 0
      --- stdout
      Repairing RUN would make the run RUN-r1. RUN itself stays as it is.

      Damage: the journal of run RUN has a damaged line at byte N [JOURNAL_CORRUPT]
      Given up: entry 5 and all that follows, from byte N on, 563 bytes, 0 intact entries

      Stages:
        FIRST   kept
        SECOND  starts again: it was cut off

      Nothing was changed. To do it: troupe repair RUN
      "
    `);
    expect(cli.runs()).toEqual([runId]);
    expect(await cli.shown("repair", runId)).toMatchInlineSnapshot(`
      "exit 0
      --- stdout
      Repaired RUN as RUN-r1. RUN itself was left as it is.

      Damage: the journal of run RUN has a damaged line at byte N [JOURNAL_CORRUPT]
      Given up: entry 5 and all that follows, from byte N on, 563 bytes, 0 intact entries

      Stages:
        FIRST   kept
        SECOND  starts again: it was cut off

      Go on with it: troupe resume RUN-r1
      "
    `);
    expect(snapshot(cli, runId)).toEqual(before);
    expect(await cli.shown("resume", `${runId}-r1`, "--plan")).toMatchInlineSnapshot(`
      "exit 0
      --- stdout
      Resuming RUN-r1 would
        FIRST   keep  is finished
        SECOND  run   was interrupted in round 1, which goes on

      Nothing was changed. To do it: troupe resume RUN-r1
      "
    `);
    expect(await cli.shown("resume", `${runId}-r1`, "--quiet")).toMatchInlineSnapshot(`
      "exit 0
      --- stdout
      Done: RUN-r1. 2 completed of 2 stages.
      "
    `);
    const journal = readFileSync(journalOf(cli, `${runId}-r1`), "utf8");
    expect(journal.match(/"turn\.started"[^}]*"FIRST\.\d+"/g)).toHaveLength(1); // what was finished is not done again
    expect(snapshot(cli, runId)).toEqual(before);
  });

  test("is told as JSON, with the offset and the figures", async () => {
    const { cli, runId } = await finishedRun();
    damage(cli, runId, '"stage.completed","turn":"FIRST.1"');
    const bytes = readFileSync(journalOf(cli, runId));
    const { code, stdout } = await cli.raw("repair", runId, "--json");
    const report = JSON.parse(stdout);
    const offset = bytes.lastIndexOf("\n{", bytes.indexOf('"turn.settled","turn":"FIRST.1"')) + 1;
    expect([code, report]).toEqual([
      0,
      {
        version: 1,
        runId,
        sound: false,
        newRunId: `${runId}-r1`,
        dryRun: false,
        keptEntries: 3,
        damage: {
          code: "JOURNAL_CORRUPT",
          message: `the journal of run ${runId} has a damaged line at byte ${offset}`,
          offset,
          bytes: bytes.length - offset,
          entries: 1,
        },
        turnsGivenUp: ["SECOND.1"],
        lostContents: [],
        lostLogs: [],
        stages: [
          { stage: "FIRST", keep: false, resetBecause: null },
          { stage: "SECOND", keep: false, resetBecause: null },
        ],
        processesEnded: [],
        notCopied: [],
        next: `troupe resume ${runId}-r1`,
      },
    ]);
    expect(await cli.shown("repair", runId)).toContain("as RUN-r2");
  });
});

test("a run damaged at its first line has nothing to go on from, and nothing is made", async () => {
  const { cli, runId } = await finishedRun();
  damage(cli, runId, '"run.created"');
  expect(await cli.shown("repair", runId)).toMatchInlineSnapshot(`
    "exit 5
    --- stderr
    error: run RUN has no sound entry: there is nothing to go on from [JOURNAL_CORRUPT]
    hint: Restore its journal from a copy, or start a new run: troupe run objective.md --new
    "
  `);
  expect(cli.runs()).toEqual([runId]);
});

test("a sound run is left alone, and so is one that does not exist", async () => {
  const { cli, runId } = await finishedRun();
  expect(await cli.shown("repair", runId)).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Run RUN is sound: there is nothing to repair.
    "
  `);
  expect(JSON.parse((await cli.raw("repair", runId, "--json")).stdout)).toEqual({
    version: 1,
    runId,
    sound: true,
    newRunId: null,
  });
  const stalled = await createStalled();
  expect((await stalled.run("repair", stalled.runId())).stdout).toBe(
    "Run RUN is sound: there is nothing to repair.\nGo on with it: troupe resume RUN\n",
  );
  expect((await cli.run("repair", "none")).stderr).toContain("[RUN_NOT_FOUND]");
});

test("a held run is refused with its holder, and nothing is made", async () => {
  const cli = await createCli(LONG);
  const running = cli.run("run", "objective.md", "--quiet");
  await cli.journaled("turn.started");
  damage(cli, cli.runId(), '"run.created"'); // not what its runner may be reading back at this moment
  expect(await cli.shown("repair", cli.runId())).toMatchInlineSnapshot(`
    "exit 4
    --- stderr
    error: run RUN is held by process PID on HOST: troupe run in PROJECT [RUN_LOCKED]
    hint: End it first, or wait for it: troupe status RUN
    "
  `);
  expect(cli.runs()).toHaveLength(1);
  cli.signal("SIGINT");
  await running;
});

const ARTIFACTS = {
  ...TWO_STAGE_FILES,
  "stages.yaml": `stages:
  FIRST: { work_agent: worker, artifacts: [plan.md] }
  SECOND: { work_agent: worker, artifacts: [] }
`,
  "tape.jsonl": cassette(
    { stage: "FIRST", output: "x".repeat(9_000), files: [{ path: "plan.md", content: "the plan", root: "artifacts" }] },
    { stage: "SECOND", output: "second answer" },
  ),
};

describe("lost content", () => {
  test("lets its stage and what was built upon it start anew, never silently; the new run needs nothing of the old", async () => {
    const { cli, runId } = await finishedRun(ARTIFACTS);
    const sha256 = createHash("sha256").update("the plan").digest("hex");
    unlinkSync(join(cli.folder, ".troupe/blobs", runId, sha256));
    symlinkSync("/dev/null", join(cli.folder, ".troupe/runs", runId, "artifacts/latest/link"));
    const before = snapshot(cli, runId);
    expect(await cli.shown("repair", runId)).toMatchInlineSnapshot(`
      "exit 0
      --- stdout
      Repaired RUN as RUN-r1. RUN itself was left as it is.

      Lost: the artifact plan.md of FIRST.1 [BLOB_MISSING]
      Not copied, no files or folders: artifacts/latest/link

      Stages:
        FIRST   starts anew: its content is lost
        SECOND  starts anew: what it was built upon is lost

      Go on with it: troupe resume RUN-r1
      "
    `);
    expect(snapshot(cli, runId)).toEqual(before);
    for (const name of ["runs", "blobs"]) rmSync(join(cli.folder, ".troupe", name, runId), { recursive: true });
    expect((await cli.run("resume", `${runId}-r1`)).code).toBe(0);
    expect(cli.read(`.troupe/runs/${runId}-r1/artifacts/FIRST.2/plan.md`)).toBe("the plan");
  });

  test("of a log is told and costs no stage", async () => {
    const { cli, runId } = await finishedRun(ARTIFACTS);
    unlinkSync(join(cli.folder, ".troupe/runs", runId, "logs/FIRST.1.log"));
    expect(await cli.shown("repair", runId)).toMatchInlineSnapshot(`
      "exit 0
      --- stdout
      Repaired RUN as RUN-r1. RUN itself was left as it is.

      Lost: 9000 of 9000 bytes of the log of FIRST.1

      Stages:
        FIRST   kept
        SECOND  kept

      See it: troupe status RUN-r1
      "
    `);
    expect((await cli.run("logs", `${runId}-r1`)).code).toBe(0);
  });

  test("of the objective itself cannot be repaired", async () => {
    const { cli, runId } = await finishedRun({
      ...TWO_STAGE_FILES,
      "objective.md": `${OBJECTIVE}${`- ${"more ".repeat(2_000)}\n`}`,
    });
    rmSync(join(cli.folder, ".troupe/blobs", runId), { recursive: true });
    expect(await cli.shown("repair", runId)).toMatchInlineSnapshot(`
      "exit 5
      --- stderr
      error: the objective or a prompt template of run RUN is lost: nothing can go on without it [BLOB_MISSING]
      hint: Restore the contents of run RUN from a copy, or start a new run: troupe run objective.md --new
      "
    `);
  });
});
