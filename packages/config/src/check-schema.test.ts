import { describe, expect, it } from "vitest";
import { diagnose } from "../test/workflow-fixtures.js";
import { check } from "./check-schema.js";
import { parseWorkflow } from "./parse-workflow.js";
import { toCheck } from "./written-values.js";

describe("a check", () => {
  it.each([
    ["make", { shell: "make" }],
    [["node", "--test"], { argv: ["node", "--test"] }],
    [{ run: "make" }, { shell: "make" }],
    [{ run: "make", report: null, format: null }, { shell: "make" }],
    [
      { run: ["a"], report: "r/junit.xml" },
      { argv: ["a"], report: { format: "junit", files: ["r/junit.xml"] } },
    ],
    [
      { run: "a", report: "r.TAP" },
      { shell: "a", report: { format: "tap", files: ["r.TAP"] } },
    ],
    [
      { run: "a", report: ["a.tap", "b.xml"] },
      { shell: "a", report: { format: "junit", files: ["a.tap", "b.xml"] } },
    ],
    [
      { run: "a", report: "r.txt", format: "tap" },
      { shell: "a", report: { format: "tap", files: ["r.txt"] } },
    ],
    [
      { run: "a", report: "t/TEST-*.xml" },
      { shell: "a", report: { format: "junit", files: ["t/TEST-*.xml"] } },
    ],
    [
      { run: "a", format: "tap" },
      { shell: "a", report: { format: "tap", files: [] } },
    ],
  ] as const)("%j is %j", (written, expected) => {
    expect(toCheck(check.parse(written))).toEqual(expected);
  });

  it.each([
    {},
    { run: "" },
    { run: "a", report: "" },
    { run: "a", report: [] },
    { run: "a", report: "/tmp/x.xml" },
    { run: "a", report: "../x.xml" },
    { run: "a", report: "a/*/x.xml" },
    { run: "a", report: "a\\\\x.xml" },
    { run: "a", format: "html" },
    { run: "a", reports: "x.xml" },
  ])("is not %j", (written) => {
    expect(check.safeParse(written).success).toBe(false);
  });
});

it("scenarios count in acceptance stages, and are warned of in others", () => {
  const text = `stages:
  A: { work_agent: pm, scenarios: linked }
  C: { work_agent: pm, is_acceptance_test_stage: true, scenarios: shown, checks: [make] }
  B: { work_agent: pm, is_acceptance_test_stage: true, scenarios: linked, checks: [{ run: make, format: tap }] }
`;
  expect(parseWorkflow(text, "s.yaml").workflow?.stages.map(({ scenarios }) => scenarios)).toEqual([
    undefined,
    undefined,
    "linked",
  ]);
  expect(diagnose(text)).toMatchInlineSnapshot(`
    "stages.yaml:2:24 warning WORKFLOW_INVALID: scenarios of stage "A" has no effect: it is no acceptance test stage
      1 | stages:
      2 |   A: { work_agent: pm, scenarios: linked }
        |                        ^^^^^^^^^
      hint: Remove it, or add is_acceptance_test_stage: true.

    1 warning
    "
  `);
});

it("what is wrong with a check is told where it stands", () => {
  const text = `stages:
  A:
    work_agent: pm
    checks:
      - { run: make, report: ../x.xml }
      - { run: make, fromat: tap }
      - { report: x.xml }
`;
  expect(diagnose(text)).toMatchInlineSnapshot(`
    "stages.yaml:5:30 error CONFIG_INVALID: stages.A.checks[1].report must be a file below the working folder, with * in its name at most, not "../x.xml"
      4 |     checks:
      5 |       - { run: make, report: ../x.xml }
        |                              ^^^^^^^^

    stages.yaml:6:22 error CONFIG_INVALID: unknown key "fromat" in stages.A.checks[2]
      5 |       - { run: make, report: ../x.xml }
      6 |       - { run: make, fromat: tap }
        |                      ^^^^^^
      hint: did you mean "format"?

    stages.yaml:7:9 error CONFIG_INVALID: stages.A.checks[3] has no "run"
      6 |       - { run: make, fromat: tap }
      7 |       - { report: x.xml }
        |         ^^^^^^^^^^^^^^^^^
      hint: It must be a command: a list of arguments, or one text for the shell.

    3 errors
    "
  `);
});
