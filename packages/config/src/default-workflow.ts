import { TroupeError, type Workflow } from "@troupe/core";
import { DEFAULT_WORKFLOW_YAML } from "./default-workflow-yaml.js";
import { formatDiagnostics } from "./format-diagnostic.js";
import { parseWorkflow } from "./parse-workflow.js";

/**
 * The built-in workflow, used when there is no `stages.yaml`: 14 stages from set-up to completion. Its acceptance stage
 * has no checks yet: `resolveChecks` fills them in.
 */
export function defaultWorkflow(): Workflow {
  const file = "default.yaml";
  const { workflow, diagnostics } = parseWorkflow(DEFAULT_WORKFLOW_YAML, file);
  if (workflow !== null) return workflow;
  const problems = formatDiagnostics(diagnostics, new Map([[file, DEFAULT_WORKFLOW_YAML]]));
  throw new TroupeError("INTERNAL", `the built-in workflow has mistakes:\n${problems}`);
}
