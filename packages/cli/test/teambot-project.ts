import { cassette, createCli, OBJECTIVE, type TestCli } from "./cli-harness.js";

/** With a group, a mapped review and a stage that demands acceptance tests. */
export const STAGES: string = `stages:
  SPEC: { work_agent: ba, artifacts: [spec.md] }
  SPEC_REVIEW: { work_agent: ba, review_agent: reviewer, is_review_stage: true, artifacts: [spec_review.md] }
  RESEARCH: { work_agent: builder-1, artifacts: [research.md] }
  TEST_STRATEGY: { work_agent: builder-2, artifacts: [test_strategy.md] }
  PLAN: { work_agent: pm, artifacts: [plan.md], optional: true }
  ACCEPTANCE_TEST: { work_agent: builder-1, is_acceptance_test_stage: true, artifacts: [] }
  POST_REVIEW: { work_agent: pm, requires_acceptance_tests_passed: true, artifacts: [] }
  COMPLETE: {}
parallel_groups:
  post_spec_review: { after: SPEC_REVIEW, stages: [RESEARCH, TEST_STRATEGY], before: PLAN }
work_to_review_mapping: { SPEC: SPEC_REVIEW }
`;
const APPROVED = "All is there.\n\nVERIFIED_APPROVED: the specification is complete\n";
export const OUTPUTS: Readonly<Record<string, string>> = {
  SPEC: "the specification",
  SPEC_REVIEW: APPROVED,
  RESEARCH: "what was found",
  TEST_STRATEGY: "how to test",
  PLAN: "the plan",
  ACCEPTANCE_TEST: "4 of 4",
  POST_REVIEW: "well done",
};
export const FOLDER: string = ".teambot/login-page";

/** A state as TeamBot writes it; the first version has no more than the keys given here. */
export function stateFile(changes: Readonly<Record<string, unknown>>): string {
  const state = {
    objective_file: "docs/objective.md",
    current_stage: "SPEC",
    elapsed_seconds: 61.5,
    max_seconds: 28800,
    status: "in_progress",
    stage_outputs: {},
    ...changes,
  };
  return JSON.stringify(state, null, 2);
}

/** The outputs of these stages. */
export function upTo(...stages: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(stages.map((stage) => [stage, OUTPUTS[stage] ?? ""]));
}

/** A project that TeamBot has worked in. */
export async function createTeamBot(
  changes: Readonly<Record<string, unknown>>,
  files: Readonly<Record<string, string>> = {},
): Promise<TestCli> {
  return await createCli({ ...teamBotFiles(changes), ...files });
}

/** What {@link createTeamBot} begins with. */
export function teamBotFiles(changes: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return {
    "docs/objective.md": OBJECTIVE,
    "stages.yaml": STAGES,
    "troupe.yaml": 'checks: ["true"]\nagents:\n  default: ["replay", { file: tape.jsonl }]\n',
    "tape.jsonl": cassette({ stage: "NONE" }),
    [`${FOLDER}/orchestration_state.json`]: stateFile({ feature_name: "login-page", ...changes }),
    [`${FOLDER}/artifacts/spec.md`]: "# The specification\n",
  };
}
