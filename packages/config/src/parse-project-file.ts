import { toCheck } from "./check-schema.js";
import { toLimits } from "./common-schema.js";
import { textProblem } from "./decode-text.js";
import type { Diagnostic } from "./diagnostic.js";
import { createDiagnosticLog, type DiagnosticLog } from "./diagnostic-log.js";
import { createLineIndex, type Position } from "./line-index.js";
import { readHooks } from "./notify-rules.js";
import type { WrittenHook } from "./notify-schema.js";
import { hideHookSecrets } from "./notify-secrets.js";
import { type AgentConfig, EMPTY_PROJECT, type PluginReference, type ProjectConfig } from "./project-config.js";
import {
  AGENT_PATTERN,
  projectSchema,
  VARIABLE_PATTERN,
  type WrittenPlugin,
  type WrittenProject,
} from "./project-schema.js";
import { checkSchema } from "./schema-problems.js";
import { ID_HINT } from "./stage-order.js";
import { type Path, parseYamlTree, type YamlTree } from "./yaml-tree.js";

/** A project file, and what is to be said of its text. */
export interface ParsedProjectFile {
  /** null when a diagnostic is an error. */
  readonly project: ProjectConfig | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Where the value of a key stands. */
  locate(key: keyof ProjectConfig): Position;
}

/** The configuration of a `troupe.yaml`; an empty file is one. Never throws for what is in the text. */
export function parseProjectFile(text: string, fileName: string): ParsedProjectFile {
  const refusal = textProblem(text, fileName);
  if (refusal !== null) return { project: null, diagnostics: [refusal], locate: () => ({ line: 1, column: 1 }) };
  const log = createDiagnosticLog(fileName, text);
  const tree = parseYamlTree({ text, offset: 0 }, log);
  const isEmpty = tree?.value === null && !log.hasErrors();
  const project = tree === null || isEmpty ? EMPTY_PROJECT : readProject(tree, text, log);
  const lines = createLineIndex(text);
  return {
    project: log.hasErrors() ? null : project,
    diagnostics: hideHookSecrets(log.list(), text),
    locate: (key) => lines.position(tree?.valueSpan([key]).start ?? 0),
  };
}

function readProject(tree: YamlTree, text: string, log: DiagnosticLog): ProjectConfig | null {
  const checked = checkSchema(projectSchema, tree, log, "the file", mayHoldSecret);
  if (checked === null) return null;
  const { data: file, wrong } = checked;
  checkProject(file, tree, log);
  const refer = createReferrer(tree, text, log);
  return {
    workflow: file.workflow ?? null,
    store: refer(file.store, ["store"]),
    executor: refer(file.executor, ["executor"]),
    reporters: file.reporters?.flatMap((plugin, index) => refer(plugin, ["reporters", index]) ?? []) ?? null,
    agents: tree.keys(["agents"]).flatMap((id) => readAgent(id, file, refer)),
    checks: (file.checks ?? []).map(toCheck),
    secrets: (file.secrets ?? []).map((one) => (typeof one === "string" ? { name: one, file: null } : one)),
    limits: toLimits(file.limits),
    notify: readHooks(withoutWrong(file.notify, wrong), tree, log),
  };
}

/** Where whoever misunderstands the file writes a value instead of its name. */
function mayHoldSecret([top, , key, inner]: Path): boolean {
  if (top === "secrets") return true;
  if (top !== "notify") return false;
  return key === "webhook" || key === "slack" || key === "headers" || (key === "telegram" && inner === "token");
}

/** A hook that is no hook at all was reported; what stands in for it says nothing. */
function withoutWrong(
  hooks: WrittenProject["notify"],
  wrong: readonly Path[],
): readonly (readonly [number, WrittenHook])[] {
  const refused = new Set(
    wrong.flatMap(([top, index, ...rest]) => (top === "notify" && rest.length === 0 ? [index] : [])),
  );
  return [...(hooks ?? []).entries()].filter(([index]) => !refused.has(index));
}

type Referrer = (written: unknown, path: Path) => PluginReference | null;

function createReferrer(tree: YamlTree, text: string, log: DiagnosticLog): Referrer {
  return (written, path) => {
    const [name, options]: readonly unknown[] = Array.isArray(written) ? written : [written, undefined];
    if (typeof name !== "string") return null;
    const { start } = tree.valueSpan(Array.isArray(written) ? [...path, 0] : path);
    return { name, options, line: log.lineOf(start), column: start - text.lastIndexOf("\n", start - 1) };
  };
}

function readAgent(id: string, file: WrittenProject, refer: Referrer): readonly AgentConfig[] {
  const written = file.agents?.[id];
  if (written === undefined) return [];
  const path: Path = ["agents", id];
  if (!isAgentMap(written)) {
    const plugin = refer(written, path);
    return plugin === null ? [] : [{ id, plugin, persona: null, model: null, env: {}, access: null }];
  }
  const plugin = refer(written.plugin, [...path, "plugin"]);
  if (plugin === null) return [];
  const { options = plugin.options, persona, model, env, access } = written;
  return [
    {
      id,
      plugin: { ...plugin, options },
      persona: persona ?? null,
      model: model ?? null,
      env: env ?? {},
      access: access ?? null,
    },
  ];
}

type WrittenAgents = NonNullable<WrittenProject["agents"]>;
type AgentMap = Extract<WrittenAgents[string], { readonly plugin: WrittenPlugin }>;

function isAgentMap(written: WrittenAgents[string]): written is AgentMap {
  return typeof written === "object" && "plugin" in written;
}

function checkProject(file: WrittenProject, tree: YamlTree, log: DiagnosticLog): void {
  checkSecrets(file, tree, log);
  for (const id of tree.keys(["agents"])) {
    if (!AGENT_PATTERN.test(id)) {
      log.add({ span: tree.keySpan(["agents", id]), message: `"${id}" is not an agent id`, hint: ID_HINT });
    }
    checkAgent(file, tree, log, id);
  }
}

function checkSecrets({ secrets }: WrittenProject, tree: YamlTree, log: DiagnosticLog): void {
  const seen = new Set<string>();
  for (const [index, written] of (secrets ?? []).entries()) {
    const name = typeof written === "string" ? written : written.name;
    const span = tree.valueSpan(["secrets", index]);
    if (seen.has(name)) log.add({ span, message: `the secret ${name} is named twice`, hint: "Remove one of them." });
    seen.add(name);
  }
}

function checkAgent(file: WrittenProject, tree: YamlTree, log: DiagnosticLog, id: string): void {
  const written = file.agents?.[id];
  if (written === undefined || !isAgentMap(written)) return;
  if (Array.isArray(written.plugin) && written.plugin.length > 1 && written.options !== undefined) {
    const message = `agents.${id} gives options twice: in plugin and in options`;
    log.add({ span: tree.keySpan(["agents", id, "options"]), message, hint: "Remove one of them." });
  }
  for (const name of tree.keys(["agents", id, "env"])) {
    if (VARIABLE_PATTERN.test(name)) continue;
    const message = `"${name}" is not the name of an environment variable`;
    log.add({ span: tree.keySpan(["agents", id, "env", name]), message, hint: "It has letters, digits and _." });
  }
}
