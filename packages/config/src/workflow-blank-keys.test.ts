import { describe, expect, it } from "vitest";
import { diagnose } from "../test/workflow-fixtures.js";

describe("keys without a value", () => {
  it("are warned of wherever a value was forgotten", () => {
    const text = `defaults: { retry: }
stages:
  A:
    work_agent:
  B: { work_agent: b, needs: }
  C: { work_agent: c }
parallel_groups:
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:1:13 warning WORKFLOW_INVALID: retry of defaults has no value
        1 | defaults: { retry: }
          |             ^^^^^
        hint: Write one, or remove the key; null says that none is meant.

      stages.yaml:3:3 error WORKFLOW_INVALID: stage "A" has neither work_agent nor run
        2 | stages:
        3 |   A:
          |   ^
        hint: Add one of them; only a stage that nothing waits for may have none, and then completes by itself.

      stages.yaml:4:5 warning WORKFLOW_INVALID: work_agent of stage "A" has no value
        3 |   A:
        4 |     work_agent:
          |     ^^^^^^^^^^
        hint: Write one, or remove the key; null says that none is meant.

      stages.yaml:5:23 warning WORKFLOW_INVALID: needs of stage "B" has no value
        4 |     work_agent:
        5 |   B: { work_agent: b, needs: }
          |                       ^^^^^
        hint: Write one, or remove the key; null says that none is meant.

      stages.yaml:7:1 warning WORKFLOW_INVALID: parallel_groups has no value
        6 |   C: { work_agent: c }
        7 | parallel_groups:
          | ^^^^^^^^^^^^^^^
        hint: Write one, or remove the key; null says that none is meant.

      1 error, 4 warnings
      "
    `);
  });

  it("are no matter where null is written, where nothing need be said, and where a comment was warned of", () => {
    const text = `inputs: { MODE: }
stages:
  A: { work_agent: a, review_agent: null, needs: ~ }
  DONE:
`;
    expect(diagnose(text)).toBe("");
    const comment = "stages:\n  A: { work_agent: a, description: #1\n    }\n";
    expect(diagnose(comment).split("\n").at(-2)).toBe("1 warning");
  });
});

describe("inputs", () => {
  it("that are one variable to commands are refused, with both places", () => {
    const text = `inputs:
  a: {}
  "a-b": {}
  A: {}
  a_b: {}
stages: { A: { work_agent: a } }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:4:3 error WORKFLOW_INVALID: the inputs "a" (line 2) and "A" are one to commands: both are TROUPE_INPUT_A
        3 |   "a-b": {}
        4 |   A: {}
          |   ^
        hint: Give one of them another name.

      stages.yaml:5:3 error WORKFLOW_INVALID: the inputs "a-b" (line 3) and "a_b" are one to commands: both are TROUPE_INPUT_A_B
        4 |   A: {}
        5 |   a_b: {}
          |   ^^^
        hint: Give one of them another name.

      2 errors
      "
    `);
  });
});

it("a value of the wrong form hides no other mistake", () => {
  const text = `stages:
  A: { work_agent: a, needs: [A] }
  B: { work_agent: b, optional: true, when: { stage: A, is: completed } }
  C: { work_agent: c, optional: true, when: { input: x, equals: 1 } }
  D: { work_agent: d, optional: true, when: { all: [{ not: { input: x, equals: 1 } }] } }
`;
  expect(
    diagnose(text)
      .split("\n")
      .filter((line) => / error /.test(line)),
  ).toMatchInlineSnapshot(`
    [
      "stages.yaml:2:31 error WORKFLOW_INVALID: stage "A" needs itself",
      "stages.yaml:4:65 error CONFIG_INVALID: stages.C.when.equals must be a text, not 1",
      "stages.yaml:5:80 error CONFIG_INVALID: stages.D.when.all[1].not.equals must be a text, not 1",
    ]
  `);
});

it("a blank that looks like a space and is none is named", () => {
  expect(diagnose("stages: { A: { work_agent: a, needs: [B\u00a0C] } }\n")).toContain('names "B<U+00A0>C"');
});
