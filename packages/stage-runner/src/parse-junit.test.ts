import { describe, expect, test } from "vitest";
import { parseJunit } from "./parse-junit.js";

const passed = (name: string) => ({ name, status: "passed", message: null });
const skipped = (name: string) => ({ name, status: "skipped", message: null });
const failed = (name: string, message: string | null = null) => ({ name, status: "failed", message });

const reports: readonly [name: string, xml: string, tests: unknown][] = [
  [
    "vitest",
    `<?xml version="1.0" encoding="UTF-8" ?>
<testsuites name="vitest tests" tests="3" failures="1" errors="0" time="0.1">
  <testsuite name="src/a.test.ts" tests="3" failures="1" errors="0" skipped="1">
    <testcase classname="src/a.test.ts" name="login &gt; AT-001: works" time="0.1"></testcase>
    <testcase classname="src/a.test.ts" name="b"><failure message="expected 1 to be 2" type="AssertionError">at x</failure></testcase>
    <testcase classname="src/a.test.ts" name="c"><skipped/></testcase>
  </testsuite>
</testsuites>`,
    [
      passed("src/a.test.ts > src/a.test.ts > login > AT-001: works"),
      failed("src/a.test.ts > src/a.test.ts > b", "expected 1 to be 2"),
      skipped("src/a.test.ts > src/a.test.ts > c"),
    ],
  ],
  [
    "pytest",
    `<testsuites><testsuite name="pytest" errors="1" failures="0" skipped="0" tests="2">
<testcase classname="tests.test_login" name="test_at_001"><properties/><system-out>\u001b[31mred</system-out></testcase>
<testcase classname="" name="tests.test_x"><error message="collection failure">E  SyntaxError</error></testcase>
</testsuite></testsuites>`,
    [passed("pytest > tests.test_login > test_at_001"), failed("pytest > tests.test_x", "collection failure")],
  ],
  [
    "node --test: suites within suites",
    `<testsuites><testsuite name="AT-001 login"><testsuite name="inner"><testcase name="works" classname="test"/></testsuite></testsuite>
<testcase name="alone" classname="test"><failure type="x"><![CDATA[  a < b  ]]></failure></testcase></testsuites>`,
    [passed("AT-001 login > inner > test > works"), failed("test > alone", "a < b")],
  ],
  [
    "Surefire: a retried test counts as it ended",
    `<testsuite name="LoginTest" tests="2" failures="0"><testcase name="a" classname="x.LoginTest"><flakyFailure message="m"/></testcase>
<testcase name="x.LoginTest.b" classname="x.LoginTest"/></testsuite>`,
    [passed("LoginTest > x.LoginTest > a"), passed("LoginTest > x.LoginTest.b")],
  ],
  [
    "GoogleTest: what was not run",
    `<testsuites><testsuite name="S"><testcase name="a" status="notrun" result="suppressed"/><testcase name="b" status="run" result="completed"/>
<testcase name="c" status="failed"/></testsuite></testsuites>`,
    [skipped("S > a"), passed("S > b"), failed("S > c")],
  ],
  [
    "a suite that broke before its first test",
    '<testsuites><testsuite name="S" errors="1"/></testsuites>',
    [failed("S > (the suite itself)")],
  ],
  [
    "a suite with an error of its own",
    '<testsuite name="S"><error message="no setup"/><testcase name="a"/></testsuite>',
    [passed("S > a"), failed("S > (the suite itself)", "no setup")],
  ],
  ["no tests", "<testsuites/>", []],
  ["no names", "<testsuite><testcase/></testsuite>", [passed("")]],
];

describe("parseJunit", () => {
  test.each(reports)("%s", (_name, xml, tests) => {
    expect(parseJunit(xml)).toEqual({ tests });
  });

  test.each([
    ["nothing", "", /^is no XML: /],
    ["a report that was cut off", '<testsuites><testsuite name="a"><testcase name="b"/>', /^is no XML: /],
    ["another document", "<html/>", /^is no JUnit report: it begins with <html>$/],
    ["TAP", "ok 1\n1..1\n", /^is no XML: /],
    [
      "entities of its own",
      `<!DOCTYPE t [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><testsuite name="&b;"/>`,
      /^is no XML: Named entity isn't defined: &b;/,
    ],
    [
      "an external entity",
      `<!DOCTYPE t [<!ENTITY a SYSTEM "file:///etc/passwd">]><testsuite name="&a;"/>`,
      /^is no XML/,
    ],
    ["nesting without end", "<testsuite>".repeat(100_000) + "</testsuite>".repeat(100_000), /^is no XML: Maximum call/],
  ])("does not believe %s", (_name, text, problem) => {
    expect(parseJunit(text)).toEqual({ problem: expect.stringMatching(problem) });
  });
});
