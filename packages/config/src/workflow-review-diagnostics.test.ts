import { describe, expect, it } from "vitest";
import { diagnose } from "../test/workflow-fixtures.js";

describe("reviews", () => {
  it("checks the mapping", () => {
    const text = `stages:
  W: { work_agent: pm }
  V: { work_agent: pm }
  R: { work_agent: pm, review_agent: reviewer, is_review_stage: true }
  X: { work_agent: pm }
work_to_review_mapping:
  W: R
  V: R
  X: R
  R: W
  Z: R
  Y: Q
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:8:6 error WORKFLOW_INVALID: "R" is to judge both "W" (line 7) and "V"
        7 |   W: R
        8 |   V: R
          |      ^
        hint: Give each of them a review stage of its own.

      stages.yaml:9:6 error WORKFLOW_INVALID: "R" cannot judge "X": R (line 4) does not come after X (line 5) in stage_order
        8 |   V: R
        9 |   X: R
          |      ^
        hint: Move the review behind the work.

      stages.yaml:10:6 error WORKFLOW_INVALID: "W", which is to judge "R", is not a review stage
         9 |   X: R
        10 |   R: W
           |      ^
        hint: Write "is_review_stage: true" and a review_agent in "W".

      stages.yaml:11:3 error WORKFLOW_INVALID: work_to_review_mapping names stage "Z", which is not defined
        10 |   R: W
        11 |   Z: R
           |   ^
        hint: Define it under stages.

      stages.yaml:12:3 error WORKFLOW_INVALID: work_to_review_mapping names stage "Y", which is not defined
        11 |   Z: R
        12 |   Y: Q
           |   ^
        hint: Define it under stages.

      stages.yaml:12:6 error WORKFLOW_INVALID: work_to_review_mapping names stage "Q", which is not defined
        11 |   Z: R
        12 |   Y: Q
           |      ^
        hint: Define it under stages.

      6 errors
      "
    `);
  });

  it("does not let a member of a group judge another", () => {
    const text = `stages:
  START: { work_agent: pm }
  A: { work_agent: builder-1, artifacts: [a.md] }
  B: { work_agent: builder-2, review_agent: r, is_review_stage: true, artifacts: [b.md] }
  END: { work_agent: pm }
parallel_groups:
  g: { stages: [A, B] }
work_to_review_mapping: { A: B }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:8:30 error WORKFLOW_INVALID: "B" cannot judge "A": both are in group "g" and run at the same time
        7 |   g: { stages: [A, B] }
        8 | work_to_review_mapping: { A: B }
          |                              ^
        hint: Take "B" out of the group and put it behind it.

      1 error
      "
    `);
  });
});
