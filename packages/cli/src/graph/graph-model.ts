import type { GroupDefinition, ShownRunStatus, ShownStageStatus, StageDefinition, Workflow } from "@troupe/core";
import type { RunReport } from "../look/run-report.js";

/** A stage as a drawing shows it. */
export interface GraphStage {
  readonly id: string;
  readonly name: string;
  readonly kind: StageDefinition["kind"];
  readonly group: string | null;
  /** Every stage that it waits for. */
  readonly needs: readonly string[];
  /** Who takes its turns; the reviewer last. */
  readonly agents: readonly string[];
  readonly optional: boolean;
  /** null = no run is shown. */
  readonly status: ShownStageStatus | null;
}

/** A workflow as a graph, with the state of a run where one is shown. */
export interface WorkflowGraphReport {
  readonly version: 1;
  readonly workflow: string;
  readonly source: string;
  readonly run: { readonly runId: string; readonly status: ShownRunStatus } | null;
  /** In an order in which each comes after all that it needs. */
  readonly stages: readonly GraphStage[];
  readonly groups: readonly Pick<GroupDefinition, "name" | "stages" | "maxConcurrent" | "onFailure">[];
}

/** The graph of a workflow; `run` colours it. */
export function graphOf(workflow: Workflow, source: string, run: RunReport | null): WorkflowGraphReport {
  const statuses = new Map(run?.stages.map(({ id, status }) => [id, status]));
  return {
    version: 1,
    workflow: workflow.name,
    source,
    run: run === null ? null : { runId: run.runId, status: run.status },
    stages: inOrder(workflow.stages).map((stage) => ({
      id: stage.id,
      name: stage.name,
      kind: stage.kind,
      group: stage.group,
      needs: stage.needs,
      agents: agentsOf(stage),
      optional: stage.optional,
      status: statuses.get(stage.id) ?? null,
    })),
    groups: workflow.groups.map(({ name, stages, maxConcurrent, onFailure }) => ({
      name,
      stages,
      maxConcurrent,
      onFailure,
    })),
  };
}

function agentsOf({ workAgent, parallelAgents, reviewAgent }: StageDefinition): readonly string[] {
  const all = [...(parallelAgents ?? []), workAgent, reviewAgent].filter((agent) => agent !== null);
  return [...new Set(all)];
}

/** As declared, but each after all that it needs. */
function inOrder(stages: readonly StageDefinition[]): readonly StageDefinition[] {
  const left = new Map(stages.map(({ id, needs }) => [id, needs.length]));
  const dependents = new Map<string, number[]>();
  for (const [index, { needs }] of stages.entries()) {
    for (const need of needs) dependents.set(need, [...(dependents.get(need) ?? []), index]);
  }
  const ready = stages.flatMap((stage, index) => (stage.needs.length === 0 ? [index] : []));
  const order: StageDefinition[] = [];
  while (ready.length > 0) {
    const first = Math.min(...ready);
    ready.splice(ready.indexOf(first), 1);
    const stage = stages[first];
    if (stage === undefined) continue;
    order.push(stage);
    for (const dependent of dependents.get(stage.id) ?? []) {
      const id = stages[dependent]?.id ?? "";
      const still = (left.get(id) ?? 0) - 1;
      left.set(id, still);
      if (still === 0) ready.push(dependent);
    }
  }
  return order;
}

/** Without the edges that follow from others: a drawing gets no clearer by them. */
export function directNeeds(
  stages: readonly Pick<GraphStage, "id" | "needs">[],
): ReadonlyMap<string, readonly string[]> {
  const needsOf = new Map(stages.map(({ id, needs }) => [id, needs]));
  return new Map(
    stages.map(({ id, needs }) => {
      if (needs.length < 2) return [id, needs];
      const implied = new Set(needs.flatMap((need) => needsOf.get(need) ?? []));
      for (const one of implied) for (const further of needsOf.get(one) ?? []) implied.add(further);
      return [id, needs.filter((need) => !implied.has(need))];
    }),
  );
}
