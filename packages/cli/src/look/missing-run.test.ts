import { expect, test } from "vitest";
import { cassette, createCli, type TestCli, TWO_STAGE_FILES } from "../../test/cli-harness.js";

async function performed(): Promise<TestCli> {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "stages.yaml": "stages:\n  FIRST: { work_agent: worker, artifacts: [a b.md] }\n",
    "tape.jsonl": cassette({ stage: "FIRST", files: [{ path: "a b.md", content: "x", root: "artifacts" }] }),
  });
  await cli.run("run", "objective.md");
  return cli;
}

async function hintOf(cli: TestCli, ...args: readonly string[]): Promise<string> {
  const { code, stderr } = await cli.run(...args);
  expect([code, stderr.split("\n")[0]]).toEqual([2, `error: there is no run "${args[1]}" [RUN_NOT_FOUND]`]);
  return stderr.trimEnd().split("\n")[1] ?? "";
}

test("a stage or a file in the place of a run is taken for what it is, and the hint works when pasted", async () => {
  const cli = await performed();
  expect(await hintOf(cli, "show", "FIRST")).toBe("hint: FIRST is a stage. Of the newest run: troupe show RUN FIRST");
  expect(await hintOf(cli, "logs", "first")).toBe("hint: FIRST is a stage. Of the newest run: troupe logs RUN FIRST");
  const file = await hintOf(cli, "artifacts", "a b.md");
  expect(file).toBe("hint: It is a file. Of the newest run: troupe artifacts RUN 'a b.md'");
  expect((await cli.run("artifacts", cli.runId(), "a b.md")).stdout).toBe("x\n");
});

test("an id that is like one of a run is followed by that one", async () => {
  const cli = await performed();
  const mistyped = cli.runId().slice(0, -4);
  const { stderr } = await cli.run("status", mistyped);
  expect(stderr).toMatch(/^hint: Did you mean RUN\? See all runs: troupe list$/m);
});

test("a word that is like nothing leads to the list, and where there is no run nothing is guessed", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  expect(await hintOf(cli, "show", "FIRST")).toBe("hint: See all runs: troupe list");
  await cli.run("run", "objective.md");
  expect(await hintOf(cli, "show", "nonsense")).toBe("hint: See all runs: troupe list");
});
