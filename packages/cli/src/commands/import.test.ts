import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cassette, createCli, OBJECTIVE, type TestCli } from "../../test/cli-harness.js";
import { createTeamBot, FOLDER, OUTPUTS, STAGES, stateFile, upTo } from "../../test/teambot-project.js";

/** Stage, and what a resume does with it. */
async function plan(cli: TestCli): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await cli.run("resume", "--plan", "--json");
  const { stages }: { stages: readonly { stage: string; action: string; reason: string }[] } = JSON.parse(stdout);
  return Object.fromEntries(stages.map(({ stage, action, reason }) => [stage, `${action}: ${reason}`]));
}

/** Path and content of every file below a folder. */
function digest(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map(
      (name) =>
        `${name} ${createHash("sha256")
          .update(readFileSync(join(folder, name)))
          .digest("hex")}`,
    )
    .sort();
}

const KEPT = "keep: finished";
const OPEN = "run: not started";

describe("a run in the middle of a group", () => {
  const middle = {
    current_stage: "RESEARCH",
    stage_outputs: upTo("SPEC", "SPEC_REVIEW", "TEST_STRATEGY"),
    parallel_group_status: {
      post_spec_review: {
        stages: {
          RESEARCH: { status: "in_progress", error: null },
          TEST_STRATEGY: { status: "completed", error: null },
        },
      },
    },
  };

  test("goes on with the unfinished member only, and its files stay as they are", async () => {
    const cli = await createTeamBot(middle);
    const before = digest(join(cli.folder, ".teambot"));
    expect(await cli.shown("import", ".")).toMatchInlineSnapshot(`
      "exit 0
      --- stdout
      .teambot/login-page/orchestration_state.json is now run RUN (TeamBot: in_progress)
        SPEC             keep
        SPEC_REVIEW      keep
        RESEARCH         run   it was cut off in the middle of its group
        TEST_STRATEGY    keep
        PLAN             run   it depends on RESEARCH, which is not finished
        ACCEPTANCE_TEST  run   it depends on PLAN, which is not finished
        POST_REVIEW      run   it depends on ACCEPTANCE_TEST, which is not finished
        COMPLETE         run   it depends on POST_REVIEW, which is not finished
      - SPEC_REVIEW left no spec_review.md: its recorded output stands in for it.
      - TEST_STRATEGY left no test_strategy.md: its recorded output stands in for it.
      - The SPAN that TeamBot has used do not count against the time limit.
      Nothing of TeamBot's files was changed.
      Next: troupe resume RUN --plan
      "
    `);
    expect(digest(join(cli.folder, ".teambot"))).toEqual(before);
    expect(await plan(cli)).toEqual({
      SPEC: KEPT,
      SPEC_REVIEW: KEPT,
      RESEARCH: OPEN,
      TEST_STRATEGY: KEPT,
      PLAN: OPEN,
      ACCEPTANCE_TEST: OPEN,
      POST_REVIEW: OPEN,
      COMPLETE: OPEN,
    });
    await cli.write(
      "tape.jsonl",
      cassette(
        {
          stage: "RESEARCH",
          agent: "builder-1",
          files: [{ path: "research.md", content: "found", root: "artifacts" }],
        },
        { stage: "PLAN", agent: "pm", files: [{ path: "plan.md", content: "plan", root: "artifacts" }] },
        { stage: "ACCEPTANCE_TEST", agent: "builder-1" },
        { stage: "POST_REVIEW", agent: "pm" },
      ),
    );
    expect((await cli.run("resume")).code).toBe(0);
    expect(cli.read(`.troupe/runs/${cli.runId()}/artifacts/latest/spec.md`)).toBe("# The specification\n");
    expect(cli.read(`.troupe/runs/${cli.runId()}/artifacts/latest/test_strategy.md`)).toBe("how to test");
  });

  test("from before groups had a status goes on with the members that left no output", async () => {
    const cli = await createTeamBot({ ...middle, parallel_group_status: undefined });
    expect((await cli.run("import", ".")).code).toBe(0);
    expect(await plan(cli)).toMatchObject({ RESEARCH: OPEN, TEST_STRATEGY: KEPT, PLAN: OPEN });
  });

  test("that stood at the second member does not leave out the first, which never ran", async () => {
    const cli = await createTeamBot({
      current_stage: "TEST_STRATEGY",
      stage_outputs: upTo("SPEC", "SPEC_REVIEW"),
    });
    expect((await cli.run("import", ".")).code).toBe(0);
    expect(await plan(cli)).toMatchObject({ SPEC_REVIEW: KEPT, RESEARCH: OPEN, TEST_STRATEGY: OPEN });
  });

  test("with a failed member runs that one again, and says why it failed", async () => {
    const stages = {
      RESEARCH: { status: "failed", error: "network down" },
      TEST_STRATEGY: { status: "completed", error: null },
    };
    const cli = await createTeamBot({ ...middle, parallel_group_status: { post_spec_review: { stages } } });
    const { stdout } = await cli.run("import", ".");
    expect(stdout).toContain("  RESEARCH         fail  it failed in its group: network down\n");
    expect(await plan(cli)).toMatchObject({ RESEARCH: "run: failed", TEST_STRATEGY: KEPT, PLAN: OPEN });
    expect((await cli.run("status")).stdout).toContain("TURN_FAILED: TeamBot: network down");
  });

  test("whose member counts as completed although its result was never written runs it again", async () => {
    const stages = {
      RESEARCH: { status: "completed", error: null },
      TEST_STRATEGY: { status: "completed", error: null },
    };
    const cli = await createTeamBot({ ...middle, parallel_group_status: { post_spec_review: { stages } } });
    const { stdout } = await cli.run("import", ".");
    expect(stdout).toContain("RESEARCH         run   TeamBot counts it as done, but neither its output nor its files");
  });
});

describe("a run that is complete", () => {
  const complete = {
    current_stage: "COMPLETE",
    status: "complete",
    stage_outputs: OUTPUTS,
    acceptance_tests_passed: true,
    acceptance_test_history: [{ iteration: 1, passed: 4, failed: 0, total: 4, all_passed: true }],
  };

  test("has succeeded: nothing is left to do", async () => {
    const cli = await createTeamBot(complete);
    const { code, stdout } = await cli.run("import", FOLDER);
    expect([code, stdout.split("\n").at(-2)]).toEqual([0, "Next: troupe status RUN"]);
    expect((await cli.run("status")).stdout).toContain("Run RUN: succeeded\n");
  });

  test("with acceptance tests of no scenario has shown nothing: they run again, and what demands them", async () => {
    const history = [{ iteration: 1, passed: 0, failed: 0, total: 0, all_passed: true }];
    const cli = await createTeamBot({ ...complete, acceptance_test_history: history });
    expect((await cli.run("import", ".")).stdout).toContain("but 0 of 0 scenarios passed: nothing was shown\n");
    expect(await plan(cli)).toEqual({
      SPEC: KEPT,
      SPEC_REVIEW: KEPT,
      RESEARCH: KEPT,
      TEST_STRATEGY: KEPT,
      PLAN: KEPT,
      ACCEPTANCE_TEST: OPEN,
      POST_REVIEW: OPEN,
      COMPLETE: OPEN,
    });
  });

  test("whose review does not approve was not approved: it and what depends on it run again", async () => {
    const outputs = { ...OUTPUTS, SPEC_REVIEW: "REJECTED: I cannot say VERIFIED_APPROVED: of this" };
    const cli = await createTeamBot({ ...complete, stage_outputs: outputs });
    expect((await cli.run("import", ".")).stdout).toContain(
      "SPEC_REVIEW      run   TeamBot counts it as approved, but its text concludes with a rejection\n",
    );
    expect(await plan(cli)).toMatchObject({ SPEC: KEPT, SPEC_REVIEW: OPEN, RESEARCH: OPEN, COMPLETE: OPEN });
  });

  test("that went past an optional stage has skipped it", async () => {
    const { PLAN: _, ...outputs } = OUTPUTS;
    const cli = await createTeamBot({ ...complete, stage_outputs: outputs });
    expect((await cli.run("import", ".")).stdout).toContain("  PLAN             skip  it is optional,");
    expect((await cli.run("status", "--json")).stdout).toContain('"id":"PLAN","group":null,"status":"skipped"');
  });
});

test("failed acceptance tests have failed, and the next attempt is told what was found", async () => {
  const cli = await createTeamBot({
    current_stage: "ACCEPTANCE_TEST",
    status: "acceptance_test_failed",
    stage_outputs: upTo("SPEC", "SPEC_REVIEW", "RESEARCH", "TEST_STRATEGY", "PLAN", "ACCEPTANCE_TEST"),
    acceptance_tests_passed: false,
    acceptance_test_history: [{ iteration: 4, passed: 2, failed: 5, total: 7, all_passed: false }],
    acceptance_test_summary: "FAILURES: 2/7 passed",
  });
  expect((await cli.run("import", ".")).stdout).toContain(
    "ACCEPTANCE_TEST  fail  the acceptance tests failed (2 of 7 passed): FAILURES: 2/7 passed\n",
  );
  expect(await plan(cli)).toMatchObject({ PLAN: KEPT, ACCEPTANCE_TEST: "run: failed", POST_REVIEW: OPEN });
});

test("the first version's state, beside the folders of the features, is one in which nothing has finished", async () => {
  const cli = await createCli({
    "docs/objective.md": OBJECTIVE,
    "stages.yaml": STAGES,
    "troupe.yaml": 'checks: ["true"]\n',
    ".teambot/orchestration_state.json": stateFile({ status: "error" }),
  });
  expect((await cli.run("import", ".teambot")).code).toBe(0);
  expect(new Set(Object.values(await plan(cli)))).toEqual(new Set([OPEN]));
});

test("shows what it would do and writes nothing", async () => {
  const cli = await createTeamBot({ current_stage: "SPEC_REVIEW", stage_outputs: upTo("SPEC") });
  const { code, stdout } = await cli.run("import", ".", "--dry-run", "--json");
  expect([code, JSON.parse(stdout)]).toMatchObject([
    0,
    {
      runId: null,
      status: "in_progress",
      stages: [{ stage: "SPEC", action: "keep", why: null }, { stage: "SPEC_REVIEW" }, {}, {}, {}, {}, {}, {}],
    },
  ]);
  expect(cli.runs()).toEqual([]);
});
