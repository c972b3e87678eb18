import { expect, test } from "vitest";
import { cassette, createCli, TWO_STAGE_FILES } from "../../test/cli-harness.js";
import type { CliHost } from "../cli-host.js";

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

    5 errors
    error: 5 mistakes in objective.md, stages.yaml, troupe.yaml [CONFIG_INVALID]
    hint: Mend it, then check: troupe validate objective.md stages.yaml troupe.yaml
    "
  `);
  expect(cli.has(".troupe")).toBe(false);
});

test("what the front matter of an objective names must be in the workflow", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "objective.md": "---\nskip: [FIRTS, SECOND]\ninputs: { TICKET: A-1 }\n---\n# Try it\n",
  });
  expect(await cli.shown("run", "objective.md")).toMatchInlineSnapshot(`
    "exit 3
    --- stderr
    objective.md:2:8 error CONFIG_INVALID: the workflow has no stage "FIRTS" to skip
      1 | ---
      2 | skip: [FIRTS, SECOND]
        |        ^^^^^
      hint: did you mean "FIRST"?

    objective.md:2:15 error CONFIG_INVALID: stage "SECOND" cannot be skipped: it is not optional
      1 | ---
      2 | skip: [FIRTS, SECOND]
        |               ^^^^^^
      hint: Optional stages: none.

    objective.md:3:11 error INPUT_INVALID: the workflow declares no input "TICKET"
      2 | skip: [FIRTS, SECOND]
      3 | inputs: { TICKET: A-1 }
        |           ^^^^^^
      hint: Declared inputs: none.

    3 errors
    error: 3 mistakes in objective.md [CONFIG_INVALID]
    hint: Mend it, then check: troupe validate objective.md
    "
  `);
  const { stderr } = await cli.run("run", "objective.md");
  const checked = "Checked: troupe.yaml (project file), objective.md (objective), stages.yaml (workflow)\n";
  const { stderr: validated } = await cli.run("validate", "objective.md");
  expect(validated.replace(checked, "")).toBe(stderr);
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

test("colours and width follow the terminal and the environment", async () => {
  const cli = await createCli({ "troupe.yaml": `checks: [${"npm test, ".repeat(20)}]\nagents: 5\n`, "o.md": "# T\n" });
  const terminal = (columns: number, environment: Readonly<Record<string, string>> = {}): Partial<CliHost> => {
    const lines: string[] = [];
    const write = (text: string): void => void lines.push(...text.split("\n"));
    return {
      environment,
      stderr: { write, isTerminal: true, size: () => ({ columns, rows: 24 }) },
      ask: async () => lines.join("\n"),
    };
  };
  const shown = async (host: Partial<CliHost>, ...args: readonly string[]): Promise<string> => {
    expect((await cli.runWith(host, ...args)).code).toBe(3);
    return (await host.ask?.("")) ?? "";
  };
  const narrow = await shown(terminal(50, { NO_COLOR: "1" }), "run", "o.md");
  expect(narrow).not.toContain("\u001b");
  const frame = narrow.split("\n").filter((line) => /^ +\d* \| /.test(line));
  expect(frame).toEqual(["  1 | checks: [npm test, npm test, npm test, npm…", "  2 | agents: 5", "    |         ^"]);
  expect(await shown(terminal(80), "run", "o.md")).toContain("\u001b[31merror");
  expect(await shown(terminal(80, { TERM: "dumb" }), "status")).not.toContain("\u001b");
  expect(await shown(terminal(80), "status", "--no-color")).not.toContain("\u001b");
  expect((await cli.runWith({ environment: { FORCE_COLOR: "1" } }, "status")).stderr).toContain("\u001b[31merror");
  expect((await cli.run("status")).stderr).not.toContain("\u001b");
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
    "tape.jsonl": cassette({ stage: "FIRST", agent: "worker" }, { stage: "FIRST", agent: "other" }),
  });
  const { code, stderr } = await cli.run("run", "objective.md", "--quiet");
  expect({ code, stderr }).toMatchInlineSnapshot(`
    {
      "code": 0,
      "stderr": "stages.yaml:2:47 warning WORKFLOW_INVALID: the agents of stage "FIRST" take their turns one after another: each may write the working tree, and two at once would undo each other's work
      1 | stages:
      2 |   FIRST: { work_agent: worker, artifacts: [], parallel_agents: [worker, other] }
        |                                               ^^^^^^^^^^^^^^^
      hint: Write "writes: tree" in the stage to let them work at the same time all the same, or "writes: artifacts" if that is all that they leave.

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
