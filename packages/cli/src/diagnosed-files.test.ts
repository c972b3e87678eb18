import { expect, test } from "vitest";
import { cassette, createCli, OBJECTIVE, TWO_STAGE_FILES } from "../test/cli-harness.js";

const WRONG_FILES = {
  "objective.md": "---\nlimits: { duration: soon }\n---\n# Objective: Try it\n",
  "stages.yaml": "stages:\n  FIRST: { work_agent: worker, artefacts: [] }\n  FIRST_REVIEW: { is_review_stage: true }\n",
  "troupe.yaml": "agents: { default: 5 }\nstores: fs\n",
};

test("run shows all mistakes of all files at once and starts nothing", async () => {
  const cli = await createCli(WRONG_FILES);
  expect(await cli.shown("run", "objective.md")).toMatchInlineSnapshot(`
    "exit 3
    --- stderr
    objective.md:2:21 error CONFIG_INVALID: limits.duration must be a duration like "SPAN", "15m" or "2h", longer than nothing and at most 365d, not "soon"
      1 | ---
      2 | limits: { duration: soon }
        |                     ^^^^

    objective.md:2:21 error CONFIG_INVALID: limits.duration must be a duration like "SPAN", "15m" or "2h", not "soon"
      1 | ---
      2 | limits: { duration: soon }
        |                     ^^^^

    stages.yaml:2:32 error CONFIG_INVALID: unknown key "artefacts" in stages.FIRST
      1 | stages:
      2 |   FIRST: { work_agent: worker, artefacts: [] }
        |                                ^^^^^^^^^
      hint: did you mean "artifacts"?

    stages.yaml:3:3 error WORKFLOW_INVALID: review stage "FIRST_REVIEW" has no work_agent and no review_agent
      2 |   FIRST: { work_agent: worker, artefacts: [] }
      3 |   FIRST_REVIEW: { is_review_stage: true }
        |   ^^^^^^^^^^^^
      hint: review_agent judges, work_agent mends what was rejected; a review stage needs both.

    troupe.yaml:1:20 error CONFIG_INVALID: agents.default must be a plugin (its name, or a list of name and options) or a map with a plugin, not 5
      1 | agents: { default: 5 }
        |                    ^

    troupe.yaml:2:1 error CONFIG_INVALID: unknown key "stores"
      1 | agents: { default: 5 }
      2 | stores: fs
        | ^^^^^^
      hint: did you mean "store"?

    6 errors
    error: 6 mistakes in objective.md, stages.yaml, troupe.yaml [CONFIG_INVALID]
    hint: Mend it, then check: troupe validate objective.md stages.yaml troupe.yaml
    "
  `);
  expect(cli.has(".troupe")).toBe(false);
});

test("mistakes of an objective given as text are shown too", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  const { code, stderr } = await cli.run("run", "-m", "---\nskip: 5\n---\nDo it.");
  expect({ code, stderr }).toMatchInlineSnapshot(`
    {
      "code": 3,
      "stderr": "objective:2:7 error CONFIG_INVALID: skip must be a list of stage ids, not 5
      1 | ---
      2 | skip: 5
        |       ^

    1 error
    error: 1 mistake in objective [CONFIG_INVALID]
    hint: Mend it and try again.
    ",
    }
  `);
});

test("validate shows the same mistakes, also those of named files", async () => {
  const cli = await createCli(WRONG_FILES);
  const { code, stderr } = await cli.run("run", "objective.md");
  expect(await cli.run("validate", "stages.yaml", "objective.md")).toEqual({ code, stdout: "", stderr });
  expect(stderr).toContain("hint: Mend it, then check: troupe validate objective.md stages.yaml troupe.yaml\n");
});

test("other commands show the mistakes of the project file", async () => {
  const cli = await createCli({ "troupe.yaml": "agents: 5\n" });
  expect(await cli.shown("status")).toMatchInlineSnapshot(`
    "exit 3
    --- stderr
    troupe.yaml:1:9 error CONFIG_INVALID: agents must be a map of agents, not 5
      1 | agents: 5
        |         ^

    1 error
    error: 1 mistake in troupe.yaml [CONFIG_INVALID]
    hint: Mend it, then check: troupe validate troupe.yaml
    "
  `);
});

test("warnings do not keep a run from starting", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "stages.yaml": "stages:\n  FIRST: { work_agent: worker, artifacts: [], parallel_agents: [worker, other] }\n",
    "tape.jsonl": cassette({ stage: "FIRST" }),
  });
  const { code, stderr } = await cli.run("run", "objective.md", "--quiet");
  expect({ code, stderr }).toMatchInlineSnapshot(`
    {
      "code": 0,
      "stderr": "stages.yaml:2:47 warning NOT_IMPLEMENTED: parallel_agents of stage "FIRST": one agent after the other would take its turn, which this version does not do; "worker" does the work alone
      1 | stages:
      2 |   FIRST: { work_agent: worker, artifacts: [], parallel_agents: [worker, other] }
        |                                               ^^^^^^^^^^^^^^^

    1 warning
    ",
    }
  `);
});

test("an acceptance stage without checks is refused before anything is created", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "stages.yaml": "stages:\n  ACCEPT: { work_agent: worker, is_acceptance_test_stage: true, artifacts: [] }\n",
  });
  expect(await cli.shown("run", "objective.md")).toMatchInlineSnapshot(`
    "exit 3
    --- stderr
    error: acceptance stage "ACCEPT" has no checks to run [ACCEPTANCE_NO_CHECKS]
    hint: Add "checks: [npm test]" with your own command to troupe.yaml, or say --check "npm test".
    "
  `);
  expect(cli.has(".troupe")).toBe(false);
});

test("missing prompt templates are mistakes, unless they are to be ignored", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "stages.yaml": "stages:\n  FIRST: { work_agent: worker, artifacts: [], prompt_template: first.md }\n",
    "tape.jsonl": cassette({ stage: "FIRST" }),
  });
  expect(await cli.shown("run", "objective.md")).toMatchInlineSnapshot(`
    "exit 3
    --- stderr
    stages.yaml:2:64 error FILE_NOT_FOUND: prompt template of stage "FIRST": cannot read first.md: it does not exist
      1 | stages:
      2 |   FIRST: { work_agent: worker, artifacts: [], prompt_template: first.md }
        |                                                                ^
      hint: Write the file, correct the path (from the project folder), or say --ignore-missing-templates.

    1 error
    error: 1 mistake in stages.yaml [FILE_NOT_FOUND]
    hint: Mend it, then check: troupe validate stages.yaml
    "
  `);
  expect((await cli.run("run", "objective.md", "--ignore-missing-templates")).code).toBe(0);
});

test("validate names the files that are right", async () => {
  const cli = await createCli({ ...TWO_STAGE_FILES, "other/troupe.yaml": "checks: [npm test]\n" });
  expect(await cli.shown("validate")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Valid: troupe.yaml, stages.yaml
    "
  `);
  expect(await cli.shown("validate", "objective.md", "troupe.yaml", "other/troupe.yaml")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Valid: troupe.yaml, objective.md, other/troupe.yaml
    "
  `);
});

test("validate says so when there is no file to check", async () => {
  const cli = await createCli();
  expect(await cli.shown("validate")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    The built-in workflow is used; there is no file to check.
    "
  `);
});

test("validate --json prints the mistakes as data", async () => {
  const cli = await createCli({ "objective.md": OBJECTIVE, "stages.yaml": "stages:\n  A: { agent: x }\n" });
  const { code, stdout } = await cli.run("validate", "--json");
  expect({ code, diagnostics: JSON.parse(stdout) }).toMatchInlineSnapshot(`
    {
      "code": 3,
      "diagnostics": [
        {
          "code": "CONFIG_INVALID",
          "column": 8,
          "endColumn": 13,
          "endLine": 2,
          "file": "stages.yaml",
          "hint": "Known keys: name, description, work_agent, review_agent, max_rounds, checks, exit_criteria, allowed_personas, optional, include_objective, prompt_template, writes, timeout, approval, idle_timeout, retry, run, is_review_stage, is_acceptance_test_stage, requires_acceptance_tests_passed, artifacts, parallel_agents, needs, when, scenarios.",
          "line": 2,
          "message": "unknown key "agent" in stages.A",
          "severity": "error",
        },
      ],
    }
  `);
  await cli.write("stages.yaml", TWO_STAGE_FILES["stages.yaml"] ?? "");
  expect(await cli.run("validate", "--json")).toEqual({ code: 0, stdout: "[]\n", stderr: "" });
});

test("validate refuses a file that does not exist", async () => {
  const cli = await createCli();
  expect(await cli.shown("validate", "nowhere.yaml")).toMatchInlineSnapshot(`
    "exit 3
    --- stderr
    error: cannot read nowhere.yaml: it does not exist [FILE_NOT_FOUND]
    hint: Check the path.
    "
  `);
  expect(await cli.shown("status", "--config", "nowhere.yaml")).toMatchInlineSnapshot(`
    "exit 3
    --- stderr
    error: cannot read nowhere.yaml: it does not exist [FILE_NOT_FOUND]
    hint: Check the path.
    "
  `);
});
