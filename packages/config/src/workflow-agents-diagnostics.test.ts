import { describe, expect, it } from "vitest";
import { diagnose } from "../test/workflow-fixtures.js";

describe("stages", () => {
  it("demands an agent or a command but in the last stage", () => {
    const text = `stages:
  A: {}
  B: { review_agent: reviewer, is_acceptance_test_stage: true }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:3 error WORKFLOW_INVALID: stage "A" has neither work_agent nor run
        1 | stages:
        2 |   A: {}
          |   ^
        hint: Add one of them; only a stage that nothing waits for may have none, and then completes by itself.

      stages.yaml:3:3 error WORKFLOW_INVALID: stage "B" has neither work_agent nor run
        2 |   A: {}
        3 |   B: { review_agent: reviewer, is_acceptance_test_stage: true }
          |   ^
        hint: Add the agent that does the work.

      2 errors
      "
    `);
  });

  it("demands both agents of a review", () => {
    const text = `stages:
  A: { is_review_stage: true, work_agent: pm }
  B: { is_review_stage: true }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:3 error WORKFLOW_INVALID: review stage "A" has no review_agent
        1 | stages:
        2 |   A: { is_review_stage: true, work_agent: pm }
          |   ^
        hint: review_agent judges, work_agent mends what was rejected; a review stage needs both.

      stages.yaml:3:3 error WORKFLOW_INVALID: review stage "B" has no work_agent and no review_agent
        2 |   A: { is_review_stage: true, work_agent: pm }
        3 |   B: { is_review_stage: true }
          |   ^
        hint: review_agent judges, work_agent mends what was rejected; a review stage needs both.

      2 errors
      "
    `);
  });

  it("refuses two kinds in one stage", () => {
    const text = `stages:
  A: { is_review_stage: true, is_acceptance_test_stage: true, work_agent: pm, review_agent: reviewer }
  B: { run: [make], is_review_stage: true }
  C: { run: [make], is_acceptance_test_stage: true }
  D: { run: [make], work_agent: pm, checks: [make test] }
  E: { artifacts: [x.md], checks: [make] }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:31 error WORKFLOW_INVALID: stage "A" is both a review stage and an acceptance test stage
        1 | stages:
        2 |   A: { is_review_stage: true, is_acceptance_test_stage: true, work_agent: pm, review_agent: reviewer }
          |                               ^^^^^^^^^^^^^^^^^^^^^^^^
        hint: Make them two stages.

      stages.yaml:3:21 error WORKFLOW_INVALID: stage "B" has both run and is_review_stage
        2 |   A: { is_review_stage: true, is_acceptance_test_stage: true, work_agent: pm, review_agent: reviewer }
        3 |   B: { run: [make], is_review_stage: true }
          |                     ^^^^^^^^^^^^^^^
        hint: A review is done by agents: remove one of them.

      stages.yaml:4:21 error WORKFLOW_INVALID: stage "C" has both run and is_acceptance_test_stage
        3 |   B: { run: [make], is_review_stage: true }
        4 |   C: { run: [make], is_acceptance_test_stage: true }
          |                     ^^^^^^^^^^^^^^^^^^^^^^^^
        hint: Acceptance tests are written by work_agent and run as checks: move the command to checks.

      stages.yaml:5:21 error WORKFLOW_INVALID: stage "D" has both run and work_agent
        4 |   C: { run: [make], is_acceptance_test_stage: true }
        5 |   D: { run: [make], work_agent: pm, checks: [make test] }
          |                     ^^^^^^^^^^
        hint: Remove one of them.

      stages.yaml:5:37 error WORKFLOW_INVALID: stage "D" has checks but no agent that could mend what they find
        4 |   C: { run: [make], is_acceptance_test_stage: true }
        5 |   D: { run: [make], work_agent: pm, checks: [make test] }
          |                                     ^^^^^^
        hint: Make each check a stage of its own with run.

      stages.yaml:6:8 error WORKFLOW_INVALID: stage "E" has artifacts but no agent and no command that could write them
        5 |   D: { run: [make], work_agent: pm, checks: [make test] }
        6 |   E: { artifacts: [x.md], checks: [make] }
          |        ^^^^^^^^^
        hint: Add work_agent or run, or remove the artifacts.

      stages.yaml:6:27 error WORKFLOW_INVALID: stage "E" has checks but no agent that could mend what they find
        5 |   D: { run: [make], work_agent: pm, checks: [make test] }
        6 |   E: { artifacts: [x.md], checks: [make] }
          |                           ^^^^^^
        hint: Make each check a stage of its own with run.

      7 errors
      "
    `);
  });

  it("checks personas", () => {
    const text = `stages:
  A: { work_agent: ba, allowed_personas: [pm, builder] }
  R: { work_agent: ba, review_agent: builder-3, is_review_stage: true, allowed_personas: [reviewer] }
  C: { work_agent: somebody, allowed_personas: [reviewer] }
  D: { parallel_agents: [writer], allowed_personas: [reviewer] }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:20 error WORKFLOW_INVALID: work_agent "ba" of stage "A" is a business_analyst, which allowed_personas does not list
        1 | stages:
        2 |   A: { work_agent: ba, allowed_personas: [pm, builder] }
          |                    ^^
        hint: Choose an agent that is one of project_manager, builder, or add business_analyst.

      stages.yaml:3:38 error WORKFLOW_INVALID: review_agent "builder-3" of stage "R" is a builder, which allowed_personas does not list
        2 |   A: { work_agent: ba, allowed_personas: [pm, builder] }
        3 |   R: { work_agent: ba, review_agent: builder-3, is_review_stage: true, allowed_personas: [reviewer] }
          |                                      ^^^^^^^^^
        hint: Choose an agent that is one of reviewer, or add builder.

      stages.yaml:5:26 error WORKFLOW_INVALID: agent "writer" of stage "D" is a technical_writer, which allowed_personas does not list
        4 |   C: { work_agent: somebody, allowed_personas: [reviewer] }
        5 |   D: { parallel_agents: [writer], allowed_personas: [reviewer] }
          |                          ^^^^^^
        hint: Choose an agent that is one of reviewer, or add technical_writer.

      3 errors
      "
    `);
  });
});
