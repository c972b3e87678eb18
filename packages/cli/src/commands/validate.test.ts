import { expect, test } from "vitest";
import { createCli, OBJECTIVE, TWO_STAGE_FILES } from "../../test/cli-harness.js";

const WRONG_FILES = {
  "objective.md": "---\nlimits: { duration: soon }\n---\n# Objective: Try it\n",
  "stages.yaml": "stages:\n  FIRST: { work_agent: worker, artefacts: [] }\n",
  "troupe.yaml": "agents: { default: 5 }\nstores: fs\n",
};

test("shows the same mistakes as run, and what it checked", async () => {
  const cli = await createCli(WRONG_FILES);
  const { stderr } = await cli.run("run", "objective.md");
  const shown = await cli.run("validate", "stages.yaml", "objective.md");
  const checked = "Checked: troupe.yaml (project file), stages.yaml (workflow), objective.md (objective)\n";
  expect({ ...shown, stderr: shown.stderr.replace(checked, "") }).toEqual({ code: 3, stdout: "", stderr });
  expect(shown.stderr).toContain(checked);
});

test("names the files that are right, and what they are", async () => {
  const stages = "stages:\n  A: { work_agent: worker, prompt_template: prompts/a.md }\n";
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "other/troupe.yaml": "checks: [npm test]\n",
    "flow.yml": stages,
    "prompts/a.md": "Do it.\n",
    "settings.yaml": "limits: { duration: 1h }\n",
  });
  expect(await cli.shown("validate")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Valid: troupe.yaml (project file), stages.yaml (workflow)
    --- stderr
    Name an objective to check it as well: troupe validate FILE.md
    "
  `);
  expect(
    await cli.shown("validate", "flow.yml", "objective.md", "troupe.yaml", "other/troupe.yaml", "settings.yaml"),
  ).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Valid: troupe.yaml (project file), flow.yml (workflow), prompts/a.md (prompt template), objective.md (objective), other/troupe.yaml (project file), settings.yaml (project file)
    "
  `);
});

test("says so when there is no file to check", async () => {
  const cli = await createCli();
  expect(await cli.shown("validate")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    The built-in workflow is used; there is no file to check.
    --- stderr
    Name an objective to check it as well: troupe validate FILE.md
    "
  `);
  expect((await cli.run("validate", "--quiet")).stderr).toBe("");
});

test("warnings are shown and are no mistakes", async () => {
  const cli = await createCli({ "stages.yaml": "stages:\n  A: { work_agent: worker, description: #1\n    }\n" });
  expect(await cli.shown("validate")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Valid: stages.yaml (workflow)
    --- stderr
    stages.yaml:2:41 warning CONFIG_INVALID: "description" is empty: a # behind a blank begins a comment
      1 | stages:
      2 |   A: { work_agent: worker, description: #1
        |                                         ^^
      hint: Put the value in quotes, or write a blank behind the # of a comment.

    1 warning
    Name an objective to check it as well: troupe validate FILE.md
    "
  `);
});

test("a file that cannot be read or is none of the three kinds is a mistake among the others", async () => {
  const cli = await createCli({
    "notes.txt": "hello\n",
    "ci.yaml": "on: push\njobs: {}\n",
    "folder/x": "",
    "stages.yaml": "stages: {}\n",
    "bytes.md": "\u0000",
  });
  const names = ["nowhere.yaml", "notes.txt", "ci.yaml", "folder", "folder.md", "stages.yaml", "bytes.md"];
  expect(await cli.shown("validate", ...names)).toMatchInlineSnapshot(`
    "exit 3
    --- stderr
    bytes.md:1:1 error CONFIG_INVALID: the file has a NUL character
      hint: Remove it, or save the file as UTF-8.

    ci.yaml:1:1 error CONFIG_INVALID: this is no workflow, no project file and no objective
      hint: A workflow is YAML with stages, the project file is troupe.yaml, an objective is a .md file.

    folder:1:1 error FILE_NOT_FOUND: cannot read folder: it is a folder
      hint: See what is there: ls -l PROJECT/folder

    folder.md:1:1 error FILE_NOT_FOUND: cannot read folder.md: it does not exist
      hint: See what is there: ls -l PROJECT

    notes.txt:1:1 error CONFIG_INVALID: this is no workflow, no project file and no objective
      hint: A workflow is YAML with stages, the project file is troupe.yaml, an objective is a .md file.

    nowhere.yaml:1:1 error FILE_NOT_FOUND: cannot read nowhere.yaml: it does not exist
      hint: See what is there: ls -l PROJECT

    stages.yaml:1:1 error WORKFLOW_INVALID: the workflow has no stage
      1 | stages: {}
        | ^^^^^^

    7 errors
    Checked: stages.yaml (workflow), bytes.md (objective)
    error: 7 mistakes in bytes.md, ci.yaml, folder, folder.md, notes.txt, nowhere.yaml, stages.yaml [CONFIG_INVALID]
    hint: Mend it, then check: troupe validate bytes.md ci.yaml folder folder.md notes.txt nowhere.yaml stages.yaml
    "
  `);
});

test("reads an objective from standard input", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  const host = { readStdin: async () => "---\nskip: [THIRD]\n---\n# Try it\n" };
  expect(await cli.shownWith(host, "validate", "-")).toMatchInlineSnapshot(`
    "exit 3
    --- stderr
    objective:2:8 error CONFIG_INVALID: the workflow has no stage "THIRD" to skip
      1 | ---
      2 | skip: [THIRD]
        |        ^^^^^
      hint: Optional stages: none.

    1 error
    Checked: troupe.yaml (project file), stages.yaml (workflow), objective (objective)
    error: 1 mistake in objective [CONFIG_INVALID]
    hint: Mend it and try again.
    "
  `);
  expect((await cli.runWith({ readStdin: async () => OBJECTIVE }, "validate", "-")).code).toBe(0);
});

test("an objective is held against the workflow that is named with it, else the one of a run", async () => {
  const skip = "---\nskip: [FIRST]\n---\n# Try it\n";
  const optional = "stages:\n  FIRST: { work_agent: worker, optional: true }\n";
  const cli = await createCli({ ...TWO_STAGE_FILES, "objective.md": skip, "other.yaml": optional });
  expect((await cli.run("validate", "objective.md", "other.yaml")).code).toBe(0);
  expect((await cli.run("validate", "objective.md")).code).toBe(3);
  await cli.write("objective.md", "# Try it\n");
  expect((await cli.run("validate", "objective.md")).stdout).toBe(
    "Valid: troupe.yaml (project file), objective.md (objective), stages.yaml (workflow)\n",
  );
  await cli.write("stages.yaml", "stages: 5\n"); // a run of the objective would end with it
  expect((await cli.run("validate", "objective.md")).code).toBe(3);
  await cli.write("troupe.yaml", "workflow: gone.yaml\n");
  const { code, stderr } = await cli.run("validate", "objective.md");
  expect([code, stderr]).toEqual([3, expect.stringContaining("gone.yaml")]);
});
