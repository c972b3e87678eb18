import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseTap } from "./parse-tap.js";

const passed = (name: string) => ({ name, status: "passed", message: null });
const skipped = (name: string) => ({ name, status: "skipped", message: null });
const failed = (name: string) => ({ name, status: "failed", message: null });

const reports: readonly [name: string, text: string, tests: unknown][] = [
  ["plain points", "1..3\nok 1 - AT-001 a\nnot ok 2 b\nok\n", [passed("AT-001 a"), failed("b"), passed("")]],
  ["line ends of Windows, and the plan last", "TAP version 13\r\nok 1 - a\r\n1..1\r\n", [passed("a")]],
  [
    "directives",
    "ok 1 - a # SKIP no network\nnot ok 2 - b # Todo later\nok 3 - c # skipped\nok 4 - d \\# 5\n1..4\n",
    [skipped("a"), skipped("b"), skipped("c"), passed("d # 5")],
  ],
  ["other output around it", "> test\n> tap\n\nok, so be it\n# note\nok 1 - a\n   odd\n1..1\nBye", [passed("a")]],
  [
    "details that look like points",
    "not ok 1 - a\n  ---\n  expected: |\n    ok 2 - b\n  not ok 7\n  ...\nok 2 - c\n1..2",
    [failed("a"), passed("c")],
  ],
  [
    "subtests of node --test",
    `TAP version 13
# Subtest: AT-001 login
    # Subtest: works
    ok 1 - works
      ---
      duration_ms: 1
      ...
    # Subtest: deep
        # Subtest: er
        not ok 1 - er
        1..1
    not ok 2 - deep
    1..2
not ok 1 - AT-001 login
  ---
  type: 'suite'
  ...
1..1
# tests 2
`,
    [passed("AT-001 login > works"), failed("AT-001 login > deep > er")],
  ],
  [
    "a suite of which nothing was performed",
    "    ok 1 - a # SKIP\n    1..1\nok 1 - AT-001\n1..1",
    [skipped("AT-001 > a")],
  ],
  ["an empty suite", "    1..0\nok 1 - AT-001\n1..1", []],
  ["a suite that is skipped", "    ok 1 - a\n    1..1\nok 1 - AT-001 # SKIP\n1..1", [skipped("AT-001 > a")]],
  [
    "a suite that fails by itself",
    "    ok 1 - a\n    1..1\nnot ok 1 - AT-001\n1..1",
    [passed("AT-001 > a"), failed("AT-001")],
  ],
  ["what is too deep for a point", "            ok 9 - x\nok 1 - a\n1..1", [passed("a")]],
  ["a plan of nothing", "1..0 # SKIP no tests\n", []],
];

describe("parseTap", () => {
  test.each(reports)("%s", (_name, text, tests) => {
    expect(parseTap(text)).toEqual({ tests });
  });

  test.each([
    ["nothing", "", "has no plan (1..N): it may have been cut off"],
    ["no plan", "ok 1 - a\n", "has no plan (1..N): it may have been cut off"],
    ["too few points", "1..3\nok 1 - a\n", "plans 3 tests and tells of 1"],
    ["too many points", "1..1\nok 1\nok 2\n", "plans 1 tests and tells of 2"],
    ["two reports in one", "1..1\nok 1\n1..1\nok 1\n", "has two plans"],
    ["one that was given up", "1..2\nok 1\nBail out! no database\n", "was given up: Bail out! no database"],
    ["details without end", "1..1\nok 1\n  ---\n  a: b\n", "ends in the middle of the details of a test"],
    ["a subtest without end", "    ok 1 - a\n    1..1\n", "ends in the middle of a subtest"],
    ["a subtest without a plan", "    ok 1 - a\nok 1 - b\n1..1", "has no plan (1..N): it may have been cut off"],
    [
      "a subtest that ends too early",
      "    1..1\n        1..0\nok 1 - b\n1..1",
      "ends a subtest within a subtest that has not ended",
    ],
  ])("does not believe %s", (_name, text, problem) => {
    expect(parseTap(text)).toEqual({ problem });
  });

  test("never throws, and passes nothing where no line says ok", () => {
    const part = fc.constantFrom(
      "not ok 1 - a",
      "1..1",
      "1..2",
      "    ",
      "\n",
      "  ---\n",
      "  ...\n",
      "# x",
      "Bail out!",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const parsed = parseTap(parts.join(""));
        return "problem" in parsed || parsed.tests.every(({ status }) => status !== "passed");
      }),
    );
  });
});
