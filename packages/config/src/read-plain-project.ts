import { createDiagnosticLog } from "./diagnostic-log.js";
import { itemPath } from "./item-path.js";
import { createLineIndex, type Position } from "./line-index.js";
import { isPlainProject } from "./plain-forms.js";
import { readPlainYaml } from "./plain-yaml.js";
import type { ProjectConfig } from "./project-config.js";
import { readProject } from "./project-rules.js";

/** What the full reader would return for a text without any diagnostic. */
export interface PlainProject {
  readonly project: ProjectConfig;
  /** Where the value of a key stands, or one item of its list, counted from 0. */
  locate(key: keyof ProjectConfig, item?: number): Position;
}

/**
 * A `troupe.yaml` of the plain kind, as `troupe init` writes it and as most people do. null = it is of any other form, and
 * the full reader has to say what it means: there is no mistake that this one finds. It exists because loading the parser
 * takes longer than whatever `list` and `status` do.
 */
export function readPlainProject(text: string): PlainProject | null {
  const tree = readPlainYaml(text);
  if (tree === null || !isPlainProject(tree.value)) return null;
  const log = createDiagnosticLog("", text);
  const project = readProject({ data: tree.value, wrong: [] }, tree, text, log);
  if (log.list().length > 0) return null;
  const lines = createLineIndex(text);
  return { project, locate: (key, item) => lines.position(tree.valueSpan([key, ...itemPath(item)]).start) };
}
