import { describe, expect, it } from "vitest";
import { diagnose } from "../test/workflow-fixtures.js";

describe("form", () => {
  it("finds mistakes of syntax, form and meaning at once", () => {
    const text = `stages:
  A:
    work_agent: pm
    nmae: x
  B:
    description: a: b
    work_agent: pm
stage_order: [A, C, B]
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:4:5 error CONFIG_INVALID: unknown key "nmae" in stages.A
        3 |     work_agent: pm
        4 |     nmae: x
          |     ^^^^
        hint: did you mean "name"?

      stages.yaml:6:18 error CONFIG_INVALID: there is a second ": " in the line, which would make the value a map
        5 |   B:
        6 |     description: a: b
          |                  ^^^^
        hint: Put the value in quotes.

      stages.yaml:8:18 error WORKFLOW_INVALID: stage_order names stage "C", which is not defined
        7 |     work_agent: pm
        8 | stage_order: [A, C, B]
          |                  ^
        hint: Define it under stages.

      3 errors
      "
    `);
  });
});

describe("what is left after a mistake of form", () => {
  it("is still checked for what it means", () => {
    const text = `stages:
  A: { parallel_agents: [pm, "not an id"] }
  B: { work_agent: pm, artifacts: [5] }
stage_order: [A, {}, C, B]
parallel_groups:
  g: { after: A }
  h: { stages: [A, 7, X] }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:30 error CONFIG_INVALID: stages.A.parallel_agents[2] must be an id (letters, digits, . _ - and at most 64 of them), not "not an id"
        1 | stages:
        2 |   A: { parallel_agents: [pm, "not an id"] }
          |                              ^^^^^^^^^^^

      stages.yaml:3:36 error CONFIG_INVALID: stages.B.artifacts[1] must be a text, not 5
        2 |   A: { parallel_agents: [pm, "not an id"] }
        3 |   B: { work_agent: pm, artifacts: [5] }
          |                                    ^
        hint: Put it in quotes: "5".

      stages.yaml:4:18 error CONFIG_INVALID: stage_order[2] must be a stage id, not a map
        3 |   B: { work_agent: pm, artifacts: [5] }
        4 | stage_order: [A, {}, C, B]
          |                  ^^

      stages.yaml:4:22 error WORKFLOW_INVALID: stage_order names stage "C", which is not defined
        3 |   B: { work_agent: pm, artifacts: [5] }
        4 | stage_order: [A, {}, C, B]
          |                      ^
        hint: Define it under stages.

      stages.yaml:6:3 error CONFIG_INVALID: parallel_groups.g has no "stages"
        5 | parallel_groups:
        6 |   g: { after: A }
          |   ^
        hint: It must be a list of stage ids.

      stages.yaml:7:20 error CONFIG_INVALID: parallel_groups.h.stages[2] must be a stage id, not 7
        6 |   g: { after: A }
        7 |   h: { stages: [A, 7, X] }
          |                    ^
        hint: Put it in quotes: "7".

      stages.yaml:7:23 error WORKFLOW_INVALID: group "h" names stage "X", which is not defined
        6 |   g: { after: A }
        7 |   h: { stages: [A, 7, X] }
          |                       ^
        hint: Define it under stages.

      7 errors
      "
    `);
  });
});
