import { expect, test } from "vitest";
import {
  cassette,
  createCli,
  createStalled,
  HALF,
  LONG,
  type TestCli,
  TWO_STAGE_FILES,
} from "../../test/cli-harness.js";

async function damage(cli: TestCli, runId: string): Promise<void> {
  const name = `.troupe/runs/${runId}/journal.jsonl`;
  await cli.write(name, cli.read(name).replace('"run.claimed"', '"run.clbimed"'));
}

test("status, list and logs say so where there is no run, and write nothing", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  expect(await cli.shown("status")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: there is no run yet [RUN_NOT_FOUND]
    hint: Start one: troupe run objective.md
    "
  `);
  expect(await cli.shown("list")).toMatchInlineSnapshot(`
    "exit 0
    --- stderr
    There is no run yet. Start one: troupe run objective.md
    "
  `);
  expect(await cli.shown("list", "--json")).toBe('exit 0\n--- stdout\n{"version":1,"runs":[]}\n');
  expect(await cli.shown("logs")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: there is no run yet [RUN_NOT_FOUND]
    hint: Start one: troupe run objective.md
    "
  `);
  expect(await cli.shown("status", "nope-1")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: there is no run "nope-1" [RUN_NOT_FOUND]
    hint: See all runs: troupe list
    "
  `);
  expect(cli.has(".troupe")).toBe(false);
});

test("status of a failed run has the reason and the next command", async () => {
  const cli = await createCli(HALF);
  await cli.run("run", "objective.md");
  expect(await cli.shown("status")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Run RUN: failed
      objective  Try it
      workflow   stages, 2 stages
      started    DATE UTC, active for SPAN
      usage      tokens unknown, cost unknown
      limits     time SPAN of 8h 00m (0%)

      FIRST   completed   SPAN
      SECOND  failed      SPAN
        AGENT_CASSETTE_MISS: tape.jsonl has no line for stage SECOND, round 1, turn work, agent worker

    Next: troupe resume RUN
    "
  `);
  const report = JSON.parse((await cli.run("status", "--json")).stdout);
  expect({ ...report, createdAt: 0, updatedAt: 0, activeMs: 0 }).toMatchObject({
    runId: "RUN",
    status: "failed",
    objective: "Try it",
    workflow: "stages",
    holder: null,
    next: "troupe resume RUN",
    stages: [
      { id: "FIRST", group: null, status: "completed", round: 1, maxRounds: 4, verdict: null, turns: [], error: null },
      { id: "SECOND", status: "failed", error: { code: "AGENT_CASSETTE_MISS" }, retryAt: null, cancelledBy: null },
    ],
  });
});

test("status and list during a run name who works on it and do not disturb it", async () => {
  const cli = await createCli(LONG);
  const running = cli.run("run", "objective.md");
  await cli.journaled("turn.started");
  expect(await cli.shown("status")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Run RUN: running
      objective  Try it
      workflow   stages, 2 stages
      started    DATE UTC, active for SPAN
      held by    process PID on HOST: troupe run in PROJECT
      usage      0 tokens, $0.00
      limits     time SPAN of 8h 00m (0%)

      FIRST   running     SPAN, FIRST.1
      SECOND  pending
    "
  `);
  expect((await cli.run("list")).stdout).toMatch(/^RUN +running +DATE {2}Try it\n$/);
  cli.signal("SIGINT");
  expect((await running).code).toBe(130);
});

test("a run whose process is dead is stalled, its stage interrupted", async () => {
  const cli = await createStalled();
  expect(await cli.shown("status")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Run RUN: stalled
      objective  Try it
      workflow   stages, 2 stages
      started    DATE UTC, active for SPAN
      usage      0 tokens, $0.00
      limits     time SPAN of 8h 00m (0%)

      FIRST   interrupted FIRST.1
      SECOND  pending

    Next: troupe resume RUN
    "
  `);
  expect(JSON.parse((await cli.raw("list", "--json")).stdout)).toMatchObject({
    version: 1,
    runs: [{ status: "stalled" }],
  });
  expect((await cli.run("list")).stdout).toMatch(/^RUN +stalled +DATE {2}Try it\n$/);
  // nobody would write any more
  expect(await cli.shown("logs", "--follow")).toBe("exit 0\n--- stderr\nNo turn of RUN has written anything.\n");
});

test("status shows groups, verdicts, skipped and cancelled stages, and the wait for a retry", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "stages.yaml": `stages:
  EXTRA: { work_agent: worker, artifacts: [], optional: true }
  SPEC: { work_agent: worker, artifacts: [] }
  SPEC_REVIEW: { work_agent: worker, review_agent: worker, is_review_stage: true }
  LEFT: { work_agent: worker, artifacts: [], writes: artifacts }
  RIGHT: { work_agent: other, artifacts: [], writes: artifacts }
  LAST: {}
work_to_review_mapping: { SPEC: SPEC_REVIEW }
parallel_groups:
  sides: { stages: [LEFT, RIGHT], on_failure: fail_fast }
`,
    "tape.jsonl": cassette(
      { stage: "SPEC" },
      { stage: "SPEC_REVIEW", turn: "review", output: "REJECTED: no limits\n" },
      { stage: "SPEC_REVIEW", turn: "fix", round: 2 },
      { stage: "SPEC_REVIEW", turn: "review", round: 2, output: "VERIFIED_APPROVED: now complete\n" },
      { stage: "LEFT", error: { message: "no network" } },
      { stage: "RIGHT", agent: "other", delayMs: 3_600_000 },
    ),
  });
  const running = cli.run("run", "objective.md", "--skip", "EXTRA");
  await cli.journaled("no network");
  expect(await cli.shown("status")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Run RUN: running
      objective  Try it
      workflow   stages, 6 stages
      started    DATE UTC, active for SPAN
      held by    process PID on HOST: troupe run in PROJECT
      usage      tokens unknown, cost unknown
      limits     time SPAN of 8h 00m (0%)

      EXTRA        skipped
      SPEC         completed   SPAN
      SPEC_REVIEW  completed   SPAN, round 2 of 4, approved
      group sides  SPAN
      | LEFT       running     SPAN, waits until DATE UTC
      |   tried again after AGENT_FAILED: no network
      | RIGHT      running     SPAN, RIGHT.1
      LAST         pending
    "
  `);
  await cli.write("tape.jsonl", ""); // no later attempt
  cli.signal("SIGINT");
  expect((await running).code).toBe(130);
  await cli.run("resume");
  const { stdout } = await cli.run("status");
  expect(stdout.slice(stdout.indexOf("  EXTRA"))).toMatchInlineSnapshot(`
    "  EXTRA        skipped
      SPEC         completed   SPAN
      SPEC_REVIEW  completed   SPAN, round 2 of 4, approved
      group sides  SPAN
      | LEFT       cancelled   SPAN, because of RIGHT
      | RIGHT      failed      SPAN
      |   AGENT_CASSETTE_MISS: tape.jsonl has no line for stage RIGHT, round 1, turn work, agent other
      LAST         pending

    Next: troupe resume RUN
    "
  `);
});

test("a damaged run hides no other, and is exit 5 with its place", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  await cli.run("run", "objective.md");
  const sound = cli.runId();
  await cli.run("run", "-m", "Another one");
  const [damaged = ""] = cli.runs().filter((id) => id !== sound);
  await damage(cli, damaged);
  expect(await cli.shown("list")).toMatchInlineSnapshot(`
    "exit 5
    --- stdout
    RUN                     succeeded    DATE  Try it
    --- stderr
    warning: run RUN is damaged: the journal of run RUN has a damaged line at byte N [JOURNAL_CORRUPT]
    All of one: troupe show RUN
    What can be done about a damaged one: troupe status RUN
    "
  `);
  expect(await cli.shown("status", damaged)).toMatchInlineSnapshot(`
    "exit 5
    --- stderr
    error: the journal of run RUN has a damaged line at byte N [JOURNAL_CORRUPT]
    hint: Make a new run of what is intact, everything before byte N: troupe repair RUN
    or restore PROJECT/.troupe/runs/RUN/journal.jsonl from a copy.
    "
  `);
  expect((await cli.run("status")).stdout).toMatch(/^Run RUN: succeeded\n {2}objective {2}Try it\n/);
  await damage(cli, sound);
  for (const command of ["status", "logs", "resume"]) expect((await cli.run(command)).code).toBe(5);
});
