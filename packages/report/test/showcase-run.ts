// The run of the picture in the README: 14 stages, two groups, rejections, a failed member, a night in between.
import type { StageDraft } from "@troupe/core";
import { HOUR, MINUTE, RecordedRun } from "./recorded-run.js";

const work = (
  id: string,
  name: string,
  workAgent: string,
  needs: readonly string[],
  more: Partial<StageDraft> = {},
): StageDraft => ({
  id,
  name,
  workAgent,
  needs,
  ...more,
});
const review = (id: string, name: string, reviews: string): StageDraft => ({
  id,
  name,
  kind: "review",
  workAgent: "writer",
  reviewAgent: "reviewer",
  reviews,
  needs: [reviews],
});

export function showcase(): RecordedRun {
  const run = new RecordedRun({
    runId: "login-page-2026-11-20-3f9a1c",
    name: "feature",
    title: "Passkeys for the login page",
    limits: { costUsd: 20, durationMs: 8 * HOUR },
    stages: [
      work("BUSINESS_CASE", "Business case", "ba", [], { artifacts: ["business_case.md"] }),
      work("SPEC", "Specification", "writer", ["BUSINESS_CASE"], { artifacts: ["spec.md"] }),
      review("SPEC_REVIEW", "Review of the specification", "SPEC"),
      work("RESEARCH", "Research", "builder-1", ["SPEC_REVIEW"], { group: "preparation", artifacts: ["research.md"] }),
      work("TEST_STRATEGY", "Test strategy", "builder-2", ["SPEC_REVIEW"], {
        group: "preparation",
        artifacts: ["test_strategy.md"],
      }),
      work("THREATS", "Threat model", "ba", ["SPEC_REVIEW"], { group: "preparation", artifacts: ["threats.md"] }),
      work("PLAN", "Plan", "pm", ["RESEARCH", "TEST_STRATEGY", "THREATS"], { artifacts: ["plan.md"] }),
      review("PLAN_REVIEW", "Review of the plan", "PLAN"),
      work("BACKEND", "Server side", "builder-1", ["PLAN_REVIEW"], {
        group: "building",
        writes: "tree",
        checks: [{ argv: ["npm", "test"] }],
      }),
      work("FRONTEND", "Browser side", "builder-2", ["PLAN_REVIEW"], { group: "building", writes: "tree" }),
      work("DOCS", "Documentation", "writer", ["PLAN_REVIEW"], { group: "building", artifacts: ["guide.md"] }),
      {
        id: "ACCEPTANCE",
        name: "Acceptance tests",
        kind: "acceptance",
        workAgent: "builder-1",
        needs: ["BACKEND", "FRONTEND", "DOCS"],
        checks: [{ argv: ["npm", "test"] }],
      },
      { id: "PACK", name: "Package", kind: "command", run: { argv: ["npm", "pack"] }, needs: ["ACCEPTANCE"] },
      { id: "DONE", name: "Done", kind: "terminal", needs: ["PACK"] },
    ],
    groups: [
      { name: "preparation", stages: ["RESEARCH", "TEST_STRATEGY", "THREATS"], after: "SPEC_REVIEW", before: "PLAN" },
      { name: "building", stages: ["BACKEND", "FRONTEND", "DOCS"], after: "PLAN_REVIEW", before: "ACCEPTANCE" },
    ],
  });
  run.after(7 * MINUTE).succeed("BUSINESS_CASE.1", { files: ["business_case.md"], cost: 0.38, tokens: 36_000 });
  run.after(12 * MINUTE).succeed("SPEC.1", { files: ["spec.md"], cost: 0.94, tokens: 88_000 });
  run
    .after(4 * MINUTE)
    .judge(
      "SPEC_REVIEW.1",
      "rejected",
      ["Recovery without a second device is not described", "No word on rate limits"],
      { cost: 0.21, tokens: 19_000 },
    );
  run.after(6 * MINUTE).succeed("SPEC_REVIEW.2", { files: ["spec.md"], cost: 0.44, tokens: 41_000 });
  run
    .after(3 * MINUTE)
    .judge("SPEC_REVIEW.3", "approved", ["Complete, and it fits the objective"], { cost: 0.2, tokens: 18_000 });
  run.after(5 * MINUTE).fail("THREATS.1", "529: the service is overloaded", { retry: { notBefore: null } });
  run.after(30_000).tell();
  run.after(9 * MINUTE).succeed("TEST_STRATEGY.1", { files: ["test_strategy.md"], cost: 0.71, tokens: 66_000 });
  run.after(4 * MINUTE).succeed("THREATS.2", { files: ["threats.md"], cost: 0.52, tokens: 48_000 });
  run.after(5 * MINUTE).succeed("RESEARCH.1", { files: ["research.md"], cost: 1.34, tokens: 126_000 });
  run.after(8 * MINUTE).succeed("PLAN.1", { files: ["plan.md"], cost: 0.6, tokens: 57_000 });
  run
    .after(4 * MINUTE)
    .judge("PLAN_REVIEW.1", "approved", ["Every scenario has a step"], { cost: 0.25, tokens: 23_000 });
  const seen = run.now + 8 * MINUTE;
  run.after(11 * HOUR).claim({ previousSeenAt: seen, command: "troupe resume" });
  for (const turn of [...run.state.inherited]) run.interrupt(turn, "crashed");
  run.after(11 * MINUTE).succeed("DOCS.2", { files: ["guide.md"], cost: 0.62, tokens: 58_000 });
  run.after(9 * MINUTE).succeed("FRONTEND.2", { cost: 2.14, tokens: 201_000 });
  run.after(6 * MINUTE).succeed("BACKEND.2", { cost: 2.43, tokens: 230_000 });
  run.after(70_000).check("BACKEND.3", { passed: false, tests: { passed: 211, failed: 2, skipped: 0 } });
  run.after(5 * MINUTE).succeed("BACKEND.4", { cost: 0.63, tokens: 60_000 });
  run.after(75_000).check("BACKEND.5", { passed: true, tests: { passed: 213, failed: 0, skipped: 0 } });
  run.after(9 * MINUTE).succeed("ACCEPTANCE.1", { cost: 1.1, tokens: 104_000 });
  run.after(2 * MINUTE).check(
    "ACCEPTANCE.2",
    { passed: true, tests: { passed: 221, failed: 0, skipped: 1 } },
    {
      passed: true,
      command: "acceptance test scenarios",
      exitCode: null,
      durationMs: 0,
      scenarios: [
        { id: "AT-001", title: "signs in with a passkey of this device", status: "passed" },
        { id: "AT-002", title: "refuses a replayed challenge", status: "passed" },
        { id: "AT-003", title: "recovers with a code after a lost device", status: "passed" },
        { id: "AT-004", title: "works with a screen reader", status: "not-linked" },
      ],
    },
  );
  return run.after(9_000).succeed("PACK.1");
}
