import type { TeamBotState } from "@troupe/config";
import { parseVerdict, type StageDefinition, type Verdict, type Workflow } from "@troupe/core";

/** What an import makes of a stage, and why when that is not plain. */
export type StageJudgement =
  /** Its result stands. `output` is null for a stage without any text. */
  | {
      readonly action: "keep";
      readonly output: string | null;
      readonly verdict: Verdict | null;
      readonly why: string | null;
    }
  | { readonly action: "skip"; readonly why: string }
  | { readonly action: "fail"; readonly output: string | null; readonly error: string; readonly why: string }
  /** It starts anew. */
  | { readonly action: "run"; readonly why: string };

interface Standing {
  readonly state: TeamBotState;
  readonly workflow: Workflow;
  /** Position of the current stage in the workflow. */
  readonly current: number;
  /** The group of the current stage. */
  readonly group: string | null;
  /** Stages whose declared files lie in TeamBot's artifacts folder. */
  readonly withFiles: ReadonlySet<string>;
}

/**
 * What of a TeamBot run stands: a stage whose result was written is kept, whatever else the state says of it, but for
 * what TeamBot counted as done and was not (a review without an approval, acceptance tests of no scenario). A stage
 * that depends on one that is not kept is not kept either. `withFiles`: stages that left every file they declare.
 */
export function judgeStages(
  workflow: Workflow,
  state: TeamBotState,
  withFiles: ReadonlySet<string>,
): ReadonlyMap<string, StageJudgement> {
  const current = workflow.stages.findIndex(({ id }) => id === state.currentStage);
  const standing = { state, workflow, current, group: workflow.stages[current]?.group ?? null, withFiles };
  const judgements = new Map<string, StageJudgement>();
  for (const stage of inOrderOfNeeds(workflow.stages)) {
    judgements.set(stage.id, dependingOn(judgements, stage) ?? judge(standing, stage));
  }
  return judgements;
}

/** Null when all that the stage depends on stands. */
function dependingOn(judgements: ReadonlyMap<string, StageJudgement>, stage: StageDefinition): StageJudgement | null {
  const open = [...stage.needs, ...stage.requiresAcceptance].find((id) => {
    const action = judgements.get(id)?.action;
    return action === "run" || action === "fail";
  });
  return open === undefined ? null : { action: "run", why: `it depends on ${open}, which is not finished` };
}

function judge(standing: Standing, stage: StageDefinition): StageJudgement {
  const { state, withFiles } = standing;
  const output = state.outputs.get(stage.id) ?? null;
  if (stage.kind === "terminal") return judgeTerminal(standing, stage);
  const member = state.members.get(stage.id);
  if (member?.status === "failed") {
    const error = member.error ?? "TeamBot recorded no reason";
    return { action: "fail", output, error, why: `it failed in its group: ${error}` };
  }
  if (member?.status === "in_progress") return { action: "run", why: "it was cut off in the middle of its group" };
  if (member === undefined) {
    const open = notReached(standing, stage, output);
    if (open !== null) return open;
  }
  if (output === null && !withFiles.has(stage.id)) {
    return { action: "run", why: "TeamBot counts it as done, but neither its output nor its files were written" };
  }
  if (stage.kind === "acceptance") return judgeAcceptance(state, output);
  if (stage.kind === "review") return judgeReview(output);
  return { action: "keep", output, verdict: null, why: null };
}

/** Null when TeamBot had come past the stage. */
function notReached(
  { state, workflow, current, group }: Standing,
  stage: StageDefinition,
  output: string | null,
): StageJudgement | null {
  if (stage.kind === "acceptance" && state.status.includes("acceptance_test_failed")) return null;
  const position = workflow.stages.indexOf(stage);
  const isSibling = group !== null && stage.group === group;
  if (isSibling) return output === null ? { action: "run", why: "its group had begun, and it left no output" } : null;
  if (position > current) return { action: "run", why: "it had not been reached" };
  if (position === current) return { action: "run", why: "TeamBot was ended while it was the current stage" };
  if (output !== null) return null;
  if (stage.optional) return { action: "skip", why: "it is optional, and TeamBot has gone past it without an output" };
  return null;
}

function judgeTerminal({ state, current, workflow }: Standing, stage: StageDefinition): StageJudgement {
  const isComplete = state.status === "complete" && workflow.stages.indexOf(stage) <= current;
  if (isComplete) return { action: "keep", output: null, verdict: null, why: null };
  return { action: "run", why: "it had not been reached" };
}

function judgeAcceptance(
  { acceptancePassed, lastAcceptance, acceptanceSummary }: TeamBotState,
  output: string | null,
): StageJudgement {
  const { passed = null, failed = null, total = null } = lastAcceptance ?? {};
  const counts = total === null ? "" : ` (${passed ?? "?"} of ${total} passed)`;
  if (acceptancePassed === true && total !== null && total > 0 && (failed ?? 0) === 0) {
    return { action: "keep", output, verdict: null, why: null };
  }
  if (acceptancePassed === true) {
    const what = total === 0 ? "0 of 0 scenarios passed" : `the counts say something else${counts}`;
    return { action: "run", why: `TeamBot counts the acceptance tests as passed, but ${what}: nothing was shown` };
  }
  const error = `the acceptance tests failed${counts}`;
  return { action: "fail", output, error, why: acceptanceSummary === null ? error : `${error}: ${acceptanceSummary}` };
}

function judgeReview(output: string | null): StageJudgement {
  const verdict = output === null ? null : parseVerdict(output);
  if (verdict?.decision === "approved") return { action: "keep", output, verdict, why: null };
  const what = verdict === null ? "has no verdict" : "concludes with a rejection";
  return { action: "run", why: `TeamBot counts it as approved, but its text ${what}` };
}

/** Every stage after all that it needs, in declared order otherwise. */
function inOrderOfNeeds(stages: readonly StageDefinition[]): readonly StageDefinition[] {
  const known = new Map(stages.map((stage) => [stage.id, stage]));
  const sorted = new Set<StageDefinition>();
  const visit = (stage: StageDefinition): void => {
    if (sorted.has(stage)) return;
    for (const id of [...stage.needs, ...stage.requiresAcceptance]) {
      const need = known.get(id);
      if (need !== undefined) visit(need);
    }
    sorted.add(stage);
  };
  for (const stage of stages) visit(stage);
  return [...sorted];
}
