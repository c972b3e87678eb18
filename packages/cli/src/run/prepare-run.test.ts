import { expect, test } from "vitest";
import { cassette, createCli, OBJECTIVE, TWO_STAGE_FILES } from "../../test/cli-harness.js";

test("performs the workflow that --workflow names, and says so", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "flows/one.yaml": "stages:\n  ONLY: { work_agent: worker, artifacts: [] }\n",
    "tape.jsonl": cassette({ stage: "ONLY" }),
  });
  const { code, stdout, stderr } = await cli.run("run", "objective.md", "--workflow", "flows/one.yaml");
  expect({ code, stdout, first: stderr.split("\n")[0] }).toEqual({
    code: 0,
    stdout: "Done: RUN. 1 completed of 1 stage.\n",
    first: "Performing workflow flows/one.yaml (1 stage)",
  });
});

test("performs the workflow that the project file names", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "flows/one.yaml": "stages:\n  ONLY: { work_agent: worker, artifacts: [] }\n",
    "tape.jsonl": cassette({ stage: "ONLY" }),
    "troupe.yaml": `workflow: flows/one.yaml\n${TWO_STAGE_FILES["troupe.yaml"]}`,
  });
  expect((await cli.run("run", "objective.md")).stdout).toBe("Done: RUN. 1 completed of 1 stage.\n");
});

test("performs the built-in workflow where there is no other", async () => {
  const cli = await createCli({ "objective.md": OBJECTIVE, "troupe.yaml": "agents: { default: console }\n" });
  const { code, stdout } = await cli.run("run", "objective.md", "--dry-run", "--check", "true");
  expect({ code, line: stdout.split("\n")[1] }).toEqual({ code: 0, line: "Workflow: built-in, 14 stages" });
});

const SKIPPABLE = `stages:
  FIRST: { work_agent: worker, artifacts: [], optional: true }
  SECOND: { work_agent: worker, artifacts: [] }
inputs:
  ticket: {}
  colour: { default: blue }
`;

test("skips optional stages as asked, and only those", async () => {
  const cli = await createCli({ ...TWO_STAGE_FILES, "stages.yaml": SKIPPABLE.slice(0, SKIPPABLE.indexOf("inputs:")) });
  expect(await cli.shown("run", "objective.md", "--skip", "FRIST")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: the workflow has no stage "FRIST" to skip [STAGE_UNKNOWN]
    hint: did you mean "FIRST"?
    "
  `);
  expect(await cli.shown("run", "objective.md", "--skip", "SECOND")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: "SECOND" cannot be skipped: not optional [USAGE]
    hint: Optional stages: FIRST. To make one optional write "optional: true" in the workflow.
    "
  `);
  const { code, stdout } = await cli.run("run", "objective.md", "--skip", "FIRST");
  expect({ code, stdout }).toEqual({ code: 0, stdout: "Done: RUN. 1 completed, 1 skipped of 2 stages.\n" });
});

test("takes values of declared inputs, and refuses missing, unknown and nameless ones", async () => {
  const cli = await createCli({ ...TWO_STAGE_FILES, "stages.yaml": SKIPPABLE });
  expect(await cli.shown("run", "objective.md")).toMatchInlineSnapshot(`
    "exit 3
    --- stderr
    error: input "ticket" has no value [INPUT_INVALID]
    hint: Give --input ticket=VALUE.
    "
  `);
  expect(await cli.shown("run", "objective.md", "--input", "ticket=1", "--input", "color=red")).toMatchInlineSnapshot(`
    "exit 3
    --- stderr
    error: the workflow declares no input "color" [INPUT_INVALID]
    hint: did you mean "colour"? Declared inputs: ticket, colour.
    "
  `);
  expect(await cli.shown("run", "objective.md", "--input", "=1")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: --input =1 has no name [USAGE]
    hint: Write --input NAME=VALUE.
    "
  `);
  expect((await cli.run("run", "objective.md", "--input", "ticket")).stderr).toBe(
    "error: --input ticket has no value [USAGE]\nhint: Write --input ticket=VALUE.\n",
  );
  const { code } = await cli.run("run", "objective.md", "--input", "ticket=A=1");
  expect(code).toBe(0);
  await cli.journaled('"inputs":{"ticket":"A=1","colour":"blue"}');
});

test("refuses agents that the workflow does not know, and flags without a name", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  expect(await cli.shown("run", "objective.md", "--agent", "wroker=replay:tape.jsonl")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: --agent: the workflow has no agent "wroker" [USAGE]
    hint: Its agents are worker; all means every one.
    "
  `);
  expect(await cli.shown("run", "objective.md", "--agent", "replay:tape.jsonl")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: --agent replay:tape.jsonl has no name [USAGE]
    hint: For all agents: --agent all=replay:tape.jsonl
    "
  `);
  expect(cli.has(".troupe")).toBe(false);
});

test("an agent of the command line goes before those of the project file", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "troupe.yaml": 'agents: { default: ["command", { command: [no-such-program] }] }\n',
    "echo.mjs": 'console.log(process.env.TROUPE_STAGE + " by command");\n',
  });
  expect((await cli.run("run", "objective.md", "--agent", "worker=replay:tape.jsonl")).code).toBe(0);
  expect((await cli.run("logs")).stdout).toBe("first answer\nsecond answer\n");
  const command = `all=command:${process.execPath} echo.mjs`;
  expect((await cli.run("run", "objective.md", "--agent", command)).code).toBe(0);
  expect((await cli.run("logs")).stdout).toBe("FIRST by command\nSECOND by command\n");
});

test("bounds the turns at once and the time as asked, and refuses what is no bound", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  expect(await cli.shown("run", "objective.md", "--max-duration", "8")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: --max-duration 8 is no duration [USAGE]
    hint: Write it like 90m, 8h or 1h30m.
    "
  `);
  expect(await cli.shown("run", "objective.md", "--concurrency", "1.5")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: --concurrency 1.5 is no number of turns [USAGE]
    hint: Write a whole number from 1.
    "
  `);
  expect(await cli.shown("run", "objective.md", "--concurrency", "0")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: --concurrency 0 is no number of turns [USAGE]
    hint: Write a whole number from 1.
    "
  `);
  expect((await cli.run("run", "objective.md", "--concurrency", "1", "--max-duration", "1h30m")).code).toBe(0);
  await cli.journaled('"capacity":1');
  await cli.journaled('"limits":{"durationMs":5400000,"concurrency":1}');
});
