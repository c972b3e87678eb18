import { describe, expect, test } from "vitest";
import type { Verdict } from "./turn.js";
import { concludeReview, describeMissingVerdict } from "./verdict.js";

const approved = (...reasons: string[]) => ({ decision: "approved", reasons, source: "text" });
const rejected = (...reasons: string[]) => ({ decision: "rejected", reasons, source: "text" });

test.each([
  "Rejected: the tests fail",
  "**rejected**",
  "REJECTED (blocking): the tests fail",
  "REJECTED\u2014the tests fail",
  "REJECTED\uff1athe tests fail",
  "\u274c Rejected. The tests fail.",
  "- \u274c **Rejected:** the tests fail",
  "1. Rejected - the tests fail",
  "Rejected because the tests fail",
  "Final Verdict: rejected",
  "**Conclusion:** \u274c rejected",
  "Status: Changes requested",
  "Verdict: REJECTED the tests fail",
  "`REJECTED`",
  "### Changes requested",
  "Changes requested: more tests",
  "I have to reject this.",
  "I reject the change: the tests fail",
  "I withdraw my approval.",
  "Correction: I withdraw that. The build fails.",
  "The tests fail; I have to reject the work.",
  "Blocking: the tests fail",
  "**Blocking issues:** the tests fail",
  "Must-fix findings:\n\n- the tests fail",
  "Must fix: no tests",
  "| Verdict | REJECTED |",
  "| **Final decision** | **Rejected** | the tests fail |",
  "Conclusion | changes requested",
])("%s rejects behind an approval, and beside one by tool", (line) => {
  const given: Verdict = { decision: "approved", reasons: [], source: "tool" };
  const verdict = rejected(line.replace(/\n.*$/su, ""));
  expect(concludeReview([], `APPROVED: ok\n\n${line}`)).toEqual(verdict);
  expect(concludeReview([given], `All of it was read.\n\n${line}\n\nThat is all.`)).toEqual(verdict);
});

test.each([
  "Rejected inputs are logged.",
  "- rejected requests get a 400",
  "Changes requested in round 1 are made.",
  "I rejected nothing of it.",
  "| Token | Rejected |",
  "| REJECTED | the verdict of a bad token |",
  "| Verdict | rejected inputs are logged |",
  "Blocking: none",
  "**Blocking issues:** None found.",
  "Blocking findings: 0",
  "Blocking findings: no issues",
  "Must-fix: n/a",
  "Must fix:\n\n- none",
  "Blocking: -",
  "Blocking issues: keine",
  "Non-blocking: a typo",
  "The API does not approve by itself.",
  "Users that are not approved by an admin cannot log in.",
])("%s takes no approval back", (line) => {
  expect(concludeReview([], `APPROVED: ok\n\n${line}`)).toEqual(approved("ok"));
});

const ON_CONDITION = [
  "once the typo is mended",
  "if the tests pass",
  "If fixed, yes",
  "unless somebody objects",
  "provided that the tests pass",
  "Provided the tests pass",
  "pending",
  "pending the fix of the typo",
  "Pending review by security",
  "conditional",
  "conditionally, see below",
  "conditional on green tests",
  "subject to green tests",
  "assuming the tests pass",
  "only if the tests pass",
  "only when it is mended",
  "only after the fix",
  "when the tests pass",
  "after the tests pass",
  "as soon as the tests pass",
  "except for the typo",
  "with conditions: tests",
  "with the following changes",
  "but the tests fail",
  "not sure.",
  "no",
  "No. The tests fail.",
  "no \u2014 the tests fail",
  "No, the tests fail",
  "nope!",
  "false",
  "false (the build is broken)",
  "yes/no",
  "I do not accept this",
  "this must not be merged",
];

describe("what approves on a condition, or says no, approves nothing, and holds back an approval by tool:", () => {
  test.each(ON_CONDITION)("%s", (reason) => {
    const given = { decision: "approved", reasons: [], source: "tool" } as const;
    for (const text of [`APPROVED: ${reason}`, `**APPROVED:** ${reason}`]) {
      expect([concludeReview([], text), concludeReview([given], text)]).toEqual([null, null]);
      expect(describeMissingVerdict(text)).toMatch(
        /gives as its reason is a condition or a no|takes the approval back/u,
      );
    }
  });
});

test.each(["...", "\u2026", "[why]", "[why].", "{reason}", "<why>", "10/10"])(
  "a reason such as %s stands for one and is none",
  (reason) => {
    expect(concludeReview([], `APPROVED: ${reason}`)).toBe(null);
  },
);

test.each([
  "a run that is not approved within an hour fails, as the spec demands",
  "the author cannot approve their own change any more",
  "a stage still waiting for its turn is cancelled",
  "users see why it is not approved within the hour",
  "Provided artifacts meet all criteria",
  "Pending migrations are applied",
  "pending work is listed in the notes",
  "Conditional stages are skipped",
  "Once-per-run semantics hold",
  "If/else branches are covered",
  "Unless-clauses are parsed",
  "No issues found",
  "No `eval` is left",
  "No-ops are skipped",
  "False positives are gone",
  "Unknown keys are refused",
  "N/A values are handled",
  "after reading all of it, I found nothing",
  "After a second full review all is well",
  "[all] tests pass",
  "{ok} and {error} are handled",
])("APPROVED: %s, approves", (reason) => {
  expect([describeMissingVerdict(`APPROVED: ${reason}`), concludeReview([], `APPROVED: ${reason}`)?.decision]).toEqual([
    expect.any(String),
    "approved",
  ]);
});

test.each([
  "I haven\u2019t decided yet.",
  "I can't approve this.",
  "I'm not approving this.",
  "We cannot approve it.",
  "I was unable to conclude.",
  "I am undecided.",
  "I need more time.",
  "This is not approved yet.",
  "This change is not approved.",
  "**Not approved yet.**",
  "Undecided.",
  "Still waiting for the tests.",
])("%s takes an approval back", (line) => {
  expect(concludeReview([], `APPROVED: ok\n\n${line}`)).toBe(null);
  expect(describeMissingVerdict(`APPROVED: ok\n\n${line}`)).toContain("takes the approval back");
});
