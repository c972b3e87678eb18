import { type AgentId, inputVariable, isId, type StageId, type Workflow } from "@troupe/core";
import { checkAgents } from "./agent-rules.js";
import { checkPaths } from "./artifact-rules.js";
import { warnOfBlankKeys } from "./blank-keys.js";
import { checkConditions } from "./condition-rules.js";
import type { DiagnosticLog } from "./diagnostic-log.js";
import { resolveGroups } from "./group-rules.js";
import { warnOfIdleKeys } from "./idle-keys.js";
import { lowerWorkflow } from "./lower-workflow.js";
import { checkOverlaps } from "./overlap-rules.js";
import { checkRetries } from "./retry-rules.js";
import { checkAcceptance, resolveReviews } from "./review-rules.js";
import { draftStages } from "./stage-kinds.js";
import { resolveNeeds } from "./stage-needs.js";
import { ID_HINT, resolveOrder } from "./stage-order.js";
import type { WorkflowDraft } from "./workflow-draft.js";
import type { WrittenWorkflow } from "./workflow-schema.js";
import type { Path, YamlTree } from "./yaml-tree.js";

/** What the workflow file itself does not say. */
export interface ParseWorkflowOptions {
  /** Personas by agent id, as the project file gives them; they go before what an id suggests. */
  readonly personas?: Readonly<Record<AgentId, string>>;
}

interface CheckedWorkflow {
  readonly data: WrittenWorkflow;
  /** Paths of the values that were left out. */
  readonly wrong: readonly Path[];
}

/**
 * The workflow of a file whose values have the right form, but for those at `wrong`; what they mean is checked here. Null
 * when a diagnostic is an error.
 */
export function readWorkflow(
  name: string,
  checked: CheckedWorkflow,
  tree: YamlTree,
  log: DiagnosticLog,
  options: ParseWorkflowOptions,
): Workflow | null {
  const draft = draftWorkflow(checked, tree, log);
  checkInputs(draft);
  const groups = resolveGroups(draft);
  const graph = resolveNeeds(draft, groups);
  checkConditions(draft, graph);
  const reviews = resolveReviews(draft, groups, graph);
  checkAcceptance(draft, graph);
  checkAgents(draft, options.personas ?? {});
  warnOfIdleKeys(draft);
  warnOfBlankKeys(draft);
  checkPaths(draft, reviews);
  checkOverlaps(draft, groups, graph);
  checkRetries(draft);
  return log.hasErrors() ? null : lowerWorkflow(name, draft, groups, { reviews, graph });
}

function draftWorkflow(checked: CheckedWorkflow, tree: YamlTree, log: DiagnosticLog): WorkflowDraft {
  const order = resolveOrder(checked.data, tree, log);
  const unsound = new Set(checked.wrong.flatMap((path) => (path[0] === "stages" ? [path[1]] : [])));
  const isUnsound = (id: StageId): boolean => unsound.has(id) || checked.wrong.some((path) => path[0] === "defaults");
  const context = { file: checked.data, tree, log, isUnsound, ...order };
  return { ...context, stages: draftStages(context) };
}

function checkInputs({ tree, log }: WorkflowDraft): void {
  const first = new Map<string, string>();
  for (const name of tree.keys(["inputs"])) {
    const span = tree.keySpan(["inputs", name]);
    if (!isId(name)) {
      log.add({ span, message: `"${name}" is not the name of an input`, hint: ID_HINT });
      continue;
    }
    const variable = inputVariable(name);
    const other = first.get(variable);
    if (other === undefined) first.set(variable, name);
    else {
      const line = log.lineOf(tree.keySpan(["inputs", other]).start);
      const message = `the inputs "${other}" (line ${line}) and "${name}" are one to commands: both are ${variable}`;
      log.add({ span, message, code: "WORKFLOW_INVALID", hint: "Give one of them another name." });
    }
  }
}
