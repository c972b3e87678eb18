import { describe, expect, it } from "vitest";
import { diagnose } from "../test/workflow-fixtures.js";

describe("stages", () => {
  it("names the nearest stage for an unknown one, and stages out of the order", () => {
    const text = `stages:
  RESEARCH: { work_agent: pm }
  PLAN: { work_agent: pm }
stage_order: [RESERCH, PLAN, PLAN, ZZZ]
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:3 error WORKFLOW_INVALID: stage "RESEARCH" is defined but not in stage_order
        1 | stages:
        2 |   RESEARCH: { work_agent: pm }
          |   ^^^^^^^^
        hint: Add "- RESEARCH" to stage_order, or remove the stage.

      stages.yaml:4:15 error WORKFLOW_INVALID: stage_order names stage "RESERCH", which is not defined
        3 |   PLAN: { work_agent: pm }
        4 | stage_order: [RESERCH, PLAN, PLAN, ZZZ]
          |               ^^^^^^^
        hint: did you mean "RESEARCH"?

      stages.yaml:4:30 error WORKFLOW_INVALID: stage_order names "PLAN" twice; the first is in line 4
        3 |   PLAN: { work_agent: pm }
        4 | stage_order: [RESERCH, PLAN, PLAN, ZZZ]
          |                              ^^^^
        hint: Remove one of them.

      stages.yaml:4:36 error WORKFLOW_INVALID: stage_order names stage "ZZZ", which is not defined
        3 |   PLAN: { work_agent: pm }
        4 | stage_order: [RESERCH, PLAN, PLAN, ZZZ]
          |                                    ^^^
        hint: Define it under stages.

      4 errors
      "
    `);
  });

  it("demands an acceptance stage before what requires it", () => {
    const text = `stages:
  A: { work_agent: pm, requires_acceptance_tests_passed: true }
  T: { work_agent: pm, is_acceptance_test_stage: true }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:24 error WORKFLOW_INVALID: stage "A" requires passed acceptance tests, but no acceptance test stage comes before it
        1 | stages:
        2 |   A: { work_agent: pm, requires_acceptance_tests_passed: true }
          |                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        hint: Write "is_acceptance_test_stage: true" in the stage that runs them, or remove the demand.

      1 error
      "
    `);
  });
});
