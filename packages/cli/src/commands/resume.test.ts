import { join } from "node:path";
import { expect, test } from "vitest";
import { cassette, createCli, type TestCli, TWO_STAGE_FILES } from "../../test/cli-harness.js";

const WHOLE = TWO_STAGE_FILES["tape.jsonl"] ?? "";
const HALF = cassette({ stage: "FIRST", output: "first answer" });

/** A run whose second stage has failed. */
async function createFailed(): Promise<TestCli> {
  const cli = await createCli({ ...TWO_STAGE_FILES, "tape.jsonl": HALF });
  expect((await cli.run("run", "objective.md")).code).toBe(1);
  return cli;
}

/** A run that was interrupted in its first stage. */
async function createInterrupted(): Promise<TestCli> {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "tape.jsonl": cassette({ stage: "FIRST", delayMs: 3_600_000 }),
  });
  const running = cli.run("run", "objective.md");
  await cli.journaled("turn.started");
  cli.signal("SIGINT");
  expect((await running).code).toBe(130);
  return cli;
}

/** A run that somebody has cancelled. */
async function createCancelled(): Promise<TestCli> {
  const cli = await createFailed();
  expect((await cli.run("cancel", cli.runId())).code).toBe(0);
  await cli.write("tape.jsonl", WHOLE);
  return cli;
}

test("goes on with the newest unfinished run: finished stages are kept, the failed one runs", async () => {
  const cli = await createFailed();
  await cli.write("tape.jsonl", WHOLE);
  expect(await cli.shown("resume")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Done: RUN. 2 completed of 2 stages.
    --- stderr
    Going on with stages.yaml.
    TIME run RUN taken up again: "Try it", workflow stages, 2 stages: 1/2 stages done before
    TIME SECOND: starts anew (failed)
    TIME SECOND: work by worker started
    TIME SECOND: work ended after SPAN
    TIME ✓ SECOND completed in SPAN
    TIME run RUN succeeded: 2/2 stages done, SPAN, tokens unknown, cost unknown
    See it: troupe status RUN
    Artifacts: PROJECT/.troupe/runs/RUN/artifacts/latest
    "
  `);
});

test("goes on with the run that is named", async () => {
  const cli = await createFailed();
  const older = cli.runId();
  expect((await cli.run("run", "objective.md", "--new")).code).toBe(1);
  await cli.write("tape.jsonl", WHOLE);
  expect((await cli.run("resume", older)).code).toBe(0);
  expect(JSON.parse((await cli.raw("status", older, "--json")).stdout).status).toBe("succeeded");
  expect(JSON.parse((await cli.raw("status", "--json")).stdout).status).toBe("failed");
});

test("--plan shows what a resume of a failed run would do, and changes nothing", async () => {
  const cli = await createFailed();
  const journal = () => cli.read(`.troupe/runs/${cli.runId()}/journal.jsonl`);
  const before = journal();
  expect(await cli.shown("resume", "--plan")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Resuming RUN would
      FIRST   keep  is finished
      SECOND  run   has failed and starts anew

    Nothing was changed. To do it: troupe resume RUN
    "
  `);
  const { stdout } = await cli.run("resume", "--plan", "--json");
  expect(JSON.parse(stdout)).toMatchInlineSnapshot(`
    {
      "asks": false,
      "cancelRequested": false,
      "left": [],
      "runId": "RUN",
      "stages": [
        {
          "action": "keep",
          "asks": false,
          "changes": [],
          "from": "start",
          "reason": "finished",
          "stage": "FIRST",
          "upstream": [],
        },
        {
          "action": "run",
          "asks": false,
          "changes": [],
          "from": "start",
          "reason": "failed",
          "stage": "SECOND",
          "upstream": [],
        },
      ],
      "vanished": [],
      "version": 1,
    }
  `);
  expect(journal()).toBe(before);
});

test("--plan of an interrupted run names the round that goes on", async () => {
  const cli = await createInterrupted();
  expect(await cli.shown("resume", "--plan")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Resuming RUN would
      FIRST   run   was interrupted in round 1, which goes on
      SECOND  run   has not started

    Nothing was changed. To do it: troupe resume RUN
    "
  `);
});

test("--plan of a cancelled and of a succeeded run", async () => {
  const cli = await createCancelled();
  expect(await cli.shown("resume", "--plan", cli.runId())).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Resuming RUN would
      FIRST   keep  is finished
      SECOND  run   has failed and starts anew

    Nothing was changed. To do it: troupe resume RUN --yes
    "
  `);
  expect((await cli.run("resume", cli.runId(), "--yes")).code).toBe(0);
  const refused = await cli.run("resume", cli.runId());
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("has succeeded: there is nothing left")]);
  for (const args of [["--plan"], ["--plan", "--from", "FIRST"], ["--from", "FIRST"], ["--rerun-changed"]]) {
    expect(await cli.run("resume", cli.runId(), ...args)).toEqual(refused);
  }
});

test("a cancelled run is not picked by itself, and going on with it must be meant", async () => {
  const cli = await createCancelled();
  expect(await cli.shown("resume")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: there is no unfinished run [RUN_NOT_FOUND]
    hint: See all runs: troupe list
    "
  `);
  expect(await cli.shown("resume", cli.runId())).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: run RUN was cancelled [CONFIRMATION_NEEDED]
    hint: To go on all the same: troupe resume RUN --yes
    "
  `);
  expect((await cli.run("status")).stdout).toContain("\nTo go on after all: troupe resume RUN --yes\n");
  const questions: string[] = [];
  const answering = (answer: string) => ({
    ask: async (question: string) => {
      questions.push(question.replace(cli.runId(), "RUN"));
      return answer;
    },
  });
  expect((await cli.runWith(answering("n"), "resume", cli.runId())).code).toBe(2);
  expect((await cli.runWith(answering("y"), "resume", cli.runId())).code).toBe(0);
  expect(questions).toEqual([
    "Run RUN was cancelled. Go on with it all the same? [y/N] ",
    "Run RUN was cancelled. Go on with it all the same? [y/N] ",
  ]);
});

test("a run that has used its time is refused without a higher limit and goes on with one", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "tape.jsonl": cassette({ stage: "FIRST", delayMs: 3_600_000 }),
  });
  expect((await cli.run("run", "objective.md", "--max-duration", "30ms")).code).toBe(7);
  expect(await cli.shown("resume")).toMatchInlineSnapshot(`
    "exit 7
    --- stderr
    error: run RUN has reached its time limit (SPAN of SPAN) [LIMIT_REACHED]
    hint: Raise it: troupe resume RUN --max-duration 1m
    "
  `);
  expect((await cli.run("resume", "--max-duration", "10ms")).code).toBe(7);
  await cli.write("tape.jsonl", WHOLE);
  expect((await cli.run("resume", "--max-duration", "9h", "--concurrency", "1")).code).toBe(0);
});

test("limits that are typed wrong are refused", async () => {
  const cli = await createFailed();
  expect((await cli.run("resume", "--max-duration", "long")).code).toBe(2);
  expect((await cli.run("resume", "--concurrency", "none")).code).toBe(2);
});

test("a succeeded run is refused", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  expect((await cli.run("run", "objective.md")).code).toBe(0);
  expect(await cli.shown("resume", cli.runId())).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: run RUN has succeeded: there is nothing left to do [RUN_FINISHED]
    hint: See what it left: troupe status RUN
    "
  `);
});

test("a run started with a cassette never resumes with the agent of the project file", async () => {
  const cli = await createCli({ ...TWO_STAGE_FILES, "sub/half.jsonl": HALF });
  const started = await cli.runWith(
    { cwd: join(cli.folder, "sub") },
    ...["run", "../objective.md", "--config", "../troupe.yaml", "--agent", "all=replay:half.jsonl"],
  );
  expect(started.code).toBe(1);
  expect((await cli.run("resume")).stderr).toContain("AGENT_CASSETTE_MISS");
  await cli.write("sub/half.jsonl", cassette({ stage: "SECOND", output: "from the cassette" }));
  expect((await cli.run("resume")).code).toBe(0);
  expect((await cli.run("logs")).stdout).toBe("first answer\nfrom the cassette\n");
});

test("runs that others work on are named", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "tape.jsonl": cassette({ stage: "FIRST", delayMs: 3_600_000 }),
  });
  const running = cli.run("run", "objective.md");
  await cli.journaled("turn.started");
  expect(await cli.shown("resume")).toMatchInlineSnapshot(`
    "exit 4
    --- stderr
    error: every unfinished run is being worked on: RUN (process PID on HOST) [RUN_LOCKED]
    hint: See what it does: troupe status RUN
    "
  `);
  expect(await cli.shown("resume", cli.runId())).toMatchInlineSnapshot(`
    "exit 4
    --- stderr
    Going on with stages.yaml.
    error: run RUN is held by process PID on HOST: troupe run in PROJECT [RUN_LOCKED]
    hint: troupe status RUN
    "
  `);
  cli.signal("SIGHUP");
  expect((await running).code).toBe(129);
});
