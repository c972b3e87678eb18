import { textProblem } from "./decode-text.js";
import type { Diagnostic } from "./diagnostic.js";
import { createDiagnosticLog, type DiagnosticLog } from "./diagnostic-log.js";
import { itemPath } from "./item-path.js";
import { createLineIndex, type Position } from "./line-index.js";
import { hideHookSecrets } from "./notify-secrets.js";
import { EMPTY_PROJECT, type ProjectConfig } from "./project-config.js";
import { readProject } from "./project-rules.js";
import { projectSchema } from "./project-schema.js";
import { checkSchema } from "./schema-problems.js";
import { type Path, parseYamlTree, type YamlTree } from "./yaml-tree.js";

/** A project file, and what is to be said of its text. */
export interface ParsedProjectFile {
  /** null when a diagnostic is an error. */
  readonly project: ProjectConfig | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Where the value of a key stands, or one item of its list, counted from 0. */
  locate(key: keyof ProjectConfig, item?: number): Position;
}

/** The configuration of a `troupe.yaml`; an empty file is one. Never throws for what is in the text. */
export function parseProjectFile(text: string, fileName: string): ParsedProjectFile {
  const refusal = textProblem(text, fileName);
  if (refusal !== null) return { project: null, diagnostics: [refusal], locate: () => ({ line: 1, column: 1 }) };
  const log = createDiagnosticLog(fileName, text);
  const tree = parseYamlTree({ text, offset: 0 }, log);
  const isEmpty = tree?.value === null && !log.hasErrors();
  const project = tree === null || isEmpty ? EMPTY_PROJECT : checkProject(tree, text, log);
  const lines = createLineIndex(text);
  return {
    project: log.hasErrors() ? null : project,
    diagnostics: hideHookSecrets(log.list(), text),
    locate: (key, item) => lines.position(tree?.valueSpan([key, ...itemPath(item)]).start ?? 0),
  };
}

function checkProject(tree: YamlTree, text: string, log: DiagnosticLog): ProjectConfig | null {
  const checked = checkSchema(projectSchema, tree, log, "the file", mayHoldSecret);
  return checked === null ? null : readProject(checked, tree, text, log);
}

/** Where whoever misunderstands the file writes a value instead of its name. */
function mayHoldSecret([top, , key, inner]: Path): boolean {
  if (top === "secrets") return true;
  if (top !== "notify") return false;
  return key === "webhook" || key === "slack" || key === "headers" || (key === "telegram" && inner === "token");
}
