// Runs of real shape, by name. Each is made anew by its function.
import type { Holder, StageDraft } from "@troupe/core";
import { broughtIn, deniedAndStopped, editedAndCancelled, rejectedForGood, severalAgents } from "./odd-runs.js";
import { HOUR, MINUTE, RecordedRun, START } from "./recorded-run.js";
import { work } from "./work-stage.js";

/** Three stages, one after another, and the end. */
function chain(): RecordedRun {
  return new RecordedRun({
    title: "Add a --json flag",
    stages: [
      work("SPEC", [], { name: "Specification", workAgent: "writer", artifacts: ["spec.md"] }),
      work("BUILD", ["SPEC"], { name: "Build", writes: "tree", checks: [{ argv: ["npm", "test"] }] }),
      { id: "PACK", name: "Pack", kind: "command", run: { argv: ["npm", "pack"] }, needs: ["BUILD"] },
      { id: "DONE", name: "Done", kind: "terminal", needs: ["PACK"] },
    ],
  })
    .after(6 * MINUTE)
    .succeed("SPEC.1", { files: ["spec.md"], cost: 0.42, tokens: 41_200 })
    .after(24 * MINUTE)
    .succeed("BUILD.1", { cost: 2.1, tokens: 210_400 })
    .after(42_000)
    .check("BUILD.2", { passed: true, tests: { passed: 118, failed: 0, skipped: 2 } })
    .after(9_000)
    .succeed("PACK.1");
}

/** A review that rejects once; an acceptance stage with a failed scenario, a fix, and one scenario without a test. */
export function rejectedThenApproved(): RecordedRun {
  const scenarios = (first: "passed" | "failed") => ({
    command: "acceptance test scenarios",
    exitCode: null,
    durationMs: 0,
    passed: first === "passed",
    scenarios: [
      { id: "AT-001", title: "prints JSON", status: first },
      { id: "AT-002", title: "refuses --json with --table", status: "passed" as const },
      { id: "AT-003", title: "keeps the exit code", status: "not-linked" as const },
    ],
  });
  return new RecordedRun({
    title: "Add a --json flag",
    stages: [
      work("SPEC", [], { name: "Specification", workAgent: "writer", artifacts: ["spec.md"] }),
      {
        id: "SPEC_REVIEW",
        name: "Review of the specification",
        kind: "review",
        workAgent: "writer",
        reviewAgent: "reviewer",
        reviews: "SPEC",
        needs: ["SPEC"],
      },
      {
        id: "ACCEPTANCE",
        name: "Acceptance tests",
        kind: "acceptance",
        workAgent: "builder-1",
        checks: [{ argv: ["npm", "test"] }],
        needs: ["SPEC_REVIEW"],
      },
    ],
  })
    .after(5 * MINUTE)
    .succeed("SPEC.1", { files: ["spec.md"], cost: 0.3, tokens: 30_000 })
    .after(2 * MINUTE)
    .judge("SPEC_REVIEW.1", "rejected", ["No word on errors", "The exit code is not said"], {
      cost: 0.1,
      tokens: 9_000,
    })
    .after(3 * MINUTE)
    .succeed("SPEC_REVIEW.2", { files: ["spec.md"], cost: 0.2, tokens: 18_000 })
    .after(1 * MINUTE)
    .judge("SPEC_REVIEW.3", "approved", ["Complete now"], { cost: 0.1, tokens: 9_500 })
    .after(10 * MINUTE)
    .succeed("ACCEPTANCE.1", { cost: 1, tokens: 90_000 })
    .after(30_000)
    .check("ACCEPTANCE.2", { passed: false, tests: { passed: 1, failed: 1, skipped: 0 } }, scenarios("failed"))
    .after(4 * MINUTE)
    .succeed("ACCEPTANCE.3", { cost: 0.5, tokens: 40_000 })
    .after(30_000)
    .check("ACCEPTANCE.4", { passed: true, tests: { passed: 2, failed: 0, skipped: 0 } }, scenarios("passed"));
}

const GROUP_STAGES: readonly StageDraft[] = [
  work("SPEC", [], { workAgent: "writer" }),
  work("RESEARCH", ["SPEC"], { group: "preparation" }),
  work("TEST_STRATEGY", ["SPEC"], { workAgent: "builder-2", group: "preparation" }),
  work("RISKS", ["SPEC"], { workAgent: "ba", group: "preparation" }),
  work("PLAN", ["RESEARCH", "TEST_STRATEGY", "RISKS"]),
  work("BUILD", ["PLAN"]),
];
const MEMBERS = ["RESEARCH", "TEST_STRATEGY", "RISKS"];

/** One member of a group fails after a retry; the others finish; nothing after the gate runs. */
export function failedGroup(): RecordedRun {
  const run = new RecordedRun({
    title: "Prepare the plan",
    stages: GROUP_STAGES,
    groups: [{ name: "preparation", stages: MEMBERS, after: "SPEC", before: "PLAN" }],
  });
  run.after(4 * MINUTE).succeed("SPEC.1", { cost: 0.25, tokens: 20_000 });
  run.after(2 * MINUTE).fail("RESEARCH.1", "the service answered 529", { retry: { notBefore: null } });
  run.after(30_000).tell(); // the delay is over
  run.after(6 * MINUTE).succeed("TEST_STRATEGY.1", { cost: 0.8, tokens: 71_000 });
  run.after(1 * MINUTE).fail("RESEARCH.2", "the agent ended with exit code 3", {
    hint: "troupe logs release-2026-11-20-a1b2c3 RESEARCH",
  });
  return run.after(2 * MINUTE).succeed("RISKS.1");
}

/** The same group with `fail_fast`: one fails, one is cancelled in flight, one never started. */
function failFast(): RecordedRun {
  const run = new RecordedRun({
    title: "Prepare the plan",
    stages: GROUP_STAGES,
    groups: [{ name: "preparation", stages: MEMBERS, maxConcurrent: 2, onFailure: "fail_fast" }],
  });
  run.after(4 * MINUTE).succeed("SPEC.1", { cost: 0.25, tokens: 20_000 });
  run.after(3 * MINUTE).fail("RESEARCH.1", "not logged in", { code: "AGENT_NOT_LOGGED_IN", hint: "claude login" });
  return run.after(3_000).interrupt("TEST_STRATEGY.1", "fail-fast");
}

/** A budget that ran out after the first stage; a review is skipped, so its work is unreviewed. */
function limited(): RecordedRun {
  const run = new RecordedRun({
    title: "Spend little",
    stages: [
      work("SPEC", [], { workAgent: "writer" }),
      {
        id: "SPEC_REVIEW",
        kind: "review",
        optional: true,
        workAgent: "writer",
        reviewAgent: "reviewer",
        reviews: "SPEC",
        needs: ["SPEC"],
      },
      work("BUILD", ["SPEC_REVIEW"]),
    ],
    skip: ["SPEC_REVIEW"],
    limits: { costUsd: 1 },
  });
  return run.after(20 * MINUTE).succeed("SPEC.1", { cost: 1.25, tokens: 120_000 });
}

/** Two stages, of which one waits for a person. */
export function waiting(): RecordedRun {
  const run = new RecordedRun({
    title: "Ask first",
    stages: [
      work("PLAN", [], { approval: true }),
      work("DOCS", [], { workAgent: "writer" }),
      work("BUILD", ["PLAN", "DOCS"]),
    ],
  });
  run.after(5 * MINUTE).succeed("PLAN.1", { cost: 0.5, tokens: 44_000 });
  return run.after(5 * MINUTE).succeed("DOCS.1", { cost: 0.25, tokens: 21_000 });
}

/** The same, approved from another terminal; nobody has gone on with it. */
function approvedAndLeft(): RecordedRun {
  const run = waiting();
  return run.after(HOUR).tell({ type: "approval.granted", stage: "PLAN", turn: "PLAN.1", by: "ada", message: "go" });
}

/** Killed in the middle of a turn, gone on with nine hours later. */
export function interruptedAndResumed(): RecordedRun {
  const run = new RecordedRun({
    title: "Survive the night",
    stages: [
      work("SPEC", [], { workAgent: "writer" }),
      work("BUILD", ["SPEC"]),
      { id: "DONE", kind: "terminal", needs: ["BUILD"] },
    ],
  });
  run.after(10 * MINUTE).succeed("SPEC.1", { cost: 0.5, tokens: 50_000 });
  const seen = run.now + 7 * MINUTE;
  run.after(9 * HOUR).claim({ previousSeenAt: seen, command: "troupe resume" });
  run.after(1_000).interrupt("BUILD.1", "crashed");
  run.after(12 * MINUTE).succeed("BUILD.2", { cost: 1.5, tokens: 130_000 });
  return run;
}

/** The journal of a process that is gone: two turns in flight. */
export function stalled(): RecordedRun {
  const run = new RecordedRun({
    title: "Left alone",
    stages: [work("LEFT", []), work("RIGHT", [], { workAgent: "builder-2" })],
  });
  return run
    .after(2 * MINUTE)
    .fail("LEFT.1", "overloaded", { retry: { notBefore: null } })
    .after(30_000)
    .tell();
}

/** Somebody who works on it. */
export const HOLDER: Holder = {
  owner: {
    pid: 4101,
    startTime: null,
    bootId: null,
    pidNamespace: null,
    host: "build-7",
    command: "troupe run objective.md",
  },
  renewedAt: START,
  ttlMs: 30_000,
  alive: "alive",
};

export const RUNS: Readonly<Record<string, () => RecordedRun>> = {
  chain,
  "rejected-then-approved": rejectedThenApproved,
  "failed-group": failedGroup,
  "fail-fast": failFast,
  limited,
  waiting,
  "approved-and-left": approvedAndLeft,
  "interrupted-and-resumed": interruptedAndResumed,
  stalled,
  "several-agents": severalAgents,
  "edited-and-cancelled": editedAndCancelled,
  "brought-in": broughtIn,
  "denied-and-stopped": deniedAndStopped,
  "rejected-for-good": rejectedForGood,
};
