import type { AgentId } from "@troupe/core";
import { checkParallelAgents } from "./parallel-agents.js";
import { contradict, type StageDraft, type WorkflowDraft, workerSpan, workersOf } from "./workflow-draft.js";

/** Names that TeamBot's files use for one persona. */
const PERSONA_NAMES: ReadonlyMap<string, string> = new Map([
  ["pm", "project_manager"],
  ["ba", "business_analyst"],
  ["writer", "technical_writer"],
  ["developer", "builder"],
]);

/** Agents whose persona is in their id. */
const AGENT_PERSONAS: ReadonlyMap<AgentId, string> = new Map([
  ["pm", "project_manager"],
  ["project_manager", "project_manager"],
  ["ba", "business_analyst"],
  ["business_analyst", "business_analyst"],
  ["writer", "technical_writer"],
  ["technical_writer", "technical_writer"],
  ["reviewer", "reviewer"],
  ["builder", "builder"],
  ["developer", "builder"],
]);

/** The persona of an agent id by the names that TeamBot uses; null = unknown. */
function personaOf(agent: AgentId): string | null {
  if (/^(?:builder|developer)-\d+$/.test(agent)) return "builder";
  return AGENT_PERSONAS.get(agent) ?? null;
}

/** Checks `allowed_personas`, and says what of a stage's agents has no effect. `personas` by agent id go first. */
export function checkAgents(draft: WorkflowDraft, personas: Readonly<Record<AgentId, string>>): void {
  for (const stage of draft.stages.values()) {
    checkPersonas(draft, stage, personas);
    checkParallelAgents(draft, stage);
    warnOfReviewAgent(draft, stage);
  }
}

/** As in TeamBot: of a review stage the reviewer is checked, of any other stage whoever works. */
function checkPersonas(draft: WorkflowDraft, stage: StageDraft, personas: Readonly<Record<AgentId, string>>): void {
  const agents = stage.kind === "review" ? [stage.reviewAgent].filter((id) => id !== null) : workersOf(stage);
  for (const agent of agents) checkPersona(draft, stage, agent, personas);
}

function checkPersona(
  draft: WorkflowDraft,
  stage: StageDraft,
  agent: AgentId,
  personas: Readonly<Record<AgentId, string>>,
): void {
  const allowed = stage.written.allowed_personas ?? [];
  if (allowed.length === 0) return;
  const persona = (Object.hasOwn(personas, agent) ? personas[agent] : undefined) ?? personaOf(agent);
  if (persona === null) return;
  const names = allowed.map(canonicalPersona);
  if (names.includes(canonicalPersona(persona))) return;
  const isPart = stage.written.work_agent !== agent && stage.kind !== "review";
  const role = stage.kind === "review" ? "review_agent" : isPart ? "agent" : "work_agent";
  const span = stage.kind === "review" ? draft.tree.valueSpan([...stage.path, role]) : workerSpan(draft, stage, agent);
  const message = `${role} "${agent}" of stage "${stage.id}" is a ${persona}, which allowed_personas does not list`;
  const hint = `Choose an agent that is one of ${[...new Set(names)].join(", ")}, or add ${persona}.`;
  contradict(draft.log, { span, message, hint });
}

function canonicalPersona(name: string): string {
  return PERSONA_NAMES.get(name) ?? name;
}

/** TeamBot's files name the later reviewer on the work stage too; anywhere else the key would be silently dropped. */
function warnOfReviewAgent(draft: WorkflowDraft, stage: StageDraft): void {
  const agent = stage.written.review_agent;
  if (
    (stage.kind !== "work" && stage.kind !== "acceptance") ||
    !agent ||
    !ownKeys(draft, stage).includes("review_agent")
  )
    return;
  const review = draft.stages.get(draft.file.work_to_review_mapping?.[stage.id] ?? "");
  if (review?.written.review_agent === agent) return;
  draft.log.add({
    span: draft.tree.keySpan([...stage.path, "review_agent"]),
    message: `review_agent of stage "${stage.id}" has no effect: it is not a review stage`,
    code: "WORKFLOW_INVALID",
    severity: "warning",
    hint: "Remove it, or add a stage with is_review_stage: true and name it in work_to_review_mapping.",
  });
}

function ownKeys(draft: WorkflowDraft, stage: StageDraft): readonly string[] {
  return draft.tree.keys(stage.path);
}
