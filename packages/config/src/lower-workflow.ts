import {
  DEFAULT_MAX_ROUNDS,
  defineStage,
  type GroupDefinition,
  type InputDefinition,
  type StageDefinition,
  type StageId,
  type Workflow,
} from "@troupe/core";
import { toCommandLine } from "./common-schema.js";
import { parseDuration } from "./duration.js";
import { acceptanceBefore, type Reviews } from "./review-rules.js";
import type { GroupDraft, StageDraft, WorkflowDraft } from "./workflow-draft.js";

/** The model of a draft without mistakes. */
export function lowerWorkflow(
  name: string,
  draft: WorkflowDraft,
  groups: readonly GroupDraft[],
  reviews: Reviews,
): Workflow {
  const needs = needsOf(draft.order, groups);
  return {
    version: 1,
    name,
    stages: [...draft.stages.values()].map((stage) => ({
      ...lowerStage(stage),
      needs: needs.get(stage.id) ?? [],
      group: groups.find((group) => group.members.includes(stage.id))?.name ?? null,
      reviews: reviews.get(stage.id) ?? null,
      requiresAcceptance:
        stage.written.requires_acceptance_tests_passed === true ? acceptanceBefore(draft, groups, stage.id) : [],
    })),
    groups: groups.map(lowerGroup),
    inputs: lowerInputs(draft),
  };
}

/** Each stage needs what stands just before it in the order: one stage, or all members of a group. */
function needsOf(order: readonly StageId[], groups: readonly GroupDraft[]): ReadonlyMap<StageId, readonly StageId[]> {
  const needs = new Map<StageId, readonly StageId[]>();
  let before: readonly StageId[] = [];
  for (const id of order) {
    if (needs.has(id)) continue;
    const together = groups.find((group) => group.members.includes(id))?.members ?? [id];
    for (const member of together) needs.set(member, before);
    before = together;
  }
  return needs;
}

function lowerStage(stage: StageDraft): StageDefinition {
  const { written } = stage;
  return defineStage({
    id: stage.id,
    name: written.name ?? stage.id,
    description: (written.description ?? "").trim(),
    kind: stage.kind ?? "work",
    workAgent: stage.workAgent,
    reviewAgent: stage.reviewAgent,
    run: written.run === null || written.run === undefined ? null : toCommandLine(written.run),
    checks: stage.workAgent === null ? [] : (written.checks ?? []).map(toCommandLine),
    artifacts: written.artifacts ?? [],
    exitCriteria: written.exit_criteria ?? [],
    optional: written.optional ?? false,
    includeObjective: written.include_objective ?? true,
    // where no agent has a turn there is no prompt
    promptTemplate: stage.workAgent === null ? null : (written.prompt_template ?? null),
    writes: stage.writes,
    maxRounds: written.max_rounds ?? DEFAULT_MAX_ROUNDS,
    timeoutMs: parseDuration(written.timeout ?? ""),
  });
}

function lowerGroup(group: GroupDraft): GroupDefinition {
  return {
    name: group.name,
    stages: group.members,
    after: group.after,
    before: group.before,
    maxConcurrent: group.written.max_concurrent ?? null,
    onFailure: group.written.on_failure ?? "continue",
  };
}

function lowerInputs(draft: WorkflowDraft): readonly InputDefinition[] {
  return draft.tree.keys(["inputs"]).map((name) => {
    const input = draft.file.inputs?.[name];
    return { name, description: input?.description ?? "", default: input?.default ?? null };
  });
}
