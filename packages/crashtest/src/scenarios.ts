import type { RunOutcome, StageStatus, TurnKind } from "@troupe/core";

/**
 * What whoever plays an agent, a check or a command does in one turn. Found by stage, kind and round, never by attempt:
 * a turn that a crash cut off is played again with the same words.
 */
export interface Reply {
  readonly stage: string;
  readonly kind: TurnKind;
  readonly round: number;
  /** The agent's final text, or what the command prints. */
  readonly output: string;
  /** Written below the artifacts folder (`TROUPE_ARTIFACTS`) before the reply ends. */
  readonly files?: readonly { readonly path: string; readonly content: string }[];
  /** Of checks and command stages; 0 when absent. */
  readonly exitCode?: number;
}

/** Names one turn of a scenario. */
export type TurnName = Pick<Reply, "stage" | "kind" | "round">;

/**
 * What happens besides the run. `cancel`: as soon as the stage `after` is completed while `during` is in flight, a
 * person cancels the run; until then `during` goes on, and ends only because it is aborted. `takeover`: while `during`
 * is in flight for the first time its holder is stopped, another host takes the run over and finishes it, then the
 * stopped holder wakes and must end with `CLAIM_LOST`. `judge`: whenever the run waits for a person and nothing else can
 * go on, one judges what waits, from another process: rejected `rejections` times, then approved.
 */
type Happening =
  | { readonly kind: "none" }
  | { readonly kind: "cancel"; readonly during: TurnName; readonly after: string }
  | { readonly kind: "takeover"; readonly during: TurnName }
  | { readonly kind: "judge"; readonly rejections: number };

/** What the run must have come to in the end, however often it was killed. */
interface Expected {
  readonly outcome: RunOutcome;
  readonly stages: Readonly<Record<string, StageStatus>>;
}

export interface Scenario {
  readonly name: string;
  /** Its checks and command stages are the program that `CRASHTEST_PLAYER` names, which plays the replies too. */
  readonly stagesYaml: string;
  readonly replies: readonly Reply[];
  readonly happening: Happening;
  readonly expected: Expected;
}

/** The objective of every scenario. */
export const OBJECTIVE: string = "# Survive\n\n## Goals\n\n- Nothing finished is lost\n";

/** Longer than what an entry of a journal carries: it becomes a blob. */
const LONG_TEXT = "All of this has to be there afterwards.\n".repeat(300);
const NONE: Happening = { kind: "none" };

function reply(stage: string, kind: TurnKind, round: number, rest: Partial<Reply> = {}): Reply {
  return { stage, kind, round, output: `${stage} ${kind} ${round}\n`, ...rest };
}

function artifact(path: string, content: string): Pick<Reply, "files"> {
  return { files: [{ path, content }] };
}

const chain: Scenario = {
  name: "chain",
  stagesYaml: `stages:
  PLAN: { work_agent: writer, artifacts: [plan.md] }
  BUILD: { work_agent: builder, artifacts: [code.md], checks: ["$CRASHTEST_PLAYER"] }
  PACK: { run: "$CRASHTEST_PLAYER", artifacts: [package.md] }
  DONE: {}
`,
  replies: [
    reply("PLAN", "work", 1, { output: LONG_TEXT, ...artifact("plan.md", LONG_TEXT) }),
    reply("BUILD", "work", 1, artifact("code.md", "code, not ready\n")),
    reply("BUILD", "check", 1, { output: "not ready\n", exitCode: 1 }),
    reply("BUILD", "fix", 2, artifact("code.md", "code, ready\n")),
    reply("BUILD", "check", 2),
    reply("PACK", "work", 1, artifact("package.md", "packed\n")),
  ],
  happening: NONE,
  expected: {
    outcome: "succeeded",
    stages: { PLAN: "completed", BUILD: "completed", PACK: "completed", DONE: "completed" },
  },
};

const reviewed = [
  reply("SPEC", "work", 1, { output: LONG_TEXT, ...artifact("spec.md", "first version\n") }),
  reply("SPEC_REVIEW", "review", 1, { output: "The limits are missing.\n\nREJECTED: no limits\n" }),
  reply("SPEC_REVIEW", "fix", 2, artifact("spec.md", "second version\n")),
  reply("SPEC_REVIEW", "review", 2, { output: "The errors are missing.\n\nREJECTED: no errors\n" }),
  reply("SPEC_REVIEW", "fix", 3, { output: LONG_TEXT, ...artifact("spec.md", "third version\n") }),
  reply("SPEC_REVIEW", "review", 3, { output: "APPROVED: complete\n" }),
];

const review: Scenario = {
  name: "review",
  stagesYaml: `stages:
  SPEC: { work_agent: writer, artifacts: [spec.md] }
  SPEC_REVIEW: { work_agent: writer, review_agent: reviewer, is_review_stage: true }
  USE: { work_agent: builder, artifacts: [use.md] }
work_to_review_mapping: { SPEC: SPEC_REVIEW }
`,
  replies: [...reviewed, reply("USE", "work", 1, artifact("use.md", "used\n"))],
  happening: NONE,
  expected: { outcome: "succeeded", stages: { SPEC: "completed", SPEC_REVIEW: "completed", USE: "completed" } },
};

const group: Scenario = {
  name: "group",
  stagesYaml: `stages:
  FIRST: { work_agent: writer, artifacts: [first.md] }
  A: { work_agent: alice, artifacts: [a.md] }
  B: { work_agent: bob, artifacts: [b.md] }
  C: { work_agent: carol, artifacts: [c.md] }
  GATE: { work_agent: writer, artifacts: [gate.md] }
parallel_groups:
  three: { after: FIRST, stages: [A, B, C], before: GATE, max_concurrent: 2 }
`,
  replies: [
    reply("FIRST", "work", 1, artifact("first.md", "first\n")),
    reply("A", "work", 1, { output: LONG_TEXT, ...artifact("a.md", "a\n") }),
    reply("B", "work", 1, artifact("b.md", "b\n")),
    reply("C", "work", 1, artifact("c.md", LONG_TEXT)),
    reply("GATE", "work", 1, artifact("gate.md", "gate\n")),
  ],
  happening: NONE,
  expected: {
    outcome: "succeeded",
    stages: { FIRST: "completed", A: "completed", B: "completed", C: "completed", GATE: "completed" },
  },
};

const groupWithReview: Scenario = {
  name: "group-with-review",
  stagesYaml: `stages:
  SPEC: { work_agent: writer, artifacts: [spec.md] }
  RESEARCH: { work_agent: alice, artifacts: [research.md] }
  SPEC_REVIEW: { work_agent: writer, review_agent: reviewer, is_review_stage: true }
  GATE: { work_agent: builder, artifacts: [gate.md] }
parallel_groups:
  both: { after: SPEC, stages: [RESEARCH, SPEC_REVIEW], before: GATE }
work_to_review_mapping: { SPEC: SPEC_REVIEW }
`,
  replies: [
    ...reviewed,
    reply("RESEARCH", "work", 1, artifact("research.md", "found\n")),
    reply("GATE", "work", 1, artifact("gate.md", "gate\n")),
  ],
  happening: NONE,
  expected: {
    outcome: "succeeded",
    stages: { SPEC: "completed", RESEARCH: "completed", SPEC_REVIEW: "completed", GATE: "completed" },
  },
};

const acceptance: Scenario = {
  name: "acceptance",
  stagesYaml: `stages:
  CODE: { work_agent: builder, artifacts: [code.md] }
  ACCEPT: { work_agent: tester, is_acceptance_test_stage: true, artifacts: [tests.md], checks: ["$CRASHTEST_PLAYER"] }
  REPORT: { work_agent: writer, artifacts: [report.md], requires_acceptance_tests_passed: true }
`,
  replies: [
    reply("CODE", "work", 1, artifact("code.md", "code\n")),
    reply("ACCEPT", "work", 1, artifact("tests.md", "tests\n")),
    reply("ACCEPT", "check", 1, { output: "2 of 3 scenarios failed\n", exitCode: 1 }),
    reply("ACCEPT", "fix", 2, artifact("tests.md", "tests, linked\n")),
    reply("ACCEPT", "check", 2, { output: "1 of 3 scenarios failed\n", exitCode: 1 }),
    reply("ACCEPT", "fix", 3, { output: LONG_TEXT, ...artifact("tests.md", "tests, mended\n") }),
    reply("ACCEPT", "check", 3, { output: "3 of 3 scenarios passed\n" }),
    reply("REPORT", "work", 1, artifact("report.md", "reported\n")),
  ],
  happening: NONE,
  expected: { outcome: "succeeded", stages: { CODE: "completed", ACCEPT: "completed", REPORT: "completed" } },
};

const cancel: Scenario = {
  ...group,
  name: "cancel",
  happening: { kind: "cancel", during: { stage: "B", kind: "work", round: 1 }, after: "C" },
  // B keeps one of two places until it is aborted, so A has ended before C started
  expected: {
    outcome: "cancelled",
    stages: { FIRST: "completed", A: "completed", B: "cancelled", C: "completed", GATE: "pending" },
  },
};

const takeover: Scenario = {
  ...review,
  name: "takeover",
  happening: { kind: "takeover", during: { stage: "SPEC_REVIEW", kind: "fix", round: 2 } },
};

const judged: Scenario = {
  name: "judged",
  stagesYaml: `stages:
  FIRST: { work_agent: writer, artifacts: [first.md] }
  A: { work_agent: alice, artifacts: [a.md], approval: true }
  B: { work_agent: bob, artifacts: [b.md], approval: true, checks: ["$CRASHTEST_PLAYER"] }
  GATE: { work_agent: writer, artifacts: [gate.md] }
parallel_groups:
  two: { after: FIRST, stages: [A, B], before: GATE }
`,
  replies: [
    reply("FIRST", "work", 1, artifact("first.md", "first\n")),
    reply("A", "work", 1, { output: LONG_TEXT, ...artifact("a.md", "a\n") }),
    reply("A", "fix", 2, artifact("a.md", "a, mended\n")),
    reply("B", "work", 1, artifact("b.md", "b\n")),
    reply("B", "check", 1),
    reply("B", "fix", 2, artifact("b.md", LONG_TEXT)),
    reply("B", "check", 2),
    reply("GATE", "work", 1, artifact("gate.md", "gate\n")),
  ],
  happening: { kind: "judge", rejections: 1 },
  expected: {
    outcome: "succeeded",
    stages: { FIRST: "completed", A: "completed", B: "completed", GATE: "completed" },
  },
};

/** One for each way in which a run goes on over several turns. */
export const SCENARIOS: readonly Scenario[] = [chain, review, group, groupWithReview, acceptance, cancel, takeover];

/** Those, and what only the suite in one process plays. */
export const SIMULATED_SCENARIOS: readonly Scenario[] = [...SCENARIOS, judged];
