import { describe, expect, it } from "vitest";
import { diagnose, outline, parse } from "../test/workflow-fixtures.js";

describe("stages that may run at the same time", () => {
  it("must not share a work_agent", () => {
    const text = `defaults: { writes: artifacts }
stages:
  A: { work_agent: pm }
  B: { work_agent: builder-1 }
  C: { work_agent: builder-1, needs: [A] }
  D: { work_agent: builder-1, needs: [C] }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:5:20 error WORKFLOW_INVALID: "B" (line 4) and "C" may run at the same time and have the same work_agent "builder-1"
        4 |   B: { work_agent: builder-1 }
        5 |   C: { work_agent: builder-1, needs: [A] }
          |                    ^^^^^^^^^
        hint: One agent does one stage at a time: give "C" another one, such as "builder-2", or let one of them need the other.

      stages.yaml:6:20 error WORKFLOW_INVALID: "B" (line 4) and "D" may run at the same time and have the same work_agent "builder-1"
        5 |   C: { work_agent: builder-1, needs: [A] }
        6 |   D: { work_agent: builder-1, needs: [C] }
          |                    ^^^^^^^^^
        hint: One agent does one stage at a time: give "D" another one, such as "builder-2", or let one of them need the other.

      2 errors
      "
    `);
  });

  it("are found between a group and a stage outside it", () => {
    const text = `defaults: { writes: artifacts }
stages:
  A: { work_agent: pm }
  B: { work_agent: builder-1 }
  C: { work_agent: builder-2 }
  D: { work_agent: builder-2, needs: [A] }
parallel_groups:
  g: { stages: [B, C] }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:6:20 error WORKFLOW_INVALID: "C" (line 5) and "D" may run at the same time and have the same work_agent "builder-2"
        5 |   C: { work_agent: builder-2 }
        6 |   D: { work_agent: builder-2, needs: [A] }
          |                    ^^^^^^^^^
        hint: One agent does one stage at a time: give "D" another one, such as "builder-3", or let one of them need the other.

      1 error
      "
    `);
  });

  it("must not both write the tree", () => {
    const text = `stages:
  A: { work_agent: pm }
  B: { work_agent: builder-1 }
  C: { work_agent: builder-2, needs: [A], writes: tree }
  D: { run: make, needs: [A] }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:4:31 error WORKFLOW_INVALID: "B" and "C" may write the working tree at the same time: neither waits for the other
        3 |   B: { work_agent: builder-1 }
        4 |   C: { work_agent: builder-2, needs: [A], writes: tree }
          |                               ^^^^^
        hint: Let one of them need the other. Declare the artifacts of "B" or write "writes: artifacts" if that is all it leaves; write "writes: tree" in each of them to take the risk.

      1 error
      "
    `);
  });

  it("may write the tree when each of them says so, and may share a reviewer", () => {
    const workflow = parse(`stages:
  A: { work_agent: pm }
  B: { work_agent: builder-1, review_agent: r, is_review_stage: true, writes: tree }
  C: { work_agent: builder-2, review_agent: r, is_review_stage: true, writes: tree, needs: [A] }
`);
    expect(outline(workflow)).toMatchInlineSnapshot(`
      "A work pm - - - tree
      B review builder-1 r - A tree
      C review builder-2 r - A tree"
    `);
  });

  it("are none where one waits for the other over any number of stages", () => {
    expect(
      diagnose(`stages:
  A: { work_agent: pm }
  B: { work_agent: pm, needs: [A] }
  C: { work_agent: pm, needs: [A, B] }
  D: { work_agent: pm }
`),
    ).toBe("");
  });
});
