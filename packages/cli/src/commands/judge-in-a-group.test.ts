import { expect, test } from "vitest";
import { cassette, createCli, OBJECTIVE } from "../../test/cli-harness.js";

const FILES: Readonly<Record<string, string>> = {
  "objective.md": OBJECTIVE,
  "troupe.yaml": 'agents:\n  default: ["replay", { file: tape.jsonl }]\n',
};

const last = (text: string, lines: number): string => text.trimEnd().split("\n").slice(-lines).join("\n");

test("two members of a group wait: neither holds the other, and each is judged on its own", async () => {
  const cli = await createCli({
    ...FILES,
    "stages.yaml": `stages:
  A: { work_agent: a, artifacts: [], writes: artifacts, approval: true }
  B: { work_agent: b, artifacts: [], writes: artifacts, approval: true }
  C: { work_agent: c, artifacts: [], writes: artifacts }
  GATE: { work_agent: worker, artifacts: [] }
parallel_groups: { three: { stages: [A, B, C] } }
`,
    "tape.jsonl": cassette(
      ...["a", "b", "c"].map((agent) => ({ stage: agent.toUpperCase(), agent, delayMs: agent === "c" ? 200 : 0 })),
      { stage: "B", agent: "b", turn: "fix", round: 2 },
      { stage: "GATE" },
    ),
  });
  const first = await cli.run("run", "objective.md", "--quiet");
  expect([first.code, first.stdout]).toMatchInlineSnapshot(`
    [
      8,
      "Waiting for a person: RUN. 1 completed of 4 stages.
      A (A.1):
        troupe approve RUN A --turn A.1
        troupe reject RUN A --turn A.1 -m "what must change"
      B (B.1):
        troupe approve RUN B --turn B.1
        troupe reject RUN B --turn B.1 -m "what must change"
    ",
    ]
  `);
  const runId = cli.runId();
  const next = async (): Promise<string | undefined> => /^Next: (.*)$/m.exec((await cli.run("status")).stdout)?.[1];
  expect(await next()).toBe("troupe approve RUN A --turn A.1");
  expect((await cli.run("approve", runId, "A")).stderr).toMatchInlineSnapshot(`
    "Waiting too:
      B (B.1):
        troupe approve RUN B --turn B.1
        troupe reject RUN B --turn B.1 -m "what must change"
    Nobody works on the run. Go on with it: troupe resume RUN
    "
  `);
  await cli.run("reject", runId, "B", "-m", "more");
  const second = await cli.run("resume", "--quiet");
  expect([second.code, second.stdout]).toMatchInlineSnapshot(`
    [
      8,
      "Waiting for a person: RUN. 2 completed of 4 stages.
      B (B.2):
        troupe approve RUN B --turn B.2
        troupe reject RUN B --turn B.2 -m "what must change"
    ",
    ]
  `);
  expect(await next()).toBe("troupe approve RUN B --turn B.2"); // that A was approved and is done brings nothing on
  await cli.run("approve", runId, "B");
  expect(await next()).toBe("troupe resume RUN");
  expect((await cli.run("resume", "--quiet")).code).toBe(0);
  expect((await cli.run("status")).stdout.match(/^ {2}\| B .*$/m)?.[0]).toMatch(/round 2 of 4, approved$/);
});

test("a run that fails says what waits beside its failure, and the judgement counts on resume", async () => {
  const cli = await createCli({
    ...FILES,
    "stages.yaml": `stages:
  A: { work_agent: a, artifacts: [], writes: artifacts, approval: true }
  B: { work_agent: b, artifacts: [], writes: artifacts }
parallel_groups: { two: { stages: [A, B] } }
`,
    "tape.jsonl": cassette({ stage: "A", agent: "a" }),
  });
  const { code, stderr } = await cli.run("run", "objective.md", "--quiet");
  expect([code, last(stderr, 4)]).toEqual([1, ""]);
  const loud = await cli.run("resume");
  expect(last(loud.stderr, 5)).toMatchInlineSnapshot(`
    "Waiting for a person beside:
      A (A.1):
        troupe approve RUN A --turn A.1
        troupe reject RUN A --turn A.1 -m "what must change"
    Mend the cause (edits of the workflow and the objective count), then: troupe resume RUN"
  `);
  await cli.run("approve", cli.runId(), "A");
  await cli.write("tape.jsonl", cassette({ stage: "B", agent: "b" }));
  expect((await cli.run("resume", "--quiet")).code).toBe(0);
});
