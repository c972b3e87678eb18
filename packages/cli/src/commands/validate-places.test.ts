import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createCli, TWO_STAGE_FILES } from "../../test/cli-harness.js";

test("a workflow that the project file names and that is not there is a mistake of the project file", async () => {
  const cli = await createCli({ ...TWO_STAGE_FILES, "troupe.yaml": "limits: {}\nworkflow: nope.yaml\n" });
  expect(await cli.shown("validate")).toMatchInlineSnapshot(`
    "exit 3
    --- stderr
    troupe.yaml:2:11 error FILE_NOT_FOUND: workflow: cannot read nope.yaml: it does not exist
      1 | limits: {}
      2 | workflow: nope.yaml
        |           ^
      hint: See what is there: ls -l PROJECT

    1 error
    Checked: troupe.yaml (project file), nope.yaml (workflow)
    error: 1 mistake in troupe.yaml [FILE_NOT_FOUND]
    hint: Mend it, then check: troupe validate troupe.yaml
    "
  `);
  expect((await cli.run("validate", "troupe.yaml")).code).toBe(3);
  expect((await cli.run("run", "objective.md")).stderr).toContain("troupe.yaml:2:11 error FILE_NOT_FOUND");
});

test("a mistyped plugin has its place and what was meant, and nothing to install", async () => {
  const cli = await createCli({ ...TWO_STAGE_FILES, "troupe.yaml": "agents:\n  default: claud\n" });
  expect(await cli.shown("run", "objective.md")).toMatchInlineSnapshot(`
    "exit 6
    --- stderr
    error: troupe.yaml:2:12: plugin "claud" is not installed [PLUGIN_NOT_FOUND]
    hint: did you mean "claude"?
    "
  `);
});

test("prompt templates that do not exist are passed over when they are to be", async () => {
  const cli = await createCli({ "stages.yaml": "stages:\n  A: { work_agent: worker, prompt_template: a.md }\n" });
  expect((await cli.run("validate")).code).toBe(3);
  expect((await cli.run("validate", "--ignore-missing-templates")).code).toBe(0);
});

test.skipIf(process.platform === "win32")("a named pipe is refused and not waited for", async () => {
  const cli = await createCli({ "objective.md": "# Objective: Try it\n" });
  execFileSync("mkfifo", [join(cli.folder, "stages.yaml")]);
  expect(await cli.shown("validate", "stages.yaml")).toMatchInlineSnapshot(`
    "exit 3
    --- stderr
    stages.yaml:1:1 error FILE_NOT_FOUND: cannot read stages.yaml: it is not a file
      hint: Pipes and devices are not read. Write it to a file, or name - for an objective on standard input.

    1 error
    error: 1 mistake in stages.yaml [FILE_NOT_FOUND]
    hint: Mend it, then check: troupe validate stages.yaml
    "
  `);
});

test("what an objective names is checked also when another of its values is wrong", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "objective.md": "---\nlimits: { duration: soon }\nskip: [FIRTS]\ninputs: { x: y }\n---\n# Objective: Try it\n",
  });
  const { stderr } = await cli.run("validate", "objective.md");
  expect(stderr.split("\n").filter((line) => / error /.test(line))).toMatchInlineSnapshot(`
    [
      "objective.md:2:21 error CONFIG_INVALID: limits.duration must be a duration like "SPAN", "15m" or "2h", not "soon"",
      "objective.md:3:8 error CONFIG_INVALID: the workflow has no stage "FIRTS" to skip",
      "objective.md:4:11 error INPUT_INVALID: the workflow declares no input "x"",
    ]
  `);
});
