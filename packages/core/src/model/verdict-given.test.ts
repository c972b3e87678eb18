import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readGivenVerdict, VERDICT_SCHEMA } from "./verdict-given.js";
import { MAX_REASON_CHARACTERS, MAX_REASONS } from "./verdict-limits.js";

const approved = (...reasons: string[]) => ({ verdict: { decision: "approved", reasons, source: "tool" } });
const rejected = (...reasons: string[]) => ({ verdict: { decision: "rejected", reasons, source: "tool" } });
const BLOCKED = "The verdict was an approval, but with findings that block it.";
const leak = { severity: "blocking", text: "a leak" };
const KEYS = 'the keys are "verdict", "reasons", "findings"';
const SEVERITIES = 'severities are "blocking" and "minor"';
const typo = { severity: "minor", text: "a typo" };

const values: readonly [name: string, value: unknown, expected: unknown][] = [
  ["an approval", { verdict: "approved", reasons: ["ok"], findings: [] }, approved("ok")],
  ["an approval and nothing else", { verdict: "approved" }, approved()],
  ["an approval with null for lists", { verdict: "approved", reasons: null, findings: null }, approved()],
  ["an approval with a minor finding", { verdict: "approved", findings: [typo] }, approved("Minor: a typo")],
  ["an approval with a blocking finding", { verdict: "approved", findings: [leak] }, rejected(BLOCKED, "a leak")],
  [
    "an approval with both",
    { verdict: "approved", reasons: ["fine"], findings: [typo, leak] },
    rejected(BLOCKED, "a leak", "Minor: a typo"),
  ],
  [
    "an approval with a finding of unknown weight",
    { verdict: "approved", findings: [{ severity: "severe", text: "x" }, typo] },
    { problem: `a finding has the unknown severity "severe": ${SEVERITIES}` },
  ],
  [
    "an approval with a blocking finding and one of unknown weight",
    { verdict: "approved", findings: [typo, { severity: "severe", text: "x" }, leak] },
    rejected(BLOCKED, "a leak", "x", "Minor: a typo"),
  ],
  [
    "an approval with a finding that is none",
    { verdict: "approved", findings: [null] },
    { problem: `a finding has the unknown severity "": ${SEVERITIES}` },
  ],
  [
    "an approval with a blocking finding without a text",
    { verdict: "approved", findings: [{ severity: "blocking", text: " " }] },
    rejected(BLOCKED, "a finding without a text"),
  ],
  [
    "an approval with an unknown key",
    { verdict: "approved", blocking: ["sql injection"] },
    { problem: `it has the unknown key "blocking": ${KEYS}` },
  ],
  [
    "an approval with unknown keys of any length",
    { verdict: "approved", approved: false, ["x".repeat(99)]: 1 },
    { problem: `it has the unknown key "approved, ${"x".repeat(70)}...": ${KEYS}` },
  ],
  [
    "an approval with an unknown key and a blocking finding",
    { verdict: "approved", approved: true, findings: [leak] },
    rejected(BLOCKED, "a leak"),
  ],
  [
    "an approval with a finding with an unknown key",
    { verdict: "approved", findings: [{ ...typo, blocking: true }, typo] },
    { problem: 'a finding has the unknown key "blocking": the keys are "severity", "text"' },
  ],
  [
    "an approval with broken reasons and a blocking finding",
    { verdict: "approved", reasons: 7, findings: [leak] },
    rejected(BLOCKED, "a leak"),
  ],
  [
    "an approval with broken reasons",
    { verdict: "approved", reasons: [1] },
    { problem: 'its "reasons" are no list of texts' },
  ],
  [
    "an approval with broken findings",
    { verdict: "approved", findings: "none" },
    { problem: 'its "findings" are no list of { severity, text }' },
  ],
  [
    "an approval in capitals",
    { verdict: "APPROVED" },
    { problem: 'its "verdict" is neither "approved" nor "rejected"' },
  ],
  ["a rejection", { verdict: "rejected", reasons: ["a", " b ", ""], findings: [] }, rejected("a", "b")],
  ["a rejection without reasons", { verdict: "rejected" }, rejected()],
  ["a rejection in capitals", { verdict: "REJECTED", reasons: ["a"] }, rejected("a")],
  ["a rejection in other words", { verdict: "reject: no tests" }, rejected()],
  [
    "a rejection with findings",
    { verdict: "rejected", reasons: ["a"], findings: [typo, leak] },
    rejected("a", "a leak", "Minor: a typo"),
  ],
  ["a rejection with one reason as a text", { verdict: "rejected", reasons: "a" }, rejected("a")],
  ["a rejection with everything broken", { verdict: "rejected", reasons: 1, findings: 2 }, rejected()],
  ["another word", { verdict: "maybe" }, { problem: 'its "verdict" is neither "approved" nor "rejected"' }],
  [
    "a rejection with unknown keys and weights",
    { verdict: "rejected", approved: true, findings: [typo, { severity: "severe", text: "x", line: 1 }] },
    rejected("x", "Minor: a typo"),
  ],
  ["a list", [{ verdict: "approved" }], { problem: "it is no JSON object" }],
  ["a text", "approved", { problem: "it is no JSON object" }],
  ["null", null, { problem: "it is no JSON object" }],
];

describe("readGivenVerdict", () => {
  test.each(values)("%s", (_name, value, expected) => {
    expect(readGivenVerdict(value, "tool")).toEqual(expected);
  });

  test.each([
    "changes_requested",
    "Changes requested: tests",
    "REQUEST-CHANGES",
    "request_changes",
    "needs work",
    "NEEDS_WORK",
    "fail",
    "Failed: no tests",
    "FAILED_TESTS",
    "denied",
    "not approved",
    "NOT_APPROVED",
    " rejected",
  ])("takes the verdict %j for a rejection", (verdict) => {
    expect(readGivenVerdict({ verdict, reasons: ["a"] }, "tool")).toEqual(rejected("a"));
  });

  test.each(["failsafe", "needs", "approved, not rejected"])("takes the verdict %j for none", (verdict) => {
    expect(readGivenVerdict({ verdict }, "tool")).toHaveProperty("problem");
  });

  test.each(["nit", "Info", "LOW", "suggestion", "trivial", " Minor "])("lets the severity %j pass", (severity) => {
    const findings = [{ severity, text: "a typo" }];
    expect(readGivenVerdict({ verdict: "approved", findings }, "tool")).toEqual(approved("Minor: a typo"));
  });

  test.each(["blocker", "BLOCKING", "Critical", "major", "high", "must-fix", "must_fix", "Must fix"])(
    "lets the severity %j block",
    (severity) => {
      const findings = [{ severity, text: "a leak" }];
      expect(readGivenVerdict({ verdict: "approved", findings }, "tool")).toEqual(rejected(BLOCKED, "a leak"));
    },
  );

  test.each(["BLOCKING: a leak", "[critical] a leak", "**Major issue:** a leak", "**Must-fix**: a leak"])(
    "approves nothing for the reason %j",
    (reason) => {
      expect(readGivenVerdict({ verdict: "approved", reasons: ["fine", reason] }, "tool")).toEqual({
        problem: `it approves, but for the reason "${reason}": reject, or give it as one of the "findings", whose ${SEVERITIES}`,
      });
    },
  );

  test.each(["No blocking findings: all is well", "Critical paths are tested", "High coverage: 98 %"])(
    "approves for the reason %j",
    (reason) => {
      expect(readGivenVerdict({ verdict: "approved", reasons: [reason] }, "tool")).toEqual(approved(reason));
    },
  );

  test("lets an unknown severity block in a text, where nobody is told of it", () => {
    const findings = [{ severity: "severe", text: "a leak" }];
    expect(readGivenVerdict({ verdict: "approved", findings }, "text")).toEqual({
      verdict: { decision: "rejected", reasons: [BLOCKED, "a leak"], source: "text" },
    });
    expect(readGivenVerdict({ verdict: "approved", findings }, "schema")).toHaveProperty("problem");
  });

  test("cuts what is too long for a journal", () => {
    const reasons = Array.from({ length: 100 }, () => "x".repeat(5_000));
    expect(readGivenVerdict({ verdict: "rejected", reasons }, "schema")).toEqual({
      verdict: {
        decision: "rejected",
        reasons: Array.from({ length: MAX_REASONS }, () => "x".repeat(MAX_REASON_CHARACTERS)),
        source: "schema",
      },
    });
  });

  test("never throws, and approves only what says so with nothing against it", () => {
    fc.assert(
      fc.property(
        fc.record({ verdict: fc.jsonValue(), reasons: fc.jsonValue(), findings: fc.jsonValue() }),
        (value) => {
          const given = readGivenVerdict(value, "tool");
          return !("verdict" in given) || given.verdict.decision === "rejected" || value.verdict === "approved";
        },
      ),
    );
  });
});

test("the schema demands every property, as strict structured outputs want it", () => {
  expect(VERDICT_SCHEMA).toMatchObject({ required: ["verdict", "reasons", "findings"], additionalProperties: false });
});
