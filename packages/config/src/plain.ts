// What needs neither the parser of YAML nor zod nor that of markdown: whoever only might show a mistake loads none of them.
export { compareDiagnostics, type Diagnostic, hasErrors } from "./diagnostic.js";
export { parseDuration } from "./duration.js";
export { type FormatOptions, formatDiagnostic, formatDiagnostics } from "./format-diagnostic.js";
export type { Position } from "./line-index.js";
export { loadTemplates } from "./load-templates.js";
export { nearestName } from "./nearest-name.js";
export {
  type AgentConfig,
  EMPTY_PROJECT,
  type EnvironmentValue,
  type PluginReference,
  type ProjectConfig,
  type SecretSource,
} from "./project-config.js";
export { type PlainProject, readPlainProject } from "./read-plain-project.js";
export { type PlainWorkflow, readPlainWorkflow } from "./read-plain-workflow.js";
export { readTextFile } from "./read-text-file.js";
