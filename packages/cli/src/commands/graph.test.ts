import { expect, test } from "vitest";
import { cassette, createCli, HALF, OBJECTIVE } from "../../test/cli-harness.js";

const GROUPED: Readonly<Record<string, string>> = {
  "objective.md": OBJECTIVE,
  "stages.yaml": `stages:
  SPEC: { work_agent: ba, artifacts: [] }
  SPEC_REVIEW: { work_agent: ba, review_agent: judge, is_review_stage: true }
  RESEARCH: { work_agent: one, artifacts: [r.md] }
  TESTS: { work_agent: two, artifacts: [t.md] }
  LINT: { run: [node, -e, "0"], optional: true, writes: artifacts }
  BUILD: { work_agent: one, artifacts: [] }
  DONE: {}
work_to_review_mapping: { SPEC: SPEC_REVIEW }
parallel_groups:
  "pre": { after: SPEC_REVIEW, stages: [RESEARCH, TESTS, LINT], before: BUILD }
`,
};

test("draws the built-in workflow, one row a stage, with a lane for each path", async () => {
  const cli = await createCli();
  expect(await cli.shown("graph")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Workflow default (built-in)

    ●    SETUP                  work            pm
    ●    BUSINESS_PROBLEM       work, optional  ba
    ●    SPEC                   work            ba
    ●    SPEC_REVIEW            review          ba, reviewer
    ├─┐
    ● │  RESEARCH               work            builder-1            [post_spec_review]
    │ ●  TEST_STRATEGY          work            builder-2            [post_spec_review]
    ├─┘
    ●    PLAN                   work            pm
    ●    PLAN_REVIEW            review          pm, reviewer
    ●    IMPLEMENTATION         work            builder-1
    ●    IMPLEMENTATION_REVIEW  review          builder-1, reviewer
    ●    TEST                   work            builder-1
    ●    ACCEPTANCE_TEST        acceptance      builder-1
    ●    POST_REVIEW            review          pm, reviewer
    ●    COMPLETE               terminal
    "
  `);
});

test("draws with ASCII alone where there are no lines", async () => {
  const cli = await createCli(GROUPED);
  const plain = await cli.shown("graph", "--plain");
  expect(plain).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Workflow stages (stages.yaml)

    *      SPEC         work               ba
    *      SPEC_REVIEW  review             ba, judge
    |-.-.
    * | |  RESEARCH     work               one        [pre]
    | * |  TESTS        work               two        [pre]
    | | *  LINT         command, optional             [pre]
    |-'-'
    *      BUILD        work               one
    *      DONE         terminal
    "
  `);
  const environment = { PATH: process.env.PATH, LC_ALL: "C" };
  expect(await cli.shownWith({ environment }, "graph")).toBe(plain);
});

test("a run colours the drawing, and says each state in a word", async () => {
  const cli = await createCli(HALF);
  await cli.run("run", "objective.md");
  expect(await cli.shown("graph", "--run")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Run RUN: failed, workflow stages (stages.yaml)

    ●  FIRST   work  worker  completed
    ✗  SECOND  work  worker  failed
    "
  `);
  const coloured = await cli.run("graph", "--run", cli.runId(), "--color");
  expect(coloured.stdout).toContain("\u001b[31mSECOND  work  worker  failed\u001b[0m");
});

test("mermaid and dot have the groups as frames and only edges that say something", async () => {
  const cli = await createCli(GROUPED);
  expect((await cli.run("graph", "--format", "mermaid")).stdout).toMatchInlineSnapshot(`
    "flowchart TD
      s0["SPEC<br/>ba"]
      s1{{"SPEC_REVIEW<br/>ba, judge"}}
      s5["BUILD<br/>one"]
      s6(["DONE"])
      subgraph g0["pre"]
        s2["RESEARCH<br/>one"]
        s3["TESTS<br/>two"]
        s4["LINT"]
      end
      s0 --> s1
      s1 --> s2
      s1 --> s3
      s1 --> s4
      s2 --> s5
      s3 --> s5
      s4 --> s5
      s5 --> s6
    "
  `);
  expect((await cli.run("graph", "--format", "dot")).stdout).toMatchInlineSnapshot(`
    "digraph "stages" {
      node [style="filled,rounded", fontname="Helvetica", fontsize=11];
      "SPEC" [label="SPEC\\nba", shape=box, fillcolor="#ffffff", color="#57606a"];
      "SPEC_REVIEW" [label="SPEC_REVIEW\\nba, judge", shape=hexagon, fillcolor="#ffffff", color="#57606a"];
      "BUILD" [label="BUILD\\none", shape=box, fillcolor="#ffffff", color="#57606a"];
      "DONE" [label="DONE", shape=ellipse, fillcolor="#ffffff", color="#57606a"];
      subgraph cluster_0 { label="pre"; style=dashed;
        "RESEARCH" [label="RESEARCH\\none", shape=box, fillcolor="#ffffff", color="#57606a"];
        "TESTS" [label="TESTS\\ntwo", shape=box, fillcolor="#ffffff", color="#57606a"];
        "LINT" [label="LINT", shape=box, fillcolor="#ffffff", color="#57606a"];
      }
      "SPEC" -> "SPEC_REVIEW";
      "SPEC_REVIEW" -> "RESEARCH";
      "SPEC_REVIEW" -> "TESTS";
      "SPEC_REVIEW" -> "LINT";
      "RESEARCH" -> "BUILD";
      "TESTS" -> "BUILD";
      "LINT" -> "BUILD";
      "BUILD" -> "DONE";
    }
    "
  `);
});

test("names cannot break out of a diagram", async () => {
  const cli = await createCli({
    "stages.yaml": `stages:\n  end: { work_agent: a, artifacts: [] }\n  two: {}\n`,
  });
  const { stdout } = await cli.run("graph", "--format", "mermaid");
  expect(stdout).toBe('flowchart TD\n  s0["end<br/>a"]\n  s1(["two"])\n  s0 --> s1\n');
});

test("json has every stage with what it needs", async () => {
  const cli = await createCli(GROUPED);
  const graph = JSON.parse((await cli.run("graph", "--json")).stdout);
  expect(graph.stages[2]).toEqual({
    id: "RESEARCH",
    name: "RESEARCH",
    kind: "work",
    group: "pre",
    needs: ["SPEC_REVIEW"],
    agents: ["one"],
    optional: false,
    status: null,
  });
});

test("needs that cross other lanes are drawn as crossings", async () => {
  const cli = await createCli({
    "stages.yaml": `stages:
  A: { work_agent: a, artifacts: [] }
  B: { work_agent: b, writes: artifacts, artifacts: [], needs: [A] }
  C: { work_agent: c, writes: artifacts, artifacts: [], needs: [A] }
  D: { work_agent: d, writes: artifacts, artifacts: [], needs: [A] }
  E: { work_agent: e, writes: artifacts, artifacts: [], needs: [B, D] }
  F: { work_agent: f, writes: artifacts, artifacts: [], needs: [C] }
  G: { work_agent: g, writes: artifacts, artifacts: [], needs: [E, F] }
`,
  });
  expect((await cli.run("graph")).stdout).toMatchInlineSnapshot(`
    "Workflow stages (stages.yaml)

    ●      A  work  a
    ├─┬─┐
    ● │ │  B  work  b
    │ ● │  C  work  c
    │ │ ●  D  work  d
    ├─┼─┘
    ● │    E  work  e
    │ ●    F  work  f
    ├─┘
    ●      G  work  g
    "
  `);
});

test("a file with mistakes is refused, and a run with a workflow of its own", async () => {
  const cli = await createCli({ "stages.yaml": "stages:\n  A: { work_agnt: a }\n", "tape.jsonl": cassette() });
  expect((await cli.run("graph")).code).toBe(3);
  expect(await cli.shown("graph", "--run", "x", "--workflow", "stages.yaml")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: a run has its own workflow: --run and --workflow do not go together [USAGE]
    hint: Leave out one of them.
    "
  `);
});

test("--json contradicts another format", async () => {
  const cli = await createCli();
  expect(await cli.shown("graph", "--json", "--format", "dot")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    {"version":1,"error":{"code":"USAGE","message":"--json and --format dot contradict each other","hint":"Leave one of them out: troupe graph --format dot","exitCode":2,"file":null,"line":null,"column":null,"diagnostics":[],"details":{},"stack":null}}
    "
  `);
});
