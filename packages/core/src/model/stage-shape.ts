import type { RunDefinition } from "./run.js";
import type { StageDefinition } from "./workflow.js";

/** Which part of what shapes a stage's result: its own keys, who performs it, the texts of its prompts, the run's inputs. */
export type ShapePart = "definition" | "agent" | "prompt" | "inputs";

type ShapeValue = string | readonly unknown[] | Readonly<Record<string, unknown>> | null;

/** One thing that shapes the result of a stage. */
export interface ShapeFact {
  readonly part: ShapePart;
  /** The key as a person writes it, `objective`, or the name of an input. */
  readonly key: string;
  /** Plain JSON; of a text in the store its SHA-256. */
  readonly value: ShapeValue;
}

/** Something that shapes the result of a stage is not what it was. */
export interface ShapeChange {
  readonly part: ShapePart;
  readonly key: string;
  readonly before: ShapeValue;
  readonly after: ShapeValue;
}

/**
 * What shapes the result of a stage, and nothing else: not its name, timeouts, retry, limits, group, order, needs,
 * condition, policies, approval or writes, nor the built-in prompts: an upgrade changes nothing. What it consumes counts
 * by the stages that leave it: when one of those runs again, so does this one. A terminal stage has no result to shape.
 */
export function shapeOf(stage: StageDefinition, definition: Omit<RunDefinition, "fingerprints">): readonly ShapeFact[] {
  const kind: ShapeFact = { part: "definition", key: "kind", value: stage.kind };
  if (stage.kind === "terminal") return [kind];
  const own = (key: string, value: ShapeValue): ShapeFact => ({ part: "definition", key, value });
  const prompt = (key: string, value: ShapeValue): ShapeFact => ({ part: "prompt", key, value });
  const template = definition.templates.find(({ path }) => path === stage.promptTemplate);
  const hasPrompt = stage.kind !== "command";
  const inputs = Object.entries(definition.inputs).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    kind,
    own("run", stage.run),
    own("description", stage.description),
    own("exit_criteria", stage.exitCriteria),
    own("artifacts", stage.artifacts),
    own("checks", stage.checks),
    // a fact that stages without it do not have: it would change the fingerprints of runs from before it
    ...(stage.scenarios === undefined ? [] : [own("scenarios", stage.scenarios)]),
    own("work_to_review_mapping", stage.reviews),
    { part: "agent", key: "work_agent", value: agentOf(stage.workAgent, definition) },
    { part: "agent", key: "review_agent", value: agentOf(stage.reviewAgent, definition) },
    ...parallelAgentsOf(stage, definition),
    prompt("prompt_template", hasPrompt ? (template?.text.sha256 ?? stage.promptTemplate) : null),
    prompt("objective", hasPrompt && stage.includeObjective ? definition.objective.text.sha256 : null),
    ...inputs.map(([key, value]): ShapeFact => ({ part: "inputs", key, value })),
  ];
}

/** Their order counts: it says which part of the work is whose. Whether they work at the same time does not. */
function parallelAgentsOf(
  { parallelAgents }: StageDefinition,
  definition: Omit<RunDefinition, "fingerprints">,
): readonly ShapeFact[] {
  if (parallelAgents === undefined) return []; // as in runs from before there were several
  return [{ part: "agent", key: "parallel_agents", value: parallelAgents.map((id) => agentOf(id, definition)) }];
}

/** Who an agent is: its id, its plugin, its model and its persona; not its environment, access or the plugin's options. */
function agentOf(id: string | null, { agents }: Omit<RunDefinition, "fingerprints">): ShapeValue {
  const agent = agents.find((one) => one.id === id);
  return agent === undefined ? id : [agent.id, agent.plugin, agent.model, agent.persona];
}

/** Keys of facts that only stages with that key have. */
const OPTIONAL_KEYS: ReadonlySet<string> = new Set(["parallel_agents", "scenarios"]);

/**
 * What of a stage differs between two definitions of a run. Inputs count where both declare them: one that is new says
 * nothing about what was done without it.
 */
export function shapeChanges(
  stage: StageDefinition,
  before: RunDefinition,
  after: RunDefinition,
): readonly ShapeChange[] {
  const old = before.workflow.stages.find(({ id }) => id === stage.id);
  if (old === undefined) return [];
  const known = new Map(shapeOf(old, before).map((fact) => [keyOf(fact), fact.value]));
  const facts = shapeOf(stage, after);
  const changes: ShapeChange[] = [];
  for (const fact of facts) {
    const { part, key, value } = fact;
    const was = known.get(keyOf(fact));
    if (was === undefined && part === "inputs") continue;
    if (part === "agent" && isUnknown(was ?? null, value)) continue;
    if (JSON.stringify(was ?? null) !== JSON.stringify(value))
      changes.push({ part, key, before: was ?? null, after: value });
  }
  const isGone = ({ part, key }: ShapeFact) =>
    part !== "inputs" && OPTIONAL_KEYS.has(key) && facts.every((fact) => fact.key !== key);
  const gone = stage.kind === "terminal" ? [] : shapeOf(old, before).filter(isGone);
  return [...changes, ...gone.map(({ part, key, value }) => ({ part, key, before: value, after: null }))];
}

/** Of an agent of which nothing but its id was recorded (an imported run) nobody knows whether it is another now. */
function isUnknown(before: ShapeValue, after: ShapeValue): boolean {
  if (typeof before === "string") return Array.isArray(after) && after[0] === before;
  if (!Array.isArray(before) || !Array.isArray(after) || before.length !== after.length) return false;
  const pairs = before.map((one, index) => [one, after[index]] as const);
  const isSame = ([one, other]: (typeof pairs)[number]) => JSON.stringify(one) === JSON.stringify(other);
  return pairs.every((pair) => isSame(pair) || (typeof pair[0] === "string" && isUnknown(pair[0], pair[1])));
}

function keyOf({ part, key }: ShapeFact): string {
  return `${part}:${key}`;
}
