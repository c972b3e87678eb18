import { TroupeError } from "../errors/troupe-error.js";
import { namedIn } from "./condition.js";
import type { GroupName, StageId } from "./ids.js";
import { isId } from "./ids.js";
import { lookUp } from "./look-up.js";
import { nearestName } from "./nearest-name.js";
import type { StageDefinition, Workflow } from "./workflow.js";
import { stagesInOrder } from "./workflow-graph.js";

/** Every mistake in a workflow made by hand, as sentences; none when it can be run. */
export function workflowProblems(workflow: Workflow): readonly string[] {
  const problems: string[] = [];
  const known = new Map<StageId, StageDefinition>();
  if (workflow.stages.length === 0) problems.push("the workflow has no stage");
  for (const stage of workflow.stages) {
    if (!isId(stage.id)) problems.push(`stage id "${stage.id}" is not a valid id`);
    if (known.has(stage.id)) problems.push(`stage "${stage.id}" is defined twice`);
    known.set(stage.id, stage);
  }
  for (const stage of workflow.stages) problems.push(...stageProblems(stage, known));
  problems.push(...groupProblems(workflow, known));
  const cycle = cycleIn(workflow.stages);
  if (cycle.length > 0) problems.push(`stages need each other in a circle: ${cycle.join(", ")}`);
  for (const stage of workflow.stages) problems.push(...conditionProblems(stage, workflow, known));
  return problems;
}

/** Rejects with all problems at once: `WORKFLOW_INVALID`. */
export function validateWorkflow(workflow: Workflow): void {
  const problems = workflowProblems(workflow);
  if (problems.length === 0) return;
  throw new TroupeError("WORKFLOW_INVALID", `workflow "${workflow.name}" cannot be run: ${problems.join("; ")}`, {
    hint: "Mend the workflow and start again.",
    details: { problems },
  });
}

function stageProblems(stage: StageDefinition, known: ReadonlyMap<StageId, StageDefinition>): readonly string[] {
  const named = [...stage.needs, ...stage.requiresAcceptance, ...(stage.reviews === null ? [] : [stage.reviews])];
  const problems = named
    .filter((id) => !known.has(id))
    .map((id) => `stage "${stage.id}" names stage "${id}", which does not exist`);
  if (new Set(stage.needs).size !== stage.needs.length) problems.push(`stage "${stage.id}" needs a stage twice`);
  if (stage.maxRounds < 1) problems.push(`stage "${stage.id}" has no round`);
  if (stage.retry.attempts < 1) problems.push(`stage "${stage.id}" has no attempt`);
  problems.push(...agentProblems(stage));
  const lacks = missingPart(stage);
  if (lacks !== null) problems.push(`stage "${stage.id}" is a ${stage.kind} stage without ${lacks}`);
  return problems;
}

/** A condition is decided when the stages upstream are done, so it names nothing else. */
function conditionProblems(
  stage: StageDefinition,
  workflow: Workflow,
  known: ReadonlyMap<StageId, StageDefinition>,
): readonly string[] {
  if (stage.when === undefined) return [];
  const { inputs, stages } = namedIn(stage.when);
  const declared = new Set(workflow.inputs.map(({ name }) => name));
  const upstream = upstreamOf(known, stage.id);
  return [
    ...inputs
      .filter((name) => !declared.has(name))
      .map((name) => `stage "${stage.id}" has a condition on input "${name}", which is not declared`),
    ...stages
      .filter((id) => !upstream.has(id))
      .map((id) => `stage "${stage.id}" has a condition on stage "${id}", which is not upstream of it`),
  ];
}

/** Every stage that must be done before this one, by its needs and theirs. */
function upstreamOf(stages: ReadonlyMap<StageId, StageDefinition>, id: StageId): ReadonlySet<StageId> {
  const found = new Set(demandsOf(stages.get(id)));
  for (const one of found) for (const further of demandsOf(stages.get(one))) found.add(further);
  return found;
}

/** A stage and all that must be done before it; nothing for a stage that does not exist. */
export function neededFor({ stages }: Pick<Workflow, "stages">, id: StageId): ReadonlySet<StageId> {
  const known = new Map(stages.map((stage) => [stage.id, stage]));
  return known.has(id) ? new Set([...upstreamOf(known, id), id]) : new Set();
}

function demandsOf(stage: StageDefinition | undefined): readonly StageId[] {
  return stage === undefined ? [] : [...new Set([...stage.needs, ...stage.requiresAcceptance])];
}

function missingPart(stage: StageDefinition): string | null {
  if (stage.kind === "command") return stage.run === null ? "a command" : null;
  if (stage.kind === "terminal") return null;
  if (stage.workAgent === null && (stage.parallelAgents === undefined || mayBeMended(stage))) return "a work agent";
  if (stage.kind === "review" && stage.reviewAgent === null) return "a review agent";
  if (stage.kind === "acceptance" && stage.checks.length === 0) return "checks";
  return null;
}

/** A check, a reviewer or a person may find something that a `fix` turn has to mend. */
function mayBeMended({ kind, checks, approval }: StageDefinition): boolean {
  return kind !== "work" || checks.length > 0 || approval;
}

function agentProblems({ id, kind, reviews, parallelAgents, agentsAtOnce }: StageDefinition): readonly string[] {
  if (parallelAgents === undefined) return [];
  const problems: string[] = [];
  if (parallelAgents.length === 0) problems.push(`stage "${id}" has an empty list of agents`);
  if (new Set(parallelAgents).size !== parallelAgents.length) problems.push(`stage "${id}" has an agent twice`);
  const hasWork = kind === "work" || kind === "acceptance" || (kind === "review" && reviews === null);
  if (!hasWork) problems.push(`stage "${id}" has agents for work that it does not do`);
  if (agentsAtOnce !== undefined && agentsAtOnce < 1) problems.push(`stage "${id}" lets none of its agents work`);
  return problems;
}

function groupProblems(workflow: Workflow, known: ReadonlyMap<StageId, StageDefinition>): readonly string[] {
  const problems: string[] = [];
  const groups = new Set<GroupName>();
  for (const group of workflow.groups) {
    if (groups.has(group.name)) problems.push(`group "${group.name}" is defined twice`);
    groups.add(group.name);
    for (const id of group.stages) {
      if (known.get(id)?.group !== group.name)
        problems.push(`group "${group.name}" names "${id}", which is not its member`);
    }
    if (group.maxConcurrent !== null && group.maxConcurrent < 1)
      problems.push(`group "${group.name}" lets nothing run`);
  }
  for (const stage of workflow.stages) {
    if (stage.group !== null && !groups.has(stage.group)) {
      problems.push(`stage "${stage.id}" is in group "${stage.group}", which does not exist`);
    }
  }
  return problems;
}

/** What is or follows a circle, in declared order. */
function cycleIn(stages: readonly StageDefinition[]): readonly StageId[] {
  const positions = new Map(stages.map(({ id }, position) => [id, position]));
  const order = stagesInOrder(stages, (id) => positions.get(id), demandsOf); // what conditions name is judged by itself
  if (order.length === stages.length) return [];
  const free = new Set(order);
  return stages.filter((_, position) => !free.has(position)).map(({ id }) => id);
}

/**
 * True when `to` directly follows `from` in the graph of needs, or would if the stages between that may be skipped were skipped.
 * Members of one group do not follow each other. Throws `STAGE_UNKNOWN` for an id that the workflow does not have.
 */
export function canTransition(workflow: Workflow, from: StageId, to: StageId): boolean {
  const stages = new Map(workflow.stages.map((stage) => [stage.id, stage]));
  for (const id of [from, to]) if (!stages.has(id)) throw stageUnknown(id, stages.keys());
  const open = [to];
  const seen = new Set(open);
  for (const id of open) {
    for (const need of lookUp(stages, id).needs) {
      if (need === from) return true;
      const { optional, when } = lookUp(stages, need);
      if ((optional || when !== undefined) && !seen.has(need)) {
        seen.add(need);
        open.push(need);
      }
    }
  }
  return false;
}

/** The error for an id that is not in the workflow. */
export function stageUnknown(id: StageId, known: Iterable<StageId>): TroupeError {
  const ids = [...known];
  const nearest = nearestName(id, ids);
  return new TroupeError("STAGE_UNKNOWN", `the workflow has no stage "${id}"`, {
    hint: `${nearest === null ? "" : `Did you mean ${nearest}? `}Its stages are ${ids.join(", ")}.`,
    details: { stage: id },
  });
}
