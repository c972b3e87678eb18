import { describe, expect, it } from "vitest";
import { diagnose } from "../test/workflow-fixtures.js";

describe("stages", () => {
  it("refuses a name that would be a file and a folder", () => {
    const text = `stages:
  A: { work_agent: pm, artifacts: [a.md, a.md/b] }
  B: { work_agent: pm, artifacts: [out/x/y.md] }
  C: { work_agent: pm, artifacts: [OUT, out/x/z.md, outer] }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:42 error WORKFLOW_INVALID: the artifact "a.md/b" of stage "A" and "a.md" of stage "A" (line 2) cannot both be there: one is a file where the other needs a folder
        1 | stages:
        2 |   A: { work_agent: pm, artifacts: [a.md, a.md/b] }
          |                                          ^^^^^^
        hint: Give one of them another name.

      stages.yaml:4:36 error WORKFLOW_INVALID: the artifact "OUT" of stage "C" and "out/x/y.md" of stage "B" (line 3) cannot both be there: one is a file where the other needs a folder
        3 |   B: { work_agent: pm, artifacts: [out/x/y.md] }
        4 |   C: { work_agent: pm, artifacts: [OUT, out/x/z.md, outer] }
          |                                    ^^^
        hint: Give one of them another name.

      stages.yaml:4:41 error WORKFLOW_INVALID: the artifact "out/x/z.md" of stage "C" and "OUT" of stage "C" (line 4) cannot both be there: one is a file where the other needs a folder
        3 |   B: { work_agent: pm, artifacts: [out/x/y.md] }
        4 |   C: { work_agent: pm, artifacts: [OUT, out/x/z.md, outer] }
          |                                         ^^^^^^^^^^
        hint: Give one of them another name.

      3 errors
      "
    `);
  });

  it("refuses paths that lead out or do not work everywhere", () => {
    const text = `stages:
  A: { work_agent: pm, artifacts: [../a.md, 'b\\c.md', con.md], prompt_template: /etc/passwd }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:36 error CONFIG_INVALID: "../a.md" cannot be an artifact: it has a part ".."
        1 | stages:
        2 |   A: { work_agent: pm, artifacts: [../a.md, 'b\\c.md', con.md], prompt_template: /etc/passwd }
          |                                    ^^^^^^^
        hint: Use a relative path that stays in the folder and works on every system.

      stages.yaml:2:45 error CONFIG_INVALID: "b\\c.md" cannot be an artifact: write / between its parts
        1 | stages:
        2 |   A: { work_agent: pm, artifacts: [../a.md, 'b\\c.md', con.md], prompt_template: /etc/passwd }
          |                                             ^^^^^^^^
        hint: Use a relative path that stays in the folder and works on every system.

      stages.yaml:2:55 error CONFIG_INVALID: "con.md" cannot be an artifact: "con.md" is a device name on Windows
        1 | stages:
        2 |   A: { work_agent: pm, artifacts: [../a.md, 'b\\c.md', con.md], prompt_template: /etc/passwd }
          |                                                       ^^^^^^
        hint: Use a relative path that stays in the folder and works on every system.

      stages.yaml:2:81 error CONFIG_INVALID: "/etc/passwd" cannot be a prompt template: it is absolute
        1 | stages:
        2 |   A: { work_agent: pm, artifacts: [../a.md, 'b\\c.md', con.md], prompt_template: /etc/passwd }
          |                                                                                 ^^^^^^^^^^^
        hint: Use a relative path that stays in the folder and works on every system.

      4 errors
      "
    `);
  });

  it("gives an artifact to one stage", () => {
    const text = `stages:
  A: { work_agent: pm, artifacts: [a.md, a.md] }
  B: { work_agent: pm, artifacts: [A.md] }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:42 error WORKFLOW_INVALID: stage "A" declares the artifact "a.md" twice
        1 | stages:
        2 |   A: { work_agent: pm, artifacts: [a.md, a.md] }
          |                                          ^^^^
        hint: Remove one of them.

      stages.yaml:3:36 error WORKFLOW_INVALID: the artifact "A.md" of stage "B" belongs to stage "A" (line 2)
        2 |   A: { work_agent: pm, artifacts: [a.md, a.md] }
        3 |   B: { work_agent: pm, artifacts: [A.md] }
          |                                    ^^^^
        hint: Give it another name; only the review stage that judges "A" may share it.

      2 errors
      "
    `);
  });
});
