import { expect, test } from "vitest";
import { createTeamBot, FOLDER, OUTPUTS, STAGES, upTo } from "../../test/teambot-project.js";

const BEGUN = { current_stage: "SPEC_REVIEW", stage_outputs: upTo("SPEC") };

test("a dry run ends with the command that does it, flags included", async () => {
  const cli = await createTeamBot(BEGUN, {
    "stages.yaml": STAGES.replace("SPEC: {", "SPEC: { prompt_template: gone.md,"),
  });
  const typed = ["--check", "test -n x", "--ignore-missing-templates", "--agent", "all=replay:tape.jsonl"];
  const sources = ["--workflow", "stages.yaml", "--objective", "docs/objective.md", "--new"];
  const { stdout } = await cli.run("import", ".", "--dry-run", ...typed, ...sources);
  expect(stdout.split("\n").at(-2)).toBe(
    "Next: troupe import . --workflow stages.yaml --objective docs/objective.md --check 'test -n x' --agent all=replay:tape.jsonl --new --ignore-missing-templates",
  );
});

test("an objective outside of TeamBot's project is taken only when a person names it", async () => {
  const cli = await createTeamBot(
    {},
    {
      "other/place.md": "# Not yours\n",
      "inner/.teambot/x/orchestration_state.json": JSON.stringify({
        objective_file: "../other/place.md",
        current_stage: "SPEC",
        elapsed_seconds: 1,
        max_seconds: 100,
        status: "in_progress",
        stage_outputs: {},
      }),
      "inner/stages.yaml": STAGES,
    },
  );
  expect(await cli.shown("import", "inner")).toMatchInlineSnapshot(`
    "exit 3
    --- stderr
    error: the state names ../other/place.md as its objective, which leads out of PROJECT/inner [PATH_OUTSIDE]
    hint: If it is meant, name it: troupe import DIR --objective FILE
    "
  `);
  expect(cli.runs()).toEqual([]);
  expect((await cli.run("import", "inner", "--objective", "other/place.md")).code).toBe(0);
});

test("a run that was imported and is finished is not imported again by mistake", async () => {
  const cli = await createTeamBot({
    current_stage: "COMPLETE",
    status: "complete",
    stage_outputs: OUTPUTS,
    acceptance_tests_passed: true,
    acceptance_test_history: [{ iteration: 1, passed: 4, failed: 0, total: 4, all_passed: true }],
  });
  expect((await cli.run("import", ".")).code).toBe(0);
  expect(await cli.shown("import", ".")).toMatchInlineSnapshot(`
    "exit 4
    --- stderr
    error: run RUN of this objective has succeeded already [RUN_EXISTS]
    hint: See what it left: troupe status RUN
    or import it all the same: add --new
    "
  `);
  expect((await cli.run("import", ".", "--new")).code).toBe(0);
  expect(cli.runs()).toHaveLength(2);
});

test("files that no stage declares are named, and the recorded outputs are the logs", async () => {
  const cli = await createTeamBot(BEGUN, {
    [`${FOLDER}/artifacts/notes.md`]: "mine",
    [`${FOLDER}/artifacts/more/list.txt`]: "1",
  });
  expect((await cli.run("import", ".")).stdout).toContain(
    "- Not taken over, for no stage declares it: more/list.txt, notes.md.\n",
  );
  expect(await cli.run("logs", cli.runId(), "SPEC")).toEqual({
    code: 0,
    stdout: "the specification\n",
    stderr: "--- SPEC.1\n",
  });
});
