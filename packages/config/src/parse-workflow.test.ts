import { canTransition, validateWorkflow } from "@troupe/core";
import { describe, expect, it } from "vitest";
import { outline, parse, stageOf } from "../test/workflow-fixtures.js";
import { parseWorkflow } from "./parse-workflow.js";

describe("lowering", () => {
  it("fills in every default", () => {
    expect(parse("stages: { A: { work_agent: pm } }")).toEqual({
      version: 1,
      name: "stages",
      stages: [
        {
          id: "A",
          name: "A",
          description: "",
          kind: "work",
          workAgent: "pm",
          reviewAgent: null,
          run: null,
          reviews: null,
          checks: [],
          artifacts: [],
          exitCriteria: [],
          optional: false,
          includeObjective: true,
          promptTemplate: null,
          writes: "tree",
          approval: false,
          needs: [],
          group: null,
          maxRounds: 4,
          timeoutMs: null,
          idleTimeoutMs: null,
          retry: { attempts: 2, delayMs: 30_000, backoff: 2, maxDelayMs: 600_000 },
          requiresAcceptance: [],
        },
      ],
      groups: [],
      inputs: [],
    });
  });

  it("takes every key", () => {
    const workflow = parse(`version: 1
inputs:
  TICKET: { description: Number of the ticket }
  BRANCH: { default: main }
  EMPTY:
stages:
  A:
    name: First
    description: >
      Does it.
    run: [make, "-j", "2"]
    timeout: 1h30m
    optional: true
  B: { run: "make | tee log", writes: tree }
  C:
    work_agent: pm
    checks: [npm test, [node, --test]]
    artifacts: [docs/c.md]
    exit_criteria: [done]
    max_rounds: 2
    include_objective: false
    prompt_template: prompts/c.md
`);
    expect(workflow.inputs).toEqual([
      { name: "TICKET", description: "Number of the ticket", default: null },
      { name: "BRANCH", description: "", default: "main" },
      { name: "EMPTY", description: "", default: null },
    ]);
    const [a, b, c] = ["A", "B", "C"].map((id) => stageOf(workflow, id));
    expect(a).toMatchObject({
      name: "First",
      description: "Does it.",
      kind: "command",
      run: { argv: ["make", "-j", "2"] },
      timeoutMs: 5_400_000,
      optional: true,
      writes: "artifacts",
    });
    expect(b).toMatchObject({ run: { shell: "make | tee log" }, writes: "tree", needs: ["A"] });
    expect(c).toMatchObject({
      checks: [{ shell: "npm test" }, { argv: ["node", "--test"] }],
      artifacts: ["docs/c.md"],
      exitCriteria: ["done"],
      maxRounds: 2,
      includeObjective: false,
      promptTemplate: "prompts/c.md",
      writes: "artifacts",
    });
  });

  it("takes defaults where they make sense, and null as none", () => {
    const workflow =
      parse(`defaults: { work_agent: pm, review_agent: rev, checks: [make], max_rounds: 3, timeout: 5m, optional: true }
stages:
  W: { optional: false, max_rounds: null }
  R: { is_review_stage: true, work_agent: ba }
  C: { run: make }
  END: { work_agent: null }
`);
    expect(outline(workflow)).toMatchInlineSnapshot(`
      "W work pm - - - tree
      R review ba rev - W tree
      C command - - - R artifacts
      END terminal - - - C artifacts"
    `);
    expect(
      workflow.stages.map((stage) => [stage.checks.length, stage.maxRounds, stage.timeoutMs, stage.optional]),
    ).toEqual([
      [1, 3, 300_000, false],
      [1, 3, 300_000, true],
      [0, 3, 300_000, true],
      [0, 3, 300_000, true],
    ]);
  });

  it("lets a person judge every stage that has a result, but where the stage says otherwise", () => {
    const workflow = parse(`defaults: { work_agent: pm, review_agent: rev, approval: true }
stages:
  W: {}
  R: { is_review_stage: true, work_agent: ba }
  C: { run: make }
  FREE: { approval: false, writes: artifacts }
  BLANK: { approval: null }
  END: { work_agent: null }
`);
    expect(workflow.stages.map(({ id, approval }) => `${id} ${approval}`)).toEqual([
      "W true",
      "R true",
      "C true",
      "FREE false",
      "BLANK true",
      "END false",
    ]);
  });

  it("joins neighbouring groups by all their members, derives their neighbours, and allows a group of one", () => {
    const workflow = parse(`stages:
  A: { run: a }
  B: { run: b }
  C: { run: c }
  D: { run: d }
  E: { run: e }
parallel_groups:
  last: { stages: [E] }
  first: { stages: [B, A], max_concurrent: 1, on_failure: fail_fast, before: D }
  second: { stages: [C, D], after: A }
`);
    expect(workflow.stages.map((stage) => [stage.id, stage.group, stage.needs])).toEqual([
      ["A", "first", []],
      ["B", "first", []],
      ["C", "second", ["A", "B"]],
      ["D", "second", ["A", "B"]],
      ["E", "last", ["C", "D"]],
    ]);
    expect(workflow.groups).toEqual([
      { name: "last", stages: ["E"], after: "D", before: null, maxConcurrent: null, onFailure: "continue" },
      { name: "first", stages: ["A", "B"], after: null, before: "C", maxConcurrent: 1, onFailure: "fail_fast" },
      { name: "second", stages: ["C", "D"], after: "B", before: "E", maxConcurrent: null, onFailure: "continue" },
    ]);
    validateWorkflow(workflow);
    expect(canTransition(workflow, "A", "C")).toBe(true);
    expect(canTransition(workflow, "A", "B")).toBe(false);
  });

  it("follows stage_order, not the order of the map", () => {
    const workflow = parse("stages: { A: { run: a }, B: { run: b } }\nstage_order: [B, A]");
    expect(workflow.stages.map((stage) => [stage.id, stage.needs])).toEqual([
      ["B", []],
      ["A", ["B"]],
    ]);
  });

  it("lets two members write the tree when both say so, and two reviewers be one", () => {
    const workflow = parse(`stages:
  A: { work_agent: a, review_agent: r, is_review_stage: true, writes: tree }
  B: { work_agent: b, review_agent: r, is_review_stage: true, writes: tree }
parallel_groups: { g: { stages: [A, B] } }
`);
    expect(workflow.stages.map((stage) => stage.group)).toEqual(["g", "g"]);
  });

  it("lets a review share the artifact of the stage that it judges", () => {
    const workflow = parse(`stages:
  A: { work_agent: a, artifacts: [a.md] }
  R: { work_agent: a, review_agent: r, is_review_stage: true, artifacts: [a.md, r.md] }
work_to_review_mapping: { A: R }
`);
    expect(stageOf(workflow, "R").reviews).toBe("A");
  });

  it("requires only acceptance stages that have ended by then", () => {
    const workflow = parse(`stages:
  T: { work_agent: a, is_acceptance_test_stage: true, writes: artifacts }
  U: { work_agent: b, is_acceptance_test_stage: true, writes: artifacts }
  V: { work_agent: c, requires_acceptance_tests_passed: true, writes: artifacts }
parallel_groups: { g: { stages: [U, V] } }
`);
    expect(stageOf(workflow, "V").requiresAcceptance).toEqual(["T"]);
  });

  it("keeps aliases, byte order mark and CRLF harmless", () => {
    const workflow = parse("\ufeffstages:\r\n  A: &a { work_agent: pm, artifacts: [] }\r\n  B: *a\r\n");
    expect(workflow.stages.map((stage) => stage.workAgent)).toEqual(["pm", "pm"]);
  });

  it("takes ids that objects inherit for what they are", () => {
    const workflow = parse("stages: { constructor: { run: a }, toString: { run: b }, 1: { run: c } }");
    expect(workflow.stages.map((stage) => stage.id)).toEqual(["constructor", "toString", "1"]);
  });
});

it("goes by the personas of the project file first", () => {
  const text = "stages: { A: { work_agent: zoe, allowed_personas: [builder] } }";
  expect(parseWorkflow(text, "s.yaml", { personas: { zoe: "developer" } }).diagnostics).toEqual([]);
  const { diagnostics } = parseWorkflow(text, "s.yaml", { personas: { zoe: "writer" } });
  expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual(["WORKFLOW_INVALID"]);
});

it("locates the keys of stages", () => {
  const { locate } = parseWorkflow("stages:\n  A:\n    prompt_template: a.md\n    work_agent: pm\n", "s.yaml");
  expect(locate("A", "prompt_template")).toEqual({ line: 3, column: 22 });
  expect(locate("A", "name")).toEqual({ line: 2, column: 3 });
  expect(parseWorkflow("\0", "s.yaml").locate("A", "name")).toEqual({ line: 1, column: 1 });
});
