import { validateWorkflow } from "../model/graph.js";
import type { StageId } from "../model/ids.js";
import { DEFAULT_LIMITS, RUN_FORMAT, type RunDefinition } from "../model/run.js";
import type { StageDefinition } from "../model/workflow.js";
import { sha256 } from "./text.js";

/** What a run needs to be told; the rest has defaults. */
export type RunDraft = Pick<RunDefinition, "workflow" | "objective"> &
  Partial<Omit<RunDefinition, "format" | "fingerprints">>;

/** A complete definition with the fingerprint of each stage. Throws `WORKFLOW_INVALID` with all problems. */
export function defineRun(draft: RunDraft): RunDefinition {
  validateWorkflow(draft.workflow);
  const definition = {
    format: RUN_FORMAT,
    source: "code",
    templates: [],
    agents: [],
    inputs: {},
    skip: [],
    limits: DEFAULT_LIMITS,
    flags: { skip: [], limits: {}, inputs: {}, checks: [], agents: {}, shareTree: false },
    ...draft,
  };
  return { ...definition, fingerprints: fingerprints(definition) };
}

function fingerprints(definition: Omit<RunDefinition, "fingerprints">): Readonly<Record<StageId, string>> {
  return Object.fromEntries(
    definition.workflow.stages.map((stage) => [stage.id, sha256(JSON.stringify(shapeOf(stage, definition)))]),
  );
}

/**
 * What shapes the result of a stage, and nothing else: not its name, timeouts, retry, limits, group, order, needs,
 * policies, approval or writes, nor the built-in prompts. Declared inputs reach every stage, so they count.
 */
function shapeOf(stage: StageDefinition, definition: Omit<RunDefinition, "fingerprints">): readonly unknown[] {
  const agentOf = (id: string | null) => {
    const agent = definition.agents.find((one) => one.id === id);
    return agent === undefined ? id : [agent.id, agent.plugin, agent.model, agent.persona];
  };
  const template = definition.templates.find(({ path }) => path === stage.promptTemplate);
  return [
    stage.kind,
    agentOf(stage.workAgent),
    agentOf(stage.reviewAgent),
    stage.run,
    stage.description,
    stage.exitCriteria,
    stage.artifacts,
    stage.checks,
    stage.reviews,
    stage.promptTemplate === null ? null : (template?.text.sha256 ?? stage.promptTemplate),
    stage.includeObjective && stage.kind !== "command" ? definition.objective.text.sha256 : null,
    Object.entries(definition.inputs).sort(([a], [b]) => (a < b ? -1 : 1)),
  ];
}
