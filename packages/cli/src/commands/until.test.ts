import { expect, test } from "vitest";
import { cassette, createCli, OBJECTIVE } from "../../test/cli-harness.js";

const DIAMOND: Readonly<Record<string, string>> = {
  "objective.md": OBJECTIVE,
  "stages.yaml": `stages:
  SPEC: { work_agent: worker, artifacts: [spec.md] }
  LEFT: { work_agent: left, artifacts: [left.md] }
  RIGHT: { work_agent: right, artifacts: [right.md] }
  BUILD: { work_agent: worker, artifacts: [] }
parallel_groups:
  sides: { after: SPEC, stages: [LEFT, RIGHT], before: BUILD }
`,
  "troupe.yaml": 'agents:\n  default: ["replay", { file: tape.jsonl }]\n',
  "tape.jsonl": cassette(
    { stage: "SPEC", files: [{ root: "artifacts", path: "spec.md", content: "spec" }] },
    { stage: "LEFT", agent: "left", files: [{ root: "artifacts", path: "left.md", content: "left" }] },
    { stage: "RIGHT", agent: "right", files: [{ root: "artifacts", path: "right.md", content: "right" }] },
    { stage: "BUILD" },
  ),
};

test("run --until stops behind that stage, and resume --until behind the next one", async () => {
  const cli = await createCli(DIAMOND);
  expect(await cli.shown("run", "objective.md", "--until", "LEFT", "-q")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Stopped after LEFT, as asked: RUN. 2 completed of 4 stages.
    "
  `);
  expect((await cli.run("status")).stdout).toMatchInlineSnapshot(`
    "Run RUN: interrupted (only until LEFT)
      objective  Try it
      workflow   stages, 4 stages
      started    DATE UTC, active for SPAN
      usage      tokens unknown, cost unknown
      limits     time SPAN of 8h 00m (0%)

      SPEC     completed   SPAN
      group sides  SPAN
      | LEFT   completed   SPAN
      | RIGHT  pending
      BUILD    pending

    Next: troupe resume RUN
    "
  `);
  expect(await cli.shown("resume", "--plan", "--until", "RIGHT")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Resuming RUN would
      SPEC   keep  is finished
      LEFT   keep  is finished
      RIGHT  run   has not started
      BUILD  leave has not started, and is not needed

    Nothing was changed. To do it: troupe resume RUN --until RIGHT
    "
  `);
  expect((await cli.run("resume", "--until", "RIGHT", "-q")).stdout).toBe(
    "Stopped after RIGHT, as asked: RUN. 3 completed of 4 stages.\n",
  );
  expect((await cli.run("resume", "-q")).stdout).toBe("Done: RUN. 4 completed of 4 stages.\n");
});

test("until a stage that does not exist nothing begins", async () => {
  const cli = await createCli(DIAMOND);
  expect(await cli.shown("run", "objective.md", "--until", "LEFFT")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: the workflow has no stage "LEFFT" [STAGE_UNKNOWN]
    hint: Did you mean LEFT? Its stages are SPEC, LEFT, RIGHT, BUILD.
    "
  `);
  expect(cli.runs()).toEqual([]);
});

test("--dry-run with --until and --json says what would run, and how large its prompts would be", async () => {
  const cli = await createCli(DIAMOND);
  const { stdout } = await cli.run("run", "objective.md", "--dry-run", "--until", "LEFT", "--json");
  const { stages, prompts, plugins } = JSON.parse(stdout);
  expect({
    stages: stages.map(({ id, action }: { id: string; action: string }) => `${id} ${action}`),
    prompts: prompts.map(({ stage, kind, agent, bytes }: Record<string, string>) => [
      stage,
      kind,
      agent,
      Number(bytes) > 200,
    ]),
    plugins,
  }).toEqual({
    stages: ["SPEC run", "LEFT run", "RIGHT left", "BUILD left"],
    prompts: [
      ["SPEC", "work", "worker", true],
      ["LEFT", "work", "left", true],
    ],
    plugins: { store: "fs", executor: "parallel", reporters: ["console"] },
  });
  expect(cli.runs()).toEqual([]);
});
