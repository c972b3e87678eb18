import { expect, test } from "vitest";
import { cassette, createCli, OBJECTIVE } from "../../test/cli-harness.js";

test("show tells who has judged a result and with which words, however many they are", async () => {
  const cli = await createCli({
    "objective.md": OBJECTIVE,
    "stages.yaml": "stages:\n  PLAN: { work_agent: pm, artifacts: [], approval: true }\n",
    "troupe.yaml": 'agents:\n  default: ["replay", { file: tape.jsonl }]\n',
    "tape.jsonl": cassette(
      { stage: "PLAN", agent: "pm" },
      { stage: "PLAN", agent: "pm", turn: "fix", round: 2 },
      { stage: "PLAN", agent: "pm", turn: "fix", round: 3 },
    ),
  });
  const words = `step ${"long ".repeat(2000)}`.trim();
  for (const [command, message] of [
    ["run", "the rollback is missing\nand \u001b[31mthe cost"],
    ["resume", words],
  ] as const) {
    expect((await cli.run(command, ...(command === "run" ? ["objective.md"] : []))).code).toBe(8);
    expect((await cli.run("reject", cli.runId(), "PLAN", "-m", message)).code).toBe(0);
  }
  expect((await cli.run("resume")).code).toBe(8);
  expect((await cli.run("approve", cli.runId(), "PLAN", "-m", "go")).code).toBe(0);
  const { stdout } = await cli.run("show", cli.runId(), "PLAN");
  const shown = stdout.replaceAll(words, "WORDS").replaceAll(/(rejected|approved) by \S+/g, "$1 by ME");
  expect(
    shown
      .replaceAll(/^ {2}- \S+:/gm, "  - ME:")
      .split("\n\n")
      .slice(1)
      .join("\n"),
  ).toMatchInlineSnapshot(`
    "PLAN.1  DATE  work by pm, round 1, succeeded, SPAN, rejected by ME
      - ME: the rollback is missing
        and the cost
      | done
    PLAN.2  DATE  fix by pm, round 2, succeeded, SPAN, rejected by ME
      - ME: WORDS
      | done
    PLAN.3  DATE  fix by pm, round 3, succeeded, SPAN, approved by ME
      - ME: go
      | done
    "
  `);
  const { turns } = JSON.parse((await cli.run("show", cli.runId(), "PLAN", "--json")).stdout);
  const judged = { by: expect.any(String), at: expect.any(Number) };
  expect(turns.map(({ judgement }: { readonly judgement: unknown }) => judgement)).toEqual([
    { ...judged, decision: "rejected", message: "the rollback is missing\nand \u001b[31mthe cost" },
    { ...judged, decision: "rejected", message: words },
    { ...judged, decision: "approved", message: "go" },
  ]);
  expect((await cli.run("show")).stdout).toMatch(/PLAN\.1 .* work by pm, round 1, succeeded, .*rejected by \S+$/m);
});
