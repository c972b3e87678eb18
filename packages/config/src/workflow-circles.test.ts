import { describe, expect, it } from "vitest";
import { diagnose } from "../test/workflow-fixtures.js";

describe("stages that wait for each other", () => {
  it("shows the whole way of a circle, and what it keeps from starting", () => {
    const text = `stages:
  A: { work_agent: a }
  B: { work_agent: b, needs: [D] }
  C: { work_agent: c }
  D: { work_agent: d, needs: [C] }
  E: { work_agent: e }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:3:31 error WORKFLOW_INVALID: stages wait for each other in a circle: B -> D -> C -> B
        2 |   A: { work_agent: a }
        3 |   B: { work_agent: b, needs: [D] }
          |                               ^
        hint: "B" needs "D", "D" needs "C", "C" stands behind "B" in the order: change one of them. Nor would "E" ever start.

      1 error
      "
    `);
  });

  it("shows each of two circles, one through a group", () => {
    const text = `stages:
  A: { work_agent: a, needs: [pair] }
  B: { work_agent: b, artifacts: [b.md] }
  C: { work_agent: c, artifacts: [c.md] }
  D: { work_agent: d, needs: [E] }
  E: { work_agent: e, needs: [D] }
parallel_groups:
  pair: { stages: [B, C] }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:31 error WORKFLOW_INVALID: stages wait for each other in a circle: A -> B -> A
        1 | stages:
        2 |   A: { work_agent: a, needs: [pair] }
          |                               ^^^^
        hint: "A" needs "B", "B" stands behind "A" in the order: change one of them.

      stages.yaml:5:31 error WORKFLOW_INVALID: stages wait for each other in a circle: D -> E -> D
        4 |   C: { work_agent: c, artifacts: [c.md] }
        5 |   D: { work_agent: d, needs: [E] }
          |                               ^
        hint: "D" needs "E", "E" needs "D": change one of them.

      2 errors
      "
    `);
  });

  it("follows a circle of seven hundred stages", () => {
    const ids = Array.from({ length: 700 }, (_, index) => `S${index}`);
    const stages = ids.map((id, index) => `  ${id}: { needs: [S${(index + 1) % 700}], work_agent: pm }`);
    expect(diagnose(`stages:\n${stages.join("\n")}\n`)).toContain(
      "stages wait for each other in a circle: S0 -> S1 -> ",
    );
  });
});
