import type { DiagnosticLog } from "./diagnostic-log.js";
import { readHooks } from "./notify-rules.js";
import type { WrittenHook } from "./notify-schema.js";
import type { AgentConfig, PluginReference, ProjectConfig } from "./project-config.js";
import { AGENT_PATTERN, VARIABLE_PATTERN } from "./project-names.js";
import type { WrittenPlugin, WrittenProject } from "./project-schema.js";
import { ID_HINT } from "./stage-order.js";
import { toCheck, toLimits } from "./written-values.js";
import type { Path, YamlTree } from "./yaml-tree.js";

interface CheckedProject {
  readonly data: WrittenProject;
  /** Paths of the values that were left out. */
  readonly wrong: readonly Path[];
}

/** What a project file says whose values have the right form, but for those at `wrong`; the rest is checked here. */
export function readProject(
  { data: file, wrong }: CheckedProject,
  tree: YamlTree,
  text: string,
  log: DiagnosticLog,
): ProjectConfig {
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
