import {
  DEFAULT_MAX_ROUNDS,
  DEFAULT_RETRY,
  type GroupDefinition,
  type InputDefinition,
  type StageDefinition,
  type Workflow,
} from "./workflow.js";

/** A stage with its id and whatever differs from the defaults. */
export type StageDraft = Pick<StageDefinition, "id"> & Partial<StageDefinition>;

/** Shared by all stages that leave a list empty. */
const NONE: readonly never[] = Object.freeze([]);

/** Fills in the defaults: a work stage that needs nothing and leaves nothing. */
export function defineStage({ id, ...draft }: StageDraft): StageDefinition {
  return {
    name: id,
    description: "",
    kind: "work",
    workAgent: null,
    reviewAgent: null,
    run: null,
    reviews: null,
    checks: NONE,
    artifacts: NONE,
    exitCriteria: NONE,
    optional: false,
    includeObjective: true,
    promptTemplate: null,
    writes: "artifacts",
    approval: false,
    needs: NONE,
    group: null,
    maxRounds: DEFAULT_MAX_ROUNDS,
    timeoutMs: null,
    idleTimeoutMs: null,
    retry: DEFAULT_RETRY,
    requiresAcceptance: NONE,
    id, // last of those that every stage has, as in a journal
    ...draft,
  };
}

/** A workflow with whatever differs from the defaults; {@link defineWorkflow} fills in the rest. */
export interface WorkflowDraft {
  readonly name: string;
  readonly stages: readonly StageDraft[];
  /** Members get their `group` from here. */
  readonly groups?: readonly (Pick<GroupDefinition, "name" | "stages"> & Partial<GroupDefinition>)[];
  readonly inputs?: readonly InputDefinition[];
}

/**
 * A workflow by hand, for library users. A stage waits for its `needs` and for nothing else: the order of the list means
 * nothing, other than that of a workflow file. It is validated when a run is created: see `validateWorkflow`.
 */
export function defineWorkflow(draft: WorkflowDraft): Workflow {
  const groups = (draft.groups ?? []).map((group) => ({
    after: null,
    before: null,
    maxConcurrent: null,
    onFailure: "continue" as const,
    ...group,
  }));
  const groupOf = new Map(groups.flatMap((group) => group.stages.map((stage) => [stage, group.name] as const)));
  return {
    version: 1,
    name: draft.name,
    stages: draft.stages.map((stage) => defineStage({ ...stage, group: stage.group ?? groupOf.get(stage.id) ?? null })),
    groups,
    inputs: draft.inputs ?? [],
  };
}
