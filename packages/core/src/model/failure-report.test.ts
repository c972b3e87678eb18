import { expect, test } from "vitest";
import { defineStage } from "./define.js";
import { type FailureReportParts, failureReport } from "./failure-report.js";

const parts: FailureReportParts = {
  runId: "retry-2026-11-22-ab12",
  stage: defineStage({ id: "SPEC_REVIEW", name: "Review of the specification", maxRounds: 2 }),
  time: "2026-11-22T15:00:00Z",
  round: 2,
  objective: "Retry failed uploads",
  feedback: [
    { source: "review", round: 1, text: "REJECTED: no limits\n\n- retries\n" },
    { source: "no-verdict", round: 2, text: "Hm." },
  ],
  verdict: { decision: "rejected", reasons: [], source: "none" },
  checks: [
    { command: "npm test", passed: false, exitCode: 1, durationMs: 5 },
    { command: "npm run lint", passed: true, exitCode: 0, durationMs: 5 },
  ],
  places: [{ name: "Artifacts", path: "/p/.troupe/runs/r-1/artifacts/latest" }],
};

test("a failure report holds every round's feedback, the open points and where to look", () => {
  expect(failureReport(parts)).toMatchInlineSnapshot(`
    "# Review of the specification (SPEC_REVIEW) failed after 2 of 2 rounds

    - Run: \`retry-2026-11-22-ab12\`
    - Time: 2026-11-22T15:00:00Z
    - Objective: Retry failed uploads

    ## Open points

    - The reviewer gave no verdict.
    - Check failed (exit code 1): \`npm test\`

    ## Round 1: review

    > REJECTED: no limits
    >
    > - retries

    ## Round 2: review without a verdict

    > Hm.

    ## Where to look

    - Artifacts: \`/p/.troupe/runs/r-1/artifacts/latest\`
    "
  `);
});

test("a failure report names the reasons of the last rejection", () => {
  const verdict = { decision: "rejected", reasons: ["no limits", "no\ntests"], source: "text" } as const;
  const report = failureReport({ ...parts, stage: defineStage({ id: "SPEC" }), verdict, checks: [], places: [] });
  expect(report).toContain("# SPEC failed after 2 of 4 rounds\n");
  expect(report).toContain("## Open points\n\n- no limits\n- no tests\n\n");
  expect(report).not.toContain("Where to look");
});

test("a failure report without a named point says so", () => {
  const report = failureReport({ ...parts, verdict: null, checks: [] });
  expect(report).toContain("## Open points\n\nNone was named: see the last round below.\n");
});
