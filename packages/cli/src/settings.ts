import { type AgentConfig, EMPTY_PROJECT, type ProjectConfig, parseProjectFile } from "@troupe/config";
import type { ConfiguredBinding } from "./agent-bindings.js";
import type { DiagnosedFiles } from "./diagnosed-files.js";
import type { Project } from "./project.js";

/** What the project file says, ready for use. */
export interface Settings extends Omit<ProjectConfig, "agents"> {
  readonly agents: Readonly<Record<string, ConfiguredBinding>>;
}

/** Reads the project file; what is wrong with it goes to `files`, and the settings are then those of an empty one. */
export async function readSettings(project: Project, files: DiagnosedFiles): Promise<Settings> {
  const file = project.file === null ? null : await files.read(project.file);
  if (file === null) return toSettings(EMPTY_PROJECT);
  const { project: config, diagnostics } = parseProjectFile(file.text, file.name);
  files.add(diagnostics);
  return toSettings(config ?? EMPTY_PROJECT);
}

function toSettings({ agents, ...rest }: ProjectConfig): Settings {
  return { ...rest, agents: Object.fromEntries(agents.map((agent) => [agent.id, bindingOf(agent)])) };
}

function bindingOf({ plugin, persona, model, env, access }: AgentConfig): ConfiguredBinding {
  const { name, options } = plugin;
  return { reference: { name, options: options ?? {} }, persona, model, env, access: access ?? "full" };
}
