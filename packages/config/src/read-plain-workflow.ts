import type { StageId, Workflow } from "@troupe/core";
import { createDiagnosticLog } from "./diagnostic-log.js";
import { fileStem } from "./file-stem.js";
import { itemPath } from "./item-path.js";
import { createLineIndex, type Position } from "./line-index.js";
import { isPlainWorkflow } from "./plain-forms.js";
import { readPlainYaml } from "./plain-yaml.js";
import { type ParseWorkflowOptions, readWorkflow } from "./workflow-rules.js";

/** What the full reader would return for a text without any diagnostic. */
export interface PlainWorkflow {
  readonly workflow: Workflow;
  readonly diagnostics: readonly [];
  /** As `ParsedWorkflow.locate`. */
  locate(stage: StageId, key: string, item?: number): Position;
}

/**
 * The workflow of a `stages.yaml` of the plain kind in which nothing is wrong: the same rules say so that the full reader
 * has. null = it is of any other form, or something is to be said of it, by the full reader (`parseWorkflow`). It exists
 * because the parser and the schemas take longer to load than Node does to start, three times over.
 */
export function readPlainWorkflow(
  text: string,
  fileName: string,
  options: ParseWorkflowOptions = {},
): PlainWorkflow | null {
  const tree = readPlainYaml(text);
  if (tree === null || !isPlainWorkflow(tree.value)) return null;
  const log = createDiagnosticLog(fileName, text);
  const workflow = readWorkflow(fileStem(fileName), { data: tree.value, wrong: [] }, tree, log, options);
  if (workflow === null || log.list().length > 0) return null;
  const lines = createLineIndex(text);
  return {
    workflow,
    diagnostics: [],
    locate: (stage, key, item) => lines.position(tree.valueSpan(["stages", stage, key, ...itemPath(item)]).start),
  };
}
