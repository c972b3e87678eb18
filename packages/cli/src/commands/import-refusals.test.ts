import { describe, expect, test } from "vitest";
import type { TestCli } from "../../test/cli-harness.js";
import { createTeamBot, FOLDER, stateFile, upTo } from "../../test/teambot-project.js";

describe("what cannot be imported is refused with the place and the fix", () => {
  const refusals: readonly (readonly [string, (cli: TestCli) => Promise<unknown>, readonly string[]])[] = [
    [
      "a state that ends in the middle",
      (cli) => cli.write(`${FOLDER}/orchestration_state.json`, '{\n  "objective_file": "x'),
      ["."],
    ],
    [
      "a state of another shape",
      (cli) => cli.write(`${FOLDER}/orchestration_state.json`, '{ "current_stage": 4 }'),
      ["."],
    ],
    [
      "a state without its objective",
      (cli) => cli.write(`${FOLDER}/orchestration_state.json`, stateFile({ objective_file: "gone.md" })),
      ["."],
    ],
    [
      "a state with a stage that the workflow does not have",
      (cli) => cli.write(`${FOLDER}/orchestration_state.json`, stateFile({ current_stage: "DEPLOY" })),
      ["."],
    ],
    ["a folder without a state", (cli) => cli.write("empty/x", ""), ["empty"]],
    ["a folder that does not exist", async () => {}, ["gone"]],
    [
      "a folder with more than one",
      (cli) => cli.write(".teambot/other/orchestration_state.json", stateFile({})),
      ["."],
    ],
  ];
  test.each(refusals)("%s", async (_name, change, args) => {
    const cli = await createTeamBot({ current_stage: "SPEC" });
    await change(cli);
    expect(await cli.shown("import", ...args)).toMatchSnapshot();
    expect(cli.runs()).toEqual([]);
  });

  test("a run of the same objective that is unfinished, unless told to", async () => {
    const cli = await createTeamBot({ current_stage: "SPEC_REVIEW", stage_outputs: upTo("SPEC") });
    expect((await cli.run("import", ".")).code).toBe(0);
    expect(await cli.run("import", ".")).toMatchObject({
      code: 4,
      stderr: expect.stringContaining("[RUN_UNFINISHED]"),
    });
    expect((await cli.run("import", ".", "--new")).code).toBe(0);
    expect(cli.runs()).toHaveLength(2);
  });
});
