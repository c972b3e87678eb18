import { expect, test } from "vitest";
import { cassette, createCli, OBJECTIVE } from "../../test/cli-harness.js";

test("stages, agents, inputs and secrets may be called as what every object has", async () => {
  const cli = await createCli({
    "objective.md": OBJECTIVE,
    "stages.yaml": `inputs:
  valueOf: { description: "A name", default: "" }
stages:
  constructor: { work_agent: constructor, artifacts: [constructor] }
  toString: { work_agent: toString, artifacts: [], needs: [constructor] }
  hasOwnProperty: { work_agent: hasOwnProperty, review_agent: isPrototypeOf, is_review_stage: true, when: { input: valueOf, equals: "" }, optional: true }
work_to_review_mapping: { toString: hasOwnProperty }
`,
    "troupe.yaml": 'secrets: [toString]\nagents:\n  default: ["replay", { file: tape.jsonl }]\n',
    "tape.jsonl": cassette(
      { stage: "constructor", agent: "constructor", files: [{ root: "artifacts", path: "constructor", content: "x" }] },
      { stage: "toString", agent: "toString" },
    ),
  });
  const first = await cli.run("run", "objective.md");
  expect([first.code, first.stdout]).toEqual([
    1,
    expect.stringContaining("hasOwnProperty: AGENT_CASSETTE_MISS: tape.jsonl has no line for stage hasOwnProperty"),
  ]);
  await cli.write(
    "tape.jsonl",
    cassette({ stage: "hasOwnProperty", agent: "isPrototypeOf", turn: "review", output: "APPROVED: yes" }),
  );
  expect((await cli.run("resume", "--plan")).stdout).toMatchInlineSnapshot(`
    "Resuming RUN would
      constructor     keep  is finished
      toString        keep  is finished
      hasOwnProperty  run   has failed and starts anew

    Nothing was changed. To do it: troupe resume RUN
    "
  `);
  const again = await cli.run("resume", "--agent", "isPrototypeOf=replay:tape.jsonl");
  expect([again.code, again.stdout]).toEqual([0, "Done: RUN. 3 completed of 3 stages.\n"]);
  expect((await cli.run("report")).code).toBe(0);
});
