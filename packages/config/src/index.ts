export {
  type CheckSources,
  type ProjectTestCommand,
  type ResolvedChecks,
  resolveChecks,
} from "./acceptance-checks.js";
export { type DecodedText, decodeText, MAX_FILE_BYTES } from "./decode-text.js";
export { defaultWorkflow } from "./default-workflow.js";
export { DEFAULT_WORKFLOW_YAML } from "./default-workflow-yaml.js";
export { compareDiagnostics, type Diagnostic, hasErrors } from "./diagnostic.js";
export { parseDuration } from "./duration.js";
export { featureName } from "./feature-name.js";
export { type FormatOptions, formatDiagnostic, formatDiagnostics } from "./format-diagnostic.js";
export { formatGithub } from "./format-github.js";
export { formatJson } from "./format-json.js";
export { formatSarif } from "./format-sarif.js";
export { jsonSchema, jsonSchemaText, SCHEMA_NAMES, type SchemaName } from "./json-schema.js";
export type { Position } from "./line-index.js";
export { type LoadedTemplate, type LoadedTemplates, loadTemplates, type TemplateOrigin } from "./load-templates.js";
export { nearestName } from "./nearest-name.js";
export { checkObjectiveReferences } from "./objective-references.js";
export type { ObjectiveItem, ObjectiveSection, SectionKind } from "./objective-sections.js";
export { type Objective, type ParsedObjective, parseObjective } from "./parse-objective.js";
export { type ParsedProjectFile, parseProjectFile } from "./parse-project-file.js";
export {
  type ParsedTeamBot,
  parseTeamBotSettings,
  parseTeamBotState,
  type TeamBotMember,
  type TeamBotSettings,
  type TeamBotState,
} from "./parse-teambot.js";
export { type ParsedWorkflow, type ParseWorkflowOptions, parseWorkflow } from "./parse-workflow.js";
export {
  type AgentConfig,
  EMPTY_PROJECT,
  type EnvironmentValue,
  type PluginReference,
  type ProjectConfig,
  type SecretSource,
} from "./project-config.js";
export { readProjectTestCommand } from "./read-test-command.js";
export { readTextFile } from "./read-text-file.js";
export { inputValues, validateSkip } from "./run-arguments.js";
