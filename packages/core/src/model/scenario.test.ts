import { describe, expect, test } from "vitest";
import { describeCheck } from "./prompt-sections.js";
import { carriesId, describeScenarios, judgeScenarios, readScenarios } from "./scenario.js";
import type { CheckResult } from "./turn.js";

describe("readScenarios", () => {
  test("reads the headings below the section, and nothing else", () => {
    const specification = `# Login

### AT-000: before the section

## 7. Acceptance Test Scenarios

Some words on AT-009: nothing.

### AT-001: A person logs in

**Steps**: AT-010: none

#### **AT-002**: Emphasis
#### AT-003 - a dash ##
### [AT-004]: brackets
### \`AT-005\`: code
### AT-006
### Notes
### AT-1234567: too long a number
### MAT-001: another word

\`\`\`md
### AT-007: in a fence
\`\`\`

> ### AT-008: in a quote

<!--
### AT-009: in a comment
-->

### AT-001: A person logs in again

## Out of scope

### AT-011: after the section
`;
    expect(readScenarios(specification.replaceAll("\n", "\r\n"))).toEqual([
      { id: "AT-001", title: "A person logs in" },
      { id: "AT-002", title: "Emphasis" },
      { id: "AT-003", title: "a dash" },
      { id: "AT-004", title: "brackets" },
      { id: "AT-005", title: "code" },
      { id: "AT-006", title: "" },
      { id: "AT-001", title: "A person logs in again" },
    ]);
  });

  test.each([
    ["no section", "# A\n### AT-001: x\n"],
    ["nothing", ""],
    ["a section without scenarios", "## Acceptance Test Scenarios\n\nNone.\n"],
  ])("finds none in %s", (_name, text) => {
    expect(readScenarios(text)).toEqual([]);
  });

  test("reads a megabyte of headings at once", () => {
    const text = `## Acceptance tests\n${"### AT-001: x #### \n".repeat(50_000)}`;
    expect(readScenarios(text).length).toBe(50_000);
  });
});

test.each([
  ["AT-001 logs in", true],
  ["login > AT-001: works", true],
  ["tests.test_login.test_at_001_logs_in", true],
  ["testAT001LogsIn", true],
  ["testAt001LogsIn", true],
  ["TestAT_001", true],
  ["[AT 001]", true],
  ["starts at 001 ms", false],
  ["AT-0011", false],
  ["AT-01", false],
  ["AT-1", false],
  ["FORMAT-001", false],
  ["format_001", false],
  ["MAT001", false],
  ["AT--001", false],
  ["AT-002", false],
])("%j carries AT-001: %s", (name, expected) => {
  expect(carriesId(name, "AT-001")).toBe(expected);
});

describe("judgeScenarios", () => {
  const scenario = (id: string) => ({ id, title: id.toLowerCase() });

  test("passes what a passing test carries, fails what a failing one does, and links nothing else", () => {
    const ids = ["AT-1", "AT-2", "AT-3", "AT-4", "AT-5"];
    const results = judgeScenarios(ids.map(scenario), [
      { name: "AT-1 a", status: "passed" },
      { name: "AT-2 a", status: "passed" },
      { name: "AT-2 b", status: "failed" },
      { name: "AT-3", status: "skipped" },
      { name: "AT-4 and AT-1", status: "passed" },
    ]);
    expect(results.map(({ id, status }) => [id, status])).toEqual([
      ["AT-1", "passed"],
      ["AT-2", "failed"],
      ["AT-3", "not-linked"],
      ["AT-4", "passed"],
      ["AT-5", "not-linked"],
    ]);
    expect(describeScenarios(results)).toBe("2 of 5 scenarios passed; failed: AT-2; not linked to a test: AT-3, AT-5");
  });
});

const check: CheckResult = { command: "npm test", passed: false, exitCode: 0, durationMs: 1 };
test.each<[CheckResult, string]>([
  [
    { ...check, tests: { passed: 2, failed: 1, skipped: 0 }, problem: "1 test failed" },
    "failed (exit code 0): `npm test`; 2 tests passed, 1 failed; 1 test failed",
  ],
  [
    { ...check, passed: true, tests: { passed: 2, failed: 0, skipped: 3 } },
    "passed (exit code 0): `npm test`; 2 tests passed, 0 failed, 3 skipped",
  ],
  [
    { ...check, command: "scenarios of spec.md", exitCode: null, problem: "no link", scenarios: [] },
    "failed: scenarios of spec.md: no scenarios; no link",
  ],
])("describes a check with reports: %#", (result, line) => {
  expect(describeCheck(result)).toBe(line);
});
