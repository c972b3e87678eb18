import { describe, expect, it } from "vitest";
import { diagnose } from "../test/workflow-fixtures.js";

describe("form", () => {
  it("names the nearest key for an unknown one", () => {
    const text = `stages:
  SPEC:
    work_agnet: ba
    is_review: true
    colour: red
stage_oder: [SPEC]
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:3:5 error CONFIG_INVALID: unknown key "work_agnet" in stages.SPEC
        2 |   SPEC:
        3 |     work_agnet: ba
          |     ^^^^^^^^^^
        hint: did you mean "work_agent"?

      stages.yaml:4:5 error CONFIG_INVALID: unknown key "is_review" in stages.SPEC
        3 |     work_agnet: ba
        4 |     is_review: true
          |     ^^^^^^^^^
        hint: did you mean "is_review_stage"?

      stages.yaml:5:5 error CONFIG_INVALID: unknown key "colour" in stages.SPEC
        4 |     is_review: true
        5 |     colour: red
          |     ^^^^^^
        hint: Known keys: name, description, work_agent, review_agent, max_rounds, checks, exit_criteria, allowed_personas, optional, include_objective, prompt_template, writes, timeout, approval, idle_timeout, retry, run, is_review_stage, is_acceptance_test_stage, requires_acceptance_tests_passed, artifacts, parallel_agents, needs, when, scenarios.

      stages.yaml:6:1 error CONFIG_INVALID: unknown key "stage_oder"
        5 |     colour: red
        6 | stage_oder: [SPEC]
          | ^^^^^^^^^^
        hint: did you mean "stage_order"?

      4 errors
      "
    `);
  });

  it("says what a value must be and what it is", () => {
    const text = `version: 2
stages:
  A:
    name: 5
    work_agent: [pm]
    optional: yes
    max_rounds: 0
    checks: npm test
    artifacts: [a.md, {b: c}]
    writes: both
    timeout: 90
    run: []
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:1:10 error CONFIG_INVALID: version must be 1, not 2
        1 | version: 2
          |          ^

      stages.yaml:4:11 error CONFIG_INVALID: stages.A.name must be a text, not 5
        3 |   A:
        4 |     name: 5
          |           ^
        hint: Put it in quotes: "5".

      stages.yaml:5:17 error CONFIG_INVALID: stages.A.work_agent must be an id (letters, digits, . _ - and at most 64 of them), not a list
        4 |     name: 5
        5 |     work_agent: [pm]
          |                 ^^^^
        hint: Write it without brackets and dash: "pm".

      stages.yaml:6:15 error CONFIG_INVALID: stages.A.optional must be true or false, not "yes"
        5 |     work_agent: [pm]
        6 |     optional: yes
          |               ^^^
        hint: Write true.

      stages.yaml:7:17 error CONFIG_INVALID: stages.A.max_rounds must be a whole number from 1 to 1000, not 0
        6 |     optional: yes
        7 |     max_rounds: 0
          |                 ^

      stages.yaml:8:13 error CONFIG_INVALID: stages.A.checks must be a list of commands, not "npm test"
        7 |     max_rounds: 0
        8 |     checks: npm test
          |             ^^^^^^^^
        hint: Write a list: ["npm test"].

      stages.yaml:9:23 error CONFIG_INVALID: stages.A.artifacts[2] must be a text, not a map
        8 |     checks: npm test
        9 |     artifacts: [a.md, {b: c}]
          |                       ^^^^^^

      stages.yaml:10:13 error CONFIG_INVALID: stages.A.writes must be "artifacts" or "tree", not "both"
         9 |     artifacts: [a.md, {b: c}]
        10 |     writes: both
           |             ^^^^

      stages.yaml:11:14 error CONFIG_INVALID: stages.A.timeout must be a duration like "90s", "15m" or "2h", not 90
        10 |     writes: both
        11 |     timeout: 90
           |              ^^
        hint: Give a unit: "90s".

      stages.yaml:12:10 error CONFIG_INVALID: stages.A.run must be a command: a list of arguments, or one text for the shell, not an empty list
        11 |     timeout: 90
        12 |     run: []
           |          ^^

      10 errors
      "
    `);
  });

  it("demands stages", () => {
    const text = `stage_order: [A]
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:1:1 error CONFIG_INVALID: the file has no "stages"
        1 | stage_order: [A]
          | ^
        hint: It must be a map of stages.

      1 error
      "
    `);
  });

  it("demands at least one stage", () => {
    const text = `stages: {}
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:1:1 error WORKFLOW_INVALID: the workflow has no stage
        1 | stages: {}
          | ^^^^^^

      1 error
      "
    `);
  });

  it("refuses ids that cannot name a folder", () => {
    const text = `stages:
  my stage: { work_agent: pm }
  Spec: { work_agent: pm }
  SPEC: { work_agent: pm }
parallel_groups:
  a b: { stages: [Spec] }
inputs:
  a b: {}
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:3 error CONFIG_INVALID: "my stage" is not a stage id
        1 | stages:
        2 |   my stage: { work_agent: pm }
          |   ^^^^^^^^
        hint: An id has letters, digits, . _ - and at most 64 of them; it starts with a letter or a digit.

      stages.yaml:4:3 error WORKFLOW_INVALID: stage "SPEC" differs from stage "Spec" only in upper and lower case
        3 |   Spec: { work_agent: pm }
        4 |   SPEC: { work_agent: pm }
          |   ^^^^
        hint: Give one of them another name.

      stages.yaml:6:3 error CONFIG_INVALID: "a b" is not a group name
        5 | parallel_groups:
        6 |   a b: { stages: [Spec] }
          |   ^^^
        hint: An id has letters, digits, . _ - and at most 64 of them; it starts with a letter or a digit.

      stages.yaml:8:3 error CONFIG_INVALID: "a b" is not the name of an input
        7 | inputs:
        8 |   a b: {}
          |   ^^^
        hint: An id has letters, digits, . _ - and at most 64 of them; it starts with a letter or a digit.

      4 errors
      "
    `);
  });

  it("says what a group must have", () => {
    const text = `stages:
  A: { work_agent: pm }
parallel_groups:
  g: { stages: [], on_failure: stop, max_concurrent: 1.5 }
  h: { after: A }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:4:16 error CONFIG_INVALID: parallel_groups.g.stages must be a list of at least one stage id, not an empty list
        3 | parallel_groups:
        4 |   g: { stages: [], on_failure: stop, max_concurrent: 1.5 }
          |                ^^

      stages.yaml:4:32 error CONFIG_INVALID: parallel_groups.g.on_failure must be "continue" or "fail_fast", not "stop"
        3 | parallel_groups:
        4 |   g: { stages: [], on_failure: stop, max_concurrent: 1.5 }
          |                                ^^^^

      stages.yaml:4:54 error CONFIG_INVALID: parallel_groups.g.max_concurrent must be a whole number from 1 to 10000, not 1.5
        3 | parallel_groups:
        4 |   g: { stages: [], on_failure: stop, max_concurrent: 1.5 }
          |                                                      ^^^

      stages.yaml:5:3 error CONFIG_INVALID: parallel_groups.h has no "stages"
        4 |   g: { stages: [], on_failure: stop, max_concurrent: 1.5 }
        5 |   h: { after: A }
          |   ^
        hint: It must be a list of stage ids.

      4 errors
      "
    `);
  });
});
