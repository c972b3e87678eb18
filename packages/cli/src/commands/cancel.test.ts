import { systemClock } from "@troupe/core";
import { expect, test } from "vitest";
import {
  createCli,
  createStalled,
  HALF,
  LONG,
  OBJECTIVE,
  PATIENT_AGENT,
  TWO_STAGE_FILES,
  TWO_STAGES,
} from "../../test/cli-harness.js";

test("cancel ends a run that a living process works on", async () => {
  const cli = await createCli(LONG);
  const running = cli.run("run", "objective.md", "--quiet");
  await cli.journaled("turn.started");
  expect(await cli.shown("cancel", cli.runId(), "-m", "wrong branch")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Cancelled RUN.
    --- stderr
    To go on after all: troupe resume RUN --yes
    "
  `);
  expect(await running).toEqual({ code: 1, stdout: "Cancelled: RUN.\n", stderr: "" });
  expect(cli.read(`.troupe/runs/${cli.runId()}/journal.jsonl`).match(/run\.claimed/g)).toHaveLength(1);
  await cli.journaled('"by":"tester (troupe cancel)","message":"wrong branch"');
  expect((await cli.run("status")).stdout).toMatch(/FIRST +cancelled +\S+, because of troupe cancel\n/);
});

test("cancel ends a run that nobody works on, also when its agents are not there any more", async () => {
  const cli = await createStalled();
  await cli.write("troupe.yaml", "");
  expect(await cli.shown("cancel", cli.runs()[0] ?? "")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Cancelled RUN.
    --- stderr
    TIME run RUN taken up again: "Try it", workflow stages, 2 stages: 0/2 stages done before
    TIME cancelled by tester (troupe cancel)
    TIME FIRST: work interrupted: crashed
    TIME ■ FIRST cancelled on request
    TIME run RUN cancelled: 0/2 stages done, 1 cancelled, SPAN, tokens unknown, cost unknown
    To go on after all: troupe resume RUN --yes
    "
  `);
});

test("cancel refuses a run that has ended for good, and one that does not exist", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  await cli.run("run", "objective.md");
  expect(await cli.shown("cancel", cli.runId())).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: run RUN has succeeded: there is nothing to cancel [RUN_FINISHED]
    hint: See it: troupe status RUN
    "
  `);
  expect((await cli.run("cancel", "nope-1")).code).toBe(2);
  const failed = await createCli(HALF);
  await failed.run("run", "objective.md");
  expect((await failed.run("cancel", failed.runId(), "--json", "--quiet")).code).toBe(0);
  expect(await failed.shown("cancel", failed.runId())).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: run RUN was cancelled already: there is nothing to cancel [RUN_FINISHED]
    hint: See it: troupe status RUN
    "
  `);
});

test("cancel of a run that does not end gives up after a minute and says so", async () => {
  const cli = await createCli({
    "objective.md": OBJECTIVE,
    "stages.yaml": TWO_STAGES,
    "patient.mjs": PATIENT_AGENT,
    "troupe.yaml": "agents: { default: ./patient.mjs }\n",
  });
  const running = cli.run("run", "objective.md", "--quiet");
  await cli.appears("started");
  let now = 0;
  const clock = {
    now: systemClock.now,
    monotonic: () => now,
    wait: async (ms: number) => {
      now += ms;
    },
  };
  expect(await cli.shownWith({ clock }, "cancel", cli.runId())).toMatchInlineSnapshot(`
    "exit 4
    --- stderr
    error: run RUN was asked to end and is still running after SPAN [RUN_LOCKED]
    hint: See who works on it: troupe status RUN
    "
  `);
  cli.signal("SIGINT");
  cli.signal("SIGINT");
  expect((await running).code).toBe(1);
  expect((await cli.run("status")).stdout).toMatch(/^Run RUN: cancelled\n/);
});
