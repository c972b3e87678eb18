import { validateWorkflow } from "@troupe/core";
import { describe, expect, it } from "vitest";
import { diagnose, outline, parse } from "../test/workflow-fixtures.js";

describe("needs", () => {
  it("replaces what the order would give, for that stage only", () => {
    const workflow = parse(`defaults: { writes: artifacts }
stages:
  A: { work_agent: a }
  B: { work_agent: b, needs: [] }
  C: { work_agent: c, needs: [A] }
  D: { work_agent: d }
  E: { work_agent: e, needs: [A, D, B] }
  F: { work_agent: f, needs: null }
`);
    expect(outline(workflow)).toMatchInlineSnapshot(`
      "A work a - - - artifacts
      B work b - - - artifacts
      C work c - - A artifacts
      D work d - - C artifacts
      E work e - - A+D+B artifacts
      F work f - - E artifacts"
    `);
    validateWorkflow(workflow);
  });

  it("takes a group's name for all its members, once each, and a single member too", () => {
    const workflow = parse(`defaults: { writes: artifacts }
stages:
  A: { work_agent: a }
  B: { work_agent: b }
  C: { work_agent: c }
  D: { work_agent: d, needs: [B] }
  E: { work_agent: e, needs: [D, pair, C] }
parallel_groups:
  pair: { after: A, stages: [B, C], before: E }
`);
    expect(outline(workflow)).toMatchInlineSnapshot(`
      "A work a - - - artifacts
      B work b - - A artifacts
      C work c - - A artifacts
      D work d - - B artifacts
      E work e - - D+B+C artifacts"
    `);
    expect(workflow.groups.map(({ after, before }) => ({ after, before }))).toEqual([{ after: "A", before: "E" }]);
    validateWorkflow(workflow);
  });

  it("may go against the order", () => {
    const workflow = parse(`stages:
  REVIEW: { work_agent: a, review_agent: r, is_review_stage: true, needs: [WORK] }
  WORK: { work_agent: a, needs: [] }
work_to_review_mapping: { WORK: REVIEW }
`);
    expect(outline(workflow)).toMatchInlineSnapshot(`
      "REVIEW review a r WORK WORK tree
      WORK work a - - - tree"
    `);
    validateWorkflow(workflow);
  });

  it("lets any stage that nothing waits for end by itself", () => {
    const workflow = parse(`stages:
  A: { work_agent: a }
  DONE: {}
  B: { work_agent: b, needs: [A] }
  ALSO_DONE: {}
`);
    expect(outline(workflow)).toMatchInlineSnapshot(`
      "A work a - - - tree
      DONE terminal - - - A artifacts
      B work b - - A tree
      ALSO_DONE terminal - - - B artifacts"
    `);
  });

  it("demands work of a stage that another one names, or a group's name", () => {
    const text = `stages:
  A: { work_agent: a }
  X: {}
  B: { work_agent: b, needs: [X] }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:3:3 error WORKFLOW_INVALID: stage "X" has neither work_agent nor run
        2 |   A: { work_agent: a }
        3 |   X: {}
          |   ^
        hint: Add one of them; only a stage that nothing waits for may have none, and then completes by itself.

      1 error
      "
    `);
  });

  it("names the nearest stage or group for an unknown one", () => {
    const text = `stages:
  SPEC: { work_agent: a }
  LEFT: { work_agent: b, writes: artifacts }
  RIGHT: { work_agent: c, writes: artifacts }
  PLAN: { work_agent: d, needs: [SPCE, lanse, NOWHERE, SPEC, SPEC, PLAN] }
parallel_groups: { lanes: { stages: [LEFT, RIGHT] } }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:5:34 error WORKFLOW_INVALID: needs of stage "PLAN" names "SPCE", which is neither a stage nor a group
        4 |   RIGHT: { work_agent: c, writes: artifacts }
        5 |   PLAN: { work_agent: d, needs: [SPCE, lanse, NOWHERE, SPEC, SPEC, PLAN] }
          |                                  ^^^^
        hint: did you mean "SPEC"?

      stages.yaml:5:40 error WORKFLOW_INVALID: needs of stage "PLAN" names "lanse", which is neither a stage nor a group
        4 |   RIGHT: { work_agent: c, writes: artifacts }
        5 |   PLAN: { work_agent: d, needs: [SPCE, lanse, NOWHERE, SPEC, SPEC, PLAN] }
          |                                        ^^^^^
        hint: did you mean "lanes"?

      stages.yaml:5:47 error WORKFLOW_INVALID: needs of stage "PLAN" names "NOWHERE", which is neither a stage nor a group
        4 |   RIGHT: { work_agent: c, writes: artifacts }
        5 |   PLAN: { work_agent: d, needs: [SPCE, lanse, NOWHERE, SPEC, SPEC, PLAN] }
          |                                               ^^^^^^^
        hint: Define it under stages.

      stages.yaml:5:62 error WORKFLOW_INVALID: needs of stage "PLAN" names "SPEC" twice
        4 |   RIGHT: { work_agent: c, writes: artifacts }
        5 |   PLAN: { work_agent: d, needs: [SPCE, lanse, NOWHERE, SPEC, SPEC, PLAN] }
          |                                                              ^^^^
        hint: Remove one.

      stages.yaml:5:68 error WORKFLOW_INVALID: stage "PLAN" needs itself
        4 |   RIGHT: { work_agent: c, writes: artifacts }
        5 |   PLAN: { work_agent: d, needs: [SPCE, lanse, NOWHERE, SPEC, SPEC, PLAN] }
          |                                                                    ^^^^
        hint: Remove it; it would never start.

      5 errors
      "
    `);
  });

  it("refuses a name that is a stage and a group", () => {
    const text = `stages:
  A: { work_agent: a, writes: artifacts }
  B: { work_agent: b, writes: artifacts }
  C: { work_agent: c, needs: [A] }
parallel_groups: { A: { stages: [A, B] } }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:4:31 error WORKFLOW_INVALID: needs of stage "C" names "A", which is a stage and a group
        3 |   B: { work_agent: b, writes: artifacts }
        4 |   C: { work_agent: c, needs: [A] }
          |                               ^
        hint: Give the group another name.

      1 error
      "
    `);
  });

  it("refuses needs of a member of a group", () => {
    const text = `defaults: { writes: artifacts }
stages:
  A: { work_agent: a }
  B: { work_agent: b, needs: [A] }
  C: { work_agent: c }
parallel_groups:
  g: { stages: [B, C] }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:4:23 error WORKFLOW_INVALID: stage "B" is a member of group "g" and has needs of its own
        3 |   A: { work_agent: a }
        4 |   B: { work_agent: b, needs: [A] }
          |                       ^^^^^
        hint: Remove it: the group starts after A (line 3), with all its members. Or take "B" out of the group.

      1 error
      "
    `);
    expect(
      diagnose(text.replace("A: { work_agent: a }", "A: { work_agent: a, needs: [] }").replace("[B, C]", "[A, B, C]")),
    ).toMatchInlineSnapshot(`
      "stages.yaml:3:23 error WORKFLOW_INVALID: stage "A" is a member of group "g" and has needs of its own
        2 | stages:
        3 |   A: { work_agent: a, needs: [] }
          |                       ^^^^^
        hint: Remove it: the group begins the workflow, with all its members. Or take "A" out of the group.

      stages.yaml:4:23 error WORKFLOW_INVALID: stage "B" is a member of group "g" and has needs of its own
        3 |   A: { work_agent: a, needs: [] }
        4 |   B: { work_agent: b, needs: [A] }
          |                       ^^^^^
        hint: Remove it: the group begins the workflow, with all its members. Or take "B" out of the group.

      2 errors
      "
    `);
  });

  it("refuses a gate that does not wait for its group", () => {
    const text = `defaults: { writes: artifacts }
stages:
  A: { work_agent: a }
  B: { work_agent: b }
  C: { work_agent: c }
  D: { work_agent: d, needs: [B] }
parallel_groups:
  g: { stages: [B, C], before: D }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:8:32 error WORKFLOW_INVALID: before of group "g" is "D", but needs of "D" (line 6) does not name the group
        7 | parallel_groups:
        8 |   g: { stages: [B, C], before: D }
          |                                ^
        hint: Add "g" to the needs of "D", or leave "before" out.

      1 error
      "
    `);
  });

  it("holds reviews and demands for acceptance tests against what a stage waits for", () => {
    const text = `defaults: { writes: artifacts }
stages:
  A: { work_agent: a }
  R: { work_agent: b, review_agent: r, is_review_stage: true, needs: [] }
  T: { work_agent: c, is_acceptance_test_stage: true, needs: [] }
  U: { work_agent: d, requires_acceptance_tests_passed: true, needs: [A] }
work_to_review_mapping: { A: R }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:6:23 error WORKFLOW_INVALID: stage "U" requires passed acceptance tests, but no acceptance test stage comes before it
        5 |   T: { work_agent: c, is_acceptance_test_stage: true, needs: [] }
        6 |   U: { work_agent: d, requires_acceptance_tests_passed: true, needs: [A] }
          |                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        hint: Write "is_acceptance_test_stage: true" in the stage that runs them, or remove the demand.

      stages.yaml:7:30 error WORKFLOW_INVALID: "R" cannot judge "A": it does not wait for it
        6 |   U: { work_agent: d, requires_acceptance_tests_passed: true, needs: [A] }
        7 | work_to_review_mapping: { A: R }
          |                              ^
        hint: Let "R" need "A", or a stage behind it.

      2 errors
      "
    `);
  });

  it("says what the form of needs is", () => {
    const text = `stages:
  A: { work_agent: a }
  B: { work_agent: b, needs: A }
  C: { work_agent: c, needs: [1] }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:3:30 error CONFIG_INVALID: stages.B.needs must be a list of stages and groups, not "A"
        2 |   A: { work_agent: a }
        3 |   B: { work_agent: b, needs: A }
          |                              ^
        hint: Write a list: ["A"].

      stages.yaml:4:31 error CONFIG_INVALID: stages.C.needs[1] must be a stage id, not 1
        3 |   B: { work_agent: b, needs: A }
        4 |   C: { work_agent: c, needs: [1] }
          |                               ^
        hint: Put it in quotes: "1".

      2 errors
      "
    `);
  });
});
