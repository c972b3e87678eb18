import { expect, test } from "vitest";
import { cassette, createCli, OBJECTIVE } from "../../test/cli-harness.js";

test("what starts anew on request is not called edited, and of another kind only what was edited is named", async () => {
  const cli = await createCli({
    "objective.md": OBJECTIVE,
    "stages.yaml": `stages:
  FIRST: { work_agent: worker, artifacts: [] }
  SECOND: { work_agent: worker, artifacts: [] }
  BREAKS: { work_agent: worker, artifacts: [] }
`,
    "troupe.yaml": 'agents:\n  default: ["replay", { file: tape.jsonl }]\n',
    "tape.jsonl": cassette({ stage: "FIRST" }, { stage: "SECOND" }),
  });
  expect((await cli.run("run", "objective.md")).code).toBe(1);
  const { stderr } = await cli.run("resume", "--from", "FIRST");
  expect(stderr).toContain("Starts anew: SECOND builds on FIRST, which runs before it.\n");
  expect(stderr).not.toContain("Edited");
  await cli.write("stages.yaml", cli.read("stages.yaml").replace(/BREAKS.*/, "BREAKS: { run: [node, -e, ''] }"));
  expect((await cli.run("resume")).stderr).toContain(
    "Edited: BREAKS has failed and starts anew; its kind, run, work_agent were edited, and the new text counts.\n",
  );
});
