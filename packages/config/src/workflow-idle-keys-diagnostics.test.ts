import { describe, expect, it } from "vitest";
import { diagnose } from "../test/workflow-fixtures.js";

describe("stages", () => {
  it("warns of what has no effect on a command", () => {
    const text = `defaults: { exit_criteria: [x], prompt_template: p.md, max_rounds: 3, include_objective: false }
stages:
  A:
    run: make
    exit_criteria: [it builds]
    include_objective: false
    prompt_template: a.md
    allowed_personas: [builder]
    max_rounds: 2
  B: { run: make, exit_criteria: [], allowed_personas: [], prompt_template: null, max_rounds: null }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:5:5 warning WORKFLOW_INVALID: exit_criteria of stage "A" has no effect: it runs a command, no agent
        4 |     run: make
        5 |     exit_criteria: [it builds]
          |     ^^^^^^^^^^^^^
        hint: Remove it, or give the stage an agent.

      stages.yaml:6:5 warning WORKFLOW_INVALID: include_objective of stage "A" has no effect: it runs a command, no agent
        5 |     exit_criteria: [it builds]
        6 |     include_objective: false
          |     ^^^^^^^^^^^^^^^^^
        hint: Remove it, or give the stage an agent.

      stages.yaml:7:5 warning WORKFLOW_INVALID: prompt_template of stage "A" has no effect: it runs a command, no agent
        6 |     include_objective: false
        7 |     prompt_template: a.md
          |     ^^^^^^^^^^^^^^^
        hint: Remove it, or give the stage an agent.

      stages.yaml:8:5 warning WORKFLOW_INVALID: allowed_personas of stage "A" has no effect: it runs a command, no agent
        7 |     prompt_template: a.md
        8 |     allowed_personas: [builder]
          |     ^^^^^^^^^^^^^^^^
        hint: Remove it, or give the stage an agent.

      stages.yaml:9:5 warning WORKFLOW_INVALID: max_rounds of stage "A" has no effect: it runs a command, no agent
        8 |     allowed_personas: [builder]
        9 |     max_rounds: 2
          |     ^^^^^^^^^^
        hint: Remove it, or give the stage an agent.

      5 warnings
      "
    `);
  });

  it("warns of what has no effect on a last stage without an agent, but not of what TeamBot writes there", () => {
    const last = (text: string): string => `stages: { A: { work_agent: pm }, Z: ${text} }\n`;
    expect(
      diagnose(
        last("{ exit_criteria: [done], allowed_personas: [], include_objective: false, prompt_template: null }"),
      ),
    ).toBe("");
    expect(
      diagnose(last("{ prompt_template: z.md, allowed_personas: [pm], include_objective: true, approval: true }")),
    ).toMatchInlineSnapshot(`
      "stages.yaml:1:39 warning WORKFLOW_INVALID: prompt_template of stage "Z" has no effect: nothing of it runs
        1 | stages: { A: { work_agent: pm }, Z: { prompt_template: z.md, allowed_personas: [pm], include_objective: true, …
          |                                       ^^^^^^^^^^^^^^^
        hint: Remove it, or add work_agent or run.

      stages.yaml:1:62 warning WORKFLOW_INVALID: allowed_personas of stage "Z" has no effect: nothing of it runs
        1 | stages: { A: { work_agent: pm }, Z: { prompt_template: z.md, allowed_personas: [pm], include_objective: true, …
          |                                                              ^^^^^^^^^^^^^^^^
        hint: Remove it, or add work_agent or run.

      stages.yaml:1:86 warning WORKFLOW_INVALID: include_objective of stage "Z" has no effect: nothing of it runs
        1 | …template: z.md, allowed_personas: [pm], include_objective: true, approval: true } }
          |                                          ^^^^^^^^^^^^^^^^^
        hint: Remove it, or add work_agent or run.

      stages.yaml:1:111 warning WORKFLOW_INVALID: approval of stage "Z" has no effect: nothing of it runs
        1 | …ersonas: [pm], include_objective: true, approval: true } }
          |                                          ^^^^^^^^
        hint: Remove it, or add work_agent or run.

      4 warnings
      "
    `);
  });

  it("warns of rounds where nothing makes a second one", () => {
    const text = `defaults: { max_rounds: 5 }
stages:
  A: { work_agent: pm, max_rounds: 2 }
  B: { work_agent: pm, max_rounds: 2, checks: [make] }
  P: { work_agent: pm, max_rounds: 2, approval: true }
  C: { work_agent: pm, max_rounds: 2 }
  R: { work_agent: pm, review_agent: reviewer, is_review_stage: true, max_rounds: 2 }
  T: { work_agent: pm, is_acceptance_test_stage: true, max_rounds: 2 }
work_to_review_mapping: { C: R }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:3:24 warning WORKFLOW_INVALID: max_rounds of stage "A" has no effect: it has no checks and reviews nothing, so there is one round
        2 | stages:
        3 |   A: { work_agent: pm, max_rounds: 2 }
          |                        ^^^^^^^^^^
        hint: Remove it, or add checks or a review stage.

      stages.yaml:6:24 warning WORKFLOW_INVALID: max_rounds of stage "C" has no effect: it has no checks and reviews nothing, so there is one round
        5 |   P: { work_agent: pm, max_rounds: 2, approval: true }
        6 |   C: { work_agent: pm, max_rounds: 2 }
          |                        ^^^^^^^^^^
        hint: Write it in "R", which judges "C", or add checks.

      2 warnings
      "
    `);
  });

  it("warns of a reviewer that judges nothing", () => {
    const text = `stages:
  A: { work_agent: pm, review_agent: reviewer }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:24 warning WORKFLOW_INVALID: review_agent of stage "A" has no effect: it is not a review stage
        1 | stages:
        2 |   A: { work_agent: pm, review_agent: reviewer }
          |                        ^^^^^^^^^^^^
        hint: Remove it, or add a stage with is_review_stage: true and name it in work_to_review_mapping.

      1 warning
      "
    `);
  });
});
