import { expect, test } from "vitest";
import { cassette, createCli, OBJECTIVE, type TestCli } from "../../test/cli-harness.js";

const USAGE = { inputTokens: 100, outputTokens: 20, costUsd: 0.5 };

async function createProject(...more: readonly string[]): Promise<TestCli> {
  const stages = ["PLAN: { work_agent: pm, artifacts: [], approval: true }", ...more];
  return await createCli({
    "objective.md": OBJECTIVE,
    "stages.yaml": `stages:\n${stages.map((stage) => `  ${stage}\n`).join("")}`,
    "troupe.yaml": 'agents: { default: ["replay", { file: tape.jsonl }] }\nlimits: { cost: 0.4 }\n',
    "tape.jsonl": cassette({ stage: "PLAN", agent: "pm", usage: USAGE }, { stage: "BUILD", agent: "b", usage: USAGE }),
  });
}

test("a run at its limit of which only an approval is left waits for it, with exit 8", async () => {
  const cli = await createProject("BUILD: { work_agent: b, artifacts: [] }");
  const { code, stdout, stderr } = await cli.run("run", "objective.md");
  expect([code, stdout, stderr.split("\n").slice(-3)]).toMatchInlineSnapshot(`
    [
      8,
      "Waiting for a person: RUN. 0 completed of 2 stages. 120 tokens, $0.50.
      PLAN (PLAN.1):
        troupe approve RUN PLAN --turn PLAN.1
        troupe reject RUN PLAN --turn PLAN.1 -m "what must change"
    ",
      [
        "It has reached its cost limit ($0.50 of $0.40).",
        "Then go on with it: troupe resume RUN --max-cost 0.9",
        "",
      ],
    ]
  `);
  const runId = cli.runId();
  expect((await cli.run("approve", runId, "PLAN")).stderr).toBe(
    "Nobody works on the run. Go on with it: troupe resume RUN --max-cost 0.9\n",
  );
  const { stderr: refused, code: refusal } = await cli.run("resume", runId);
  expect([refusal, refused.split("\n").slice(0, 2)]).toEqual([
    7,
    [
      "error: run RUN has reached its cost limit ($0.50 of $0.40) [LIMIT_REACHED]",
      "hint: Raise it: troupe resume RUN --max-cost 0.9",
    ],
  ]);
  expect((await cli.run("resume", runId, "--max-cost", "2")).code).toBe(0);
});

test("where the approved result was the last, no higher limit is asked for", async () => {
  const cli = await createProject("DONE: {}");
  expect((await cli.run("run", "objective.md")).code).toBe(8);
  await cli.run("approve", cli.runId(), "PLAN");
  const { code, stdout } = await cli.run("resume", cli.runId());
  expect([code, stdout]).toEqual([0, "Done: RUN. 2 completed of 2 stages. 120 tokens, $0.50.\n"]);
});
