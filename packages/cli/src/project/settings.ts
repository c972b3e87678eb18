import {
  type AgentConfig,
  EMPTY_PROJECT,
  type Position,
  type ProjectConfig,
  readPlainProject,
} from "@troupe/config/plain";
import type { CliHost } from "../cli-host.js";
import { type ConfiguredBinding, parseAgentName } from "../plugins/agent-bindings.js";
import type { PluginReference } from "../plugins/plugin-loader.js";
import type { DiagnosedFiles } from "./diagnosed-files.js";
import { secretNamesOf } from "./hook-secrets.js";
import type { Project } from "./project.js";
import { type ProjectSecrets, readSecrets, resolveEnvironment } from "./secrets.js";

/** What the project file says, ready for use. */
export interface Settings extends Omit<ProjectConfig, "agents" | "secrets"> {
  readonly agents: Readonly<Record<string, ConfiguredBinding>>;
  readonly secrets: ProjectSecrets;
  /** Where the project file names the workflow. */
  readonly workflowAt: Position;
  /** Where the value of a key stands in the project file. */
  locate(key: keyof ProjectConfig, item?: number): Position;
}

/**
 * Reads the project file; what is wrong with it goes to `files`, and the settings are then those of an empty one. From
 * here on the values of its secrets are masked in the output.
 */
export async function readSettings(host: CliHost, project: Project, files: DiagnosedFiles): Promise<Settings> {
  const { config, locate } = await readConfig(project, files);
  const secrets = readSecrets(config.secrets, host.environment, project, config.notify.flatMap(secretNamesOf));
  host.guard?.protect(secrets.masker);
  return { ...toSettings(config, secrets), workflowAt: locate("workflow"), locate };
}

interface ReadConfig {
  readonly config: ProjectConfig;
  locate(key: keyof ProjectConfig, item?: number): Position;
}

async function readConfig(project: Project, files: DiagnosedFiles): Promise<ReadConfig> {
  const file = project.file === null ? null : await files.read(project.file);
  if (file === null) return { config: EMPTY_PROJECT, locate: () => ({ line: 1, column: 1 }) };
  const plain = readPlainProject(file.text);
  if (plain !== null) return { config: plain.project, locate: plain.locate };
  const { parseProjectFile } = await import("./parse-project-file.js"); // no file, or a simple one, no parser
  const { project: config, diagnostics, locate } = parseProjectFile(file.text, file.name);
  files.add(diagnostics);
  return { config: config ?? EMPTY_PROJECT, locate };
}

function toSettings(
  { agents, ...rest }: ProjectConfig,
  secrets: ProjectSecrets,
): Omit<Settings, "workflowAt" | "locate"> {
  const bindings = agents.map((agent) => [agent.id, bindingOf(agent, secrets)] as const);
  return { ...rest, secrets, agents: Object.fromEntries(bindings) };
}

function bindingOf({ plugin, persona, model, env, access }: AgentConfig, secrets: ProjectSecrets): ConfiguredBinding {
  const { line, column } = plugin;
  return {
    reference: { ...referenceOf(plugin), line, column },
    line,
    persona,
    model,
    env: resolveEnvironment(env, secrets),
    access: access ?? "full",
  };
}

/**
 * A name may carry options, as that of a flag does; those that are written out go before them. What is no map is left
 * for the plugin to refuse.
 */
function referenceOf({ name, options }: AgentConfig["plugin"]): Pick<PluginReference, "name" | "options"> {
  const parsed = parseAgentName(name);
  const given = options ?? {};
  const isMap = typeof given === "object" && !Array.isArray(given);
  return { name: parsed.name, options: isMap ? { ...parsed.options, ...given } : given };
}
