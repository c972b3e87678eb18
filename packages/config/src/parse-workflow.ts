import type { StageId, Workflow } from "@troupe/core";
import { textProblem } from "./decode-text.js";
import type { Diagnostic } from "./diagnostic.js";
import { createDiagnosticLog } from "./diagnostic-log.js";
import { fileStem } from "./file-stem.js";
import { itemPath } from "./item-path.js";
import { createLineIndex, type Position } from "./line-index.js";
import { checkSchema } from "./schema-problems.js";
import { type ParseWorkflowOptions, readWorkflow } from "./workflow-rules.js";
import { workflowSchema } from "./workflow-schema.js";
import { parseYamlTree } from "./yaml-tree.js";

export type { ParseWorkflowOptions };

/** A workflow, and what is to be said of its text. */
export interface ParsedWorkflow {
  /** null when a diagnostic is an error. */
  readonly workflow: Workflow | null;
  /** Errors and warnings, sorted by place. */
  readonly diagnostics: readonly Diagnostic[];
  /** Where the file gives a key of a stage, or one item of its list, counted from 0; the stage's own line when it does not. */
  locate(stage: StageId, key: string, item?: number): Position;
}

/**
 * The workflow of a `stages.yaml`. Never throws for what is in the text: mistakes of syntax, of form and of meaning are
 * reported all at once. The workflow's name is the file's name without folder and ending.
 */
export function parseWorkflow(text: string, fileName: string, options: ParseWorkflowOptions = {}): ParsedWorkflow {
  const refusal = textProblem(text, fileName);
  if (refusal !== null) return { workflow: null, diagnostics: [refusal], locate: () => ({ line: 1, column: 1 }) };
  const log = createDiagnosticLog(fileName, text);
  const tree = parseYamlTree({ text, offset: 0 }, log);
  const checked = tree === null ? null : checkSchema(workflowSchema, tree, log);
  const workflow =
    tree === null || checked === null ? null : readWorkflow(fileStem(fileName), checked, tree, log, options);
  const lines = createLineIndex(text);
  return {
    workflow,
    diagnostics: log.list(),
    locate: (stage, key, item) => lines.position(tree?.valueSpan(["stages", stage, key, ...itemPath(item)]).start ?? 0),
  };
}
