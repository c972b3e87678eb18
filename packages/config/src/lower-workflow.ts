import {
  DEFAULT_MAX_ROUNDS,
  defineStage,
  type GroupDefinition,
  type InputDefinition,
  type StageDefinition,
  type Workflow,
} from "@troupe/core";
import { lowerCondition } from "./condition-rules.js";
import { parseDuration } from "./duration.js";
import { isOneByOne } from "./parallel-agents.js";
import { lowerRetry } from "./retry-rules.js";
import { acceptanceBefore, type Reviews } from "./review-rules.js";
import type { NeedsGraph } from "./stage-needs.js";
import { type GroupDraft, type StageDraft, type WorkflowDraft, workersOf } from "./workflow-draft.js";
import { toCheck, toCommandLine } from "./written-values.js";

/** The model of a draft without mistakes. */
export function lowerWorkflow(
  name: string,
  draft: WorkflowDraft,
  groups: readonly GroupDraft[],
  { reviews, graph }: { readonly reviews: Reviews; readonly graph: NeedsGraph },
): Workflow {
  return {
    version: 1,
    name,
    stages: [...draft.stages.values()].map((stage) => ({
      ...lowerStage(stage),
      needs: graph.needs.get(stage.id) ?? [],
      group: groups.find((group) => group.members.includes(stage.id))?.name ?? null,
      reviews: reviews.get(stage.id) ?? null,
      requiresAcceptance:
        stage.written.requires_acceptance_tests_passed === true ? acceptanceBefore(draft, graph, stage.id) : [],
    })),
    groups: groups.map(lowerGroup),
    inputs: lowerInputs(draft),
  };
}

function lowerStage(stage: StageDraft): StageDefinition {
  const { written } = stage;
  const hasAgent = workersOf(stage).length > 0;
  return defineStage({
    id: stage.id,
    name: written.name ?? stage.id,
    description: (written.description ?? "").trim(),
    kind: stage.kind ?? "work",
    workAgent: stage.workAgent,
    reviewAgent: stage.reviewAgent,
    run: written.run === null || written.run === undefined ? null : toCommandLine(written.run),
    checks: !hasAgent ? [] : (written.checks ?? []).map(toCheck),
    artifacts: written.artifacts ?? [],
    exitCriteria: written.exit_criteria ?? [],
    optional: written.optional ?? false,
    includeObjective: written.include_objective ?? true,
    // where no agent has a turn there is no prompt
    promptTemplate: !hasAgent ? null : (written.prompt_template ?? null),
    writes: stage.writes,
    // a stage of which nothing runs has no result to judge
    approval: stage.kind !== "terminal" && written.approval === true,
    maxRounds: written.max_rounds ?? DEFAULT_MAX_ROUNDS,
    timeoutMs: parseDuration(written.timeout ?? ""),
    idleTimeoutMs: parseDuration(written.idle_timeout ?? ""),
    retry: lowerRetry(written.retry),
    ...(stage.kind === "acceptance" && written.scenarios === "linked" ? { scenarios: "linked" } : {}),
    ...lowerParallelAgents(stage),
    ...(written.when === null || written.when === undefined ? {} : { when: lowerCondition(written.when) }),
  });
}

/** Where they write the tree and nobody has said that they may do so at once, they take their turns one after another. */
function lowerParallelAgents(stage: StageDraft): Pick<StageDefinition, "parallelAgents" | "agentsAtOnce"> {
  if (stage.parallelAgents.length === 0) return {};
  return { parallelAgents: stage.parallelAgents, ...(isOneByOne(stage) ? { agentsAtOnce: 1 } : {}) };
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
