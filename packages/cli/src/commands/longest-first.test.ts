import { expect, test } from "vitest";
import { cassette, createCli, OBJECTIVE } from "../../test/cli-harness.js";

const STAGES = `stages:
  QUICK: { work_agent: a, artifacts: [], writes: artifacts }
  SLOW: { work_agent: b, artifacts: [], writes: artifacts }
  DONE: { run: ["true"] }
parallel_groups: { both: { stages: [QUICK, SLOW], max_concurrent: 1 } }
`;
const FILES = {
  "objective.md": OBJECTIVE,
  "stages.yaml": STAGES,
  // longer than the other one on the slowest machine
  "tape.jsonl": cassette({ stage: "QUICK", agent: "a" }, { stage: "SLOW", agent: "b", delayMs: 1_500 }),
  "troupe.yaml": 'agents:\n  default: ["replay", { file: tape.jsonl }]\n',
};

/** Which stages a run started, in order. */
const startsIn = (stderr: string): readonly string[] =>
  [...stderr.matchAll(/ (\w+): work by \w+ started/g)].map(([, id = ""]) => id);

test("the member of a group that took longest in an earlier run starts first in the next one", async () => {
  const cli = await createCli(FILES);
  const first = await cli.run("run", "objective.md");
  const second = await cli.run("run", "objective.md");
  expect([first.code, startsIn(first.stderr)]).toEqual([0, ["QUICK", "SLOW"]]);
  expect([second.code, startsIn(second.stderr)]).toEqual([0, ["SLOW", "QUICK"]]);
});

test("a damaged earlier run says nothing, and stands in nobody's way", async () => {
  const cli = await createCli(FILES);
  await cli.run("run", "objective.md");
  await cli.write(`.troupe/runs/${cli.runId()}/journal.jsonl`, "{ damaged\n");
  const { code, stderr } = await cli.run("run", "objective.md");
  expect([code, startsIn(stderr)]).toEqual([0, ["QUICK", "SLOW"]]);
});
