// Runs that do not go straight: edits, several agents, other programs, people who change their minds.
import { HOUR, MINUTE, RecordedRun } from "./recorded-run.js";
import { work } from "./work-stage.js";

/** Three agents do the work of one stage side by side; one is tried again. A command stage fails for good. */
export function severalAgents(): RecordedRun {
  const run = new RecordedRun({
    title: "Three opinions",
    stages: [
      work("DRAFTS", [], { workAgent: null, parallelAgents: ["ann", "bob", "cid"], artifacts: ["draft.md"] }),
      { id: "LINT", kind: "command", run: { argv: ["npm", "run", "lint"] }, needs: ["DRAFTS"] },
    ],
  });
  run.after(2 * MINUTE).fail("DRAFTS.2", "overloaded", { retry: { notBefore: run.now + 5 * MINUTE } });
  run.after(2 * MINUTE).succeed("DRAFTS.1", { files: ["draft.md"], cost: 0.4, tokens: 40_000 });
  run.after(3 * MINUTE).succeed("DRAFTS.3", { files: ["draft.md"], cost: 0.6, tokens: 50_000 });
  run.tell();
  run.after(4 * MINUTE).succeed("DRAFTS.4", { files: ["draft.md"], cost: 0.5, tokens: 45_000 });
  return run.after(8_000).fail("LINT.1", "npm run lint ended with exit code 2", { code: "COMMAND_FAILED" });
}

/** A stage was edited, another taken out, after the run had failed; a person cancels the rest. */
export function editedAndCancelled(): RecordedRun {
  const stages = [work("SPEC", []), work("OLD", ["SPEC"]), work("BUILD", ["OLD"])];
  const run = new RecordedRun({ title: "Change course", stages });
  run.after(3 * MINUTE).succeed("SPEC.1", { cost: 0.3, tokens: 30_000 });
  run.after(2 * MINUTE).fail("OLD.1", "the agent refused");
  run.after(HOUR).edit({
    title: "Change course",
    stages: [work("SPEC", [], { description: "in detail" }), work("BUILD", ["SPEC"])],
  });
  run.after(4 * MINUTE).succeed("SPEC.2", { cost: 0.4, tokens: 35_000 });
  run.after(MINUTE).tell({ type: "run.cancel-requested", by: "ada", message: "not worth it" });
  return run.after(2_000).interrupt("BUILD.1", "cancelled");
}

/** Stages that another program has performed, brought in as one entry, and then gone on with. */
export function broughtIn(): RecordedRun {
  const run = new RecordedRun({ title: "Moved house", stages: [work("SPEC", []), work("BUILD", ["SPEC"])] }, "adopted");
  return run
    .after(HOUR)
    .claim({ command: "troupe resume" })
    .after(5 * MINUTE)
    .succeed("BUILD.1", { cost: 1, tokens: 90_000 });
}

/** A person denies a result, a budget of tokens comes near its end, and another person stops the run. */
export function deniedAndStopped(): RecordedRun {
  const run = new RecordedRun({
    title: "Not so fast",
    stages: [work("PLAN", [], { approval: true }), work("BUILD", ["PLAN"])],
    limits: { tokens: 100_000 },
  });
  run.after(3 * MINUTE).succeed("PLAN.1", { cost: 0.004, tokens: 50_000 });
  run.after(MINUTE);
  const message = { sha256: "0".repeat(64), bytes: 20_000, text: null };
  run.tell({ type: "approval.denied", stage: "PLAN", turn: "PLAN.1", by: "ada", message });
  run.after(MINUTE).claim({ command: "troupe resume" });
  run.after(4 * MINUTE).succeed("PLAN.2", { tokens: 35_000 });
  run.after(MINUTE).tell({ type: "approval.granted", stage: "PLAN", turn: "PLAN.2", by: "ada", message: null });
  run.after(MINUTE).claim({ command: "troupe resume" });
  run.after(MINUTE).tell({ type: "run.stop-requested", by: "SIGINT" });
  return run.after(2_000).interrupt("BUILD.1", "stopped");
}

/** A reviewer who gives no verdict until the rounds are used up; what depends on it is skipped by its condition. */
export function rejectedForGood(): RecordedRun {
  const run = new RecordedRun({
    title: "Four rounds",
    stages: [
      work("SPEC", [], { workAgent: "writer" }),
      {
        id: "SPEC_REVIEW",
        kind: "review",
        reviews: "SPEC",
        workAgent: "writer",
        reviewAgent: "reviewer",
        maxRounds: 2,
        needs: ["SPEC"],
      },
      work("EXTRA", [], { optional: true, when: { input: "mode", equals: "full" } }),
      work("BUILD", ["SPEC_REVIEW", "EXTRA"]),
    ],
  });
  run.after(2 * MINUTE).succeed("SPEC.1", { usage: { inputTokens: 1_000, outputTokens: null, costUsd: null } });
  run.after(MINUTE).succeed("SPEC_REVIEW.1", { cost: 0.1, tokens: 9_000 });
  run
    .after(MINUTE)
    .judge("SPEC_REVIEW.2", "rejected", ["Still no limits"], { failureReport: ".troupe/failures/SPEC_REVIEW.md" });
  return run;
}
