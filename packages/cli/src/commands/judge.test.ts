import { expect, test } from "vitest";
import { cassette, createCli, OBJECTIVE, type TestCli } from "../../test/cli-harness.js";

const GATED = `stages:
  PLAN: { work_agent: worker, artifacts: [plan.md], approval: true }
  BUILD: { work_agent: worker, artifacts: [] }
`;

const FILES: Readonly<Record<string, string>> = {
  "objective.md": OBJECTIVE,
  "stages.yaml": GATED,
  "tape.jsonl": cassette(
    { stage: "PLAN", output: "a plan", files: [{ path: "plan.md", content: "first\n", root: "artifacts" }] },
    {
      stage: "PLAN",
      turn: "fix",
      round: 2,
      output: "a better plan",
      files: [{ path: "plan.md", content: "second\n", root: "artifacts" }],
    },
    { stage: "BUILD", output: "built" },
  ),
  "troupe.yaml": 'agents:\n  default: ["replay", { file: tape.jsonl }]\n',
};

async function createWaiting(): Promise<TestCli> {
  const cli = await createCli(FILES);
  expect((await cli.run("run", "objective.md", "--quiet")).code).toBe(8);
  return cli;
}

test("without a terminal a run that waits ends with exit 8 and the commands, which work as they are printed", async () => {
  const cli = await createCli(FILES);
  const first = await cli.raw("run", "objective.md");
  const runId = cli.runId();
  expect([first.code, first.stdout]).toEqual([
    8,
    `Waiting for a person: ${runId}. 0 completed of 2 stages.
  PLAN (PLAN.1):
    troupe approve ${runId} PLAN --turn PLAN.1
    troupe reject ${runId} PLAN --turn PLAN.1 -m "what must change"
`,
  ]);
  expect(first.stderr).toContain(`Then go on with it: troupe resume ${runId}\n`);
  expect(await cli.shown("approve", runId, "PLAN", "--turn", "PLAN.1", "-m", "go ahead")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Approved: PLAN of RUN, the result of PLAN.1.
    --- stderr
    Nobody works on the run. Go on with it: troupe resume RUN
    "
  `);
  const resumed = await cli.run("resume", runId, "--plain");
  expect([resumed.code, resumed.stdout]).toMatchInlineSnapshot(`
    [
      0,
      "Done: RUN. 2 completed of 2 stages.
    ",
    ]
  `);
  expect(cli.read(`.troupe/runs/${runId}/journal.jsonl`)).toContain('"by":"tester","message":"go ahead"');
});

test("what is rejected goes back to its agent with the words, is done again and waits again", async () => {
  const cli = await createWaiting();
  const runId = cli.runId();
  expect(await cli.shown("reject", runId, "PLAN", "-m", "the rollback is missing")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Rejected: PLAN of RUN, the result of PLAN.1.
    --- stderr
    Nobody works on the run. Go on with it: troupe resume RUN
    "
  `);
  expect((await cli.run("resume", "--quiet")).code).toBe(8);
  expect((await cli.run("status")).stdout).toMatch(/PLAN +waiting +\S+ ?\S*, round 2 of 4, rejected/);
  const stale = await cli.shown("approve", runId, "PLAN", "--turn", "PLAN.1");
  expect(stale).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: the result of PLAN.1 waits no more: PLAN.2 has taken its place in stage PLAN of run RUN [NOT_WAITING]
    hint: See what waits: troupe status RUN
    "
  `);
  expect((await cli.run("approve", runId, "PLAN", "--turn", "PLAN.2")).code).toBe(0);
  expect((await cli.run("resume", "--quiet")).code).toBe(0);
  expect(cli.read(`.troupe/runs/${runId}/artifacts/latest/plan.md`)).toBe("second\n");
});

test("a rejection without words, a stage that does not wait and a run that is over are refused", async () => {
  const cli = await createWaiting();
  const runId = cli.runId();
  expect(await cli.shown("reject", runId, "PLAN")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: a rejection says what must change: the agent gets nothing else [USAGE]
    hint: troupe reject RUN PLAN -m "what must change"
    "
  `);
  expect(await cli.shown("approve", runId, "BUILD")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: stage BUILD of run RUN does not wait for a person: it is pending [NOT_WAITING]
    hint: See what waits: troupe status RUN
    "
  `);
  expect(await cli.shown("approve", runId, "PLAM")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: the workflow has no stage "PLAM" [STAGE_UNKNOWN]
    hint: Did you mean PLAN? Its stages are PLAN, BUILD.
    "
  `);
  expect((await cli.run("approve", "nope-1", "PLAN")).code).toBe(2);
  await cli.run("approve", runId, "PLAN");
  expect(await cli.shown("approve", runId, "PLAN")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: the result of PLAN.1 is approved already [NOT_WAITING]
    hint: See what waits: troupe status RUN
    "
  `);
  await cli.run("resume", "--quiet");
  expect(await cli.shown("approve", runId, "PLAN")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: run RUN has succeeded: nothing of it waits for a person [RUN_FINISHED]
    hint: See it: troupe status RUN
    "
  `);
});

test("status, list, why, the plan and the dry run tell that a result waits, and that it is judged", async () => {
  const cli = await createWaiting();
  expect((await cli.run("run", "objective.md", "--dry-run", "--new")).stdout).toContain(
    "    waits  until a person approves its result\n    leaves plan.md\n",
  );
  const told = async (): Promise<string> => {
    const outputs: string[] = [];
    for (const command of [["status"], ["list"], ["why", "PLAN"], ["why", "BUILD"], ["resume", "--plan"]])
      outputs.push(`$ ${command.join(" ")}\n${(await cli.run(...command)).stdout}`);
    return outputs.join("");
  };
  expect(await told()).toMatchInlineSnapshot(`
    "$ status
    Run RUN: waiting
      objective  Try it
      workflow   stages, 2 stages
      started    DATE UTC, active for SPAN
      usage      tokens unknown, cost unknown
      limits     time SPAN of 8h 00m (0%)

      PLAN   waiting     SPAN, PLAN.1 waits for a person
        troupe approve RUN PLAN --turn PLAN.1
        troupe reject RUN PLAN --turn PLAN.1 -m "what must change"
      BUILD  pending

    Next: troupe approve RUN PLAN --turn PLAN.1
    $ list
    RUN                     waiting      DATE  Try it
    $ why PLAN
    PLAN of RUN: wait. It waits for a person.
      waiting since DATE UTC, after 1 turn
    Next: troupe approve RUN PLAN --turn PLAN.1
      or: troupe reject RUN PLAN --turn PLAN.1 -m "what must change"
    $ why BUILD
    BUILD of RUN: run. It has not started, and waits until a person has approved PLAN.
      pending, no turn of it has started
    Next: troupe resume RUN
    $ resume --plan
    Resuming RUN would
      PLAN   wait  waits for a person
      BUILD  run   has not started, and waits until a person has approved PLAN

    Nothing was changed. To do it: troupe resume RUN
    "
  `);
  await cli.run("approve", cli.runId(), "PLAN");
  expect(await told()).toMatchInlineSnapshot(`
    "$ status
    Run RUN: waiting
      objective  Try it
      workflow   stages, 2 stages
      started    DATE UTC, active for SPAN
      usage      tokens unknown, cost unknown
      limits     time SPAN of 8h 00m (0%)

      PLAN   waiting     SPAN, PLAN.1 is approved
      BUILD  pending

    Next: troupe resume RUN
    $ list
    RUN                     waiting      DATE  Try it
    $ why PLAN
    PLAN of RUN: keep. It is finished.
      waiting since DATE UTC, after 1 turn
    Next: troupe resume RUN
    $ why BUILD
    BUILD of RUN: run. It has not started.
      pending, no turn of it has started
    Next: troupe resume RUN
    $ resume --plan
    Resuming RUN would
      PLAN   keep  is finished
      BUILD  run   has not started

    Nothing was changed. To do it: troupe resume RUN
    "
  `);
});

test("--json tells what was judged, what waits still and the next command", async () => {
  const cli = await createWaiting();
  const { stdout } = await cli.run("approve", cli.runId(), "PLAN", "--json");
  expect(JSON.parse(stdout)).toEqual({
    version: 1,
    runId: "RUN",
    stage: "PLAN",
    turn: "PLAN.1",
    verdict: "approved",
    waiting: [],
    next: "troupe resume RUN",
  });
});
