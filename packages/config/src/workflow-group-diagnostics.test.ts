import { describe, expect, it } from "vitest";
import { diagnose } from "../test/workflow-fixtures.js";

describe("groups", () => {
  it("names the fix for two members with one agent", () => {
    const text = `stages:
  START: { work_agent: pm }
  A: { work_agent: builder-1, artifacts: [a.md] }
  B: { work_agent: builder-1, artifacts: [b.md] }
  END: { work_agent: pm }
parallel_groups:
  g: { stages: [A, B] }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:4:20 error WORKFLOW_INVALID: "A" (line 3) and "B" of group "g" have the same work_agent "builder-1"
        3 |   A: { work_agent: builder-1, artifacts: [a.md] }
        4 |   B: { work_agent: builder-1, artifacts: [b.md] }
          |                    ^^^^^^^^^
        hint: One agent does one stage at a time: give "B" another one, such as "builder-2", or take it out of the group.

      1 error
      "
    `);
  });

  it("shows the stage where the agent comes from the defaults", () => {
    const text = `defaults: { work_agent: pm, writes: artifacts }
stages: { A: {}, B: {} }
parallel_groups: { g: { stages: [A, B] } }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:18 error WORKFLOW_INVALID: "A" (line 2) and "B" of group "g" have the same work_agent "pm"
        1 | defaults: { work_agent: pm, writes: artifacts }
        2 | stages: { A: {}, B: {} }
          |                  ^
        hint: One agent does one stage at a time: give "B" another one, such as "pm-2", or take it out of the group.

      1 error
      "
    `);
  });

  it("compares after and before with the order", () => {
    const text = `stages:
  START: { work_agent: pm }
  A: { work_agent: builder-1, artifacts: [a.md] }
  B: { work_agent: builder-2, artifacts: [b.md] }
  END: { work_agent: pm }
stage_order: [START, A, B, END]
parallel_groups:
  g:
    after: END
    stages: [A, B]
    before: START
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:9:12 error WORKFLOW_INVALID: after of group "g" is END (line 6), but START (line 6) stands just before A (line 6) in stage_order
        8 |   g:
        9 |     after: END
          |            ^^^
        hint: Write "after: START" or leave it out, or change stage_order.

      stages.yaml:11:13 error WORKFLOW_INVALID: before of group "g" is START (line 6), but END (line 6) stands just behind B (line 6) in stage_order
        10 |     stages: [A, B]
        11 |     before: START
           |             ^^^^^
        hint: Write "before: END" or leave it out, or change stage_order.

      2 errors
      "
    `);
  });

  it("says when nothing stands before or behind a group", () => {
    const text = `stages:
  START: { work_agent: pm }
  A: { work_agent: builder-1, artifacts: [a.md] }
  B: { work_agent: builder-2, artifacts: [b.md] }
  END: { work_agent: pm }
parallel_groups:
  g: { after: B, stages: [START, A] }
  h: { stages: [END], before: A }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:7:15 error WORKFLOW_INVALID: after of group "g" is B (line 4), but nothing stands before START (line 2) in stage_order
        6 | parallel_groups:
        7 |   g: { after: B, stages: [START, A] }
          |               ^
        hint: Remove "after", or change stage_order.

      stages.yaml:8:31 error WORKFLOW_INVALID: before of group "h" is A (line 3), but nothing stands behind END (line 5) in stage_order
        7 |   g: { after: B, stages: [START, A] }
        8 |   h: { stages: [END], before: A }
          |                               ^
        hint: Remove "before", or change stage_order.

      2 errors
      "
    `);
  });

  it("demands members that stand together", () => {
    const text = `stages:
  START: { work_agent: pm }
  A: { work_agent: builder-1, artifacts: [a.md] }
  B: { work_agent: builder-2, artifacts: [b.md] }
  END: { work_agent: pm }
parallel_groups:
  g: { stages: [A, END] }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:7:20 error WORKFLOW_INVALID: the stages of group "g" do not stand together in stage_order: B (line 4) is between A (line 3) and END (line 5)
        6 | parallel_groups:
        7 |   g: { stages: [A, END] }
          |                    ^^^
        hint: Move "B" out of there in stage_order, or add it to the group.

      1 error
      "
    `);
  });

  it("refuses members that are unknown, doubled, shared or terminal", () => {
    const text = `stages:
  START: { work_agent: pm }
  A: { work_agent: builder-1, artifacts: [a.md] }
  B: { work_agent: builder-2, artifacts: [b.md] }
  END: { work_agent: pm }
  LAST: {}
parallel_groups:
  g: { stages: [A, A, BB] }
  h: { stages: [A, B, LAST], after: NOWHERE }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:8:20 error WORKFLOW_INVALID: group "g" names "A" twice
        7 | parallel_groups:
        8 |   g: { stages: [A, A, BB] }
          |                    ^
        hint: A stage is in one group, once.

      stages.yaml:8:23 error WORKFLOW_INVALID: group "g" names stage "BB", which is not defined
        7 | parallel_groups:
        8 |   g: { stages: [A, A, BB] }
          |                       ^^
        hint: did you mean "B"?

      stages.yaml:9:17 error WORKFLOW_INVALID: "A" is in group "g" and in group "h"
        8 |   g: { stages: [A, A, BB] }
        9 |   h: { stages: [A, B, LAST], after: NOWHERE }
          |                 ^
        hint: A stage is in one group, once.

      stages.yaml:9:23 error WORKFLOW_INVALID: "LAST" cannot be in group "h": it has no agent and no command, nothing of it runs
        8 |   g: { stages: [A, A, BB] }
        9 |   h: { stages: [A, B, LAST], after: NOWHERE }
          |                       ^^^^
        hint: Take it out of the group, or give it work_agent or run.

      stages.yaml:9:37 error WORKFLOW_INVALID: after of group "h" names stage "NOWHERE", which is not defined
        8 |   g: { stages: [A, A, BB] }
        9 |   h: { stages: [A, B, LAST], after: NOWHERE }
          |                                     ^^^^^^^
        hint: Define it under stages.

      5 errors
      "
    `);
  });

  it("refuses two writers of one tree", () => {
    const text = `stages:
  START: { work_agent: pm }
  A: { work_agent: builder-1, writes: tree }
  B: { work_agent: builder-2 }
  END: { work_agent: pm }
parallel_groups:
  g: { stages: [A, B] }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:7:20 error WORKFLOW_INVALID: "A" and "B" of group "g" may write the working tree at the same time
        6 | parallel_groups:
        7 |   g: { stages: [A, B] }
          |                    ^
        hint: Declare the artifacts of "B" or write "writes: artifacts" if that is all it leaves; write "writes: tree" in each of them to take the risk.

      1 error
      "
    `);
  });
});
