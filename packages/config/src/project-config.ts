import type { AgentAccess, AgentId, CheckDefinition, HookDefinition, RunLimits } from "@troupe/core";

/** A plugin as the project file names it; its options are checked by the plugin itself. */
export interface PluginReference {
  /** Package name or relative path. */
  readonly name: string;
  /** undefined when the file gives none. */
  readonly options: unknown;
  /** Where the name stands, both from 1. */
  readonly line: number;
  readonly column: number;
}

/** A value that is masked in everything that is written. */
export interface SecretSource {
  /** Of the environment variable that has the value, when there is no file. */
  readonly name: string;
  /** Path as written, relative to the project file's folder; null = the value is in the environment. */
  readonly file: string | null;
}

/** A text, or the environment variable or secret that has the value. */
export type EnvironmentValue = string | { readonly from: string };

/** An entry of `agents` in `troupe.yaml`. */
export interface AgentConfig {
  /** `default` serves every id without an entry. */
  readonly id: AgentId | "default";
  readonly plugin: PluginReference;
  readonly persona: string | null;
  readonly model: string | null;
  readonly env: Readonly<Record<string, EnvironmentValue>>;
  /** null = not given. */
  readonly access: AgentAccess | null;
}

/** What a `troupe.yaml` says; null and empty = it does not say. */
export interface ProjectConfig {
  /** Path as written, relative to the file's folder. */
  readonly workflow: string | null;
  readonly store: PluginReference | null;
  readonly executor: PluginReference | null;
  /** null = the default ones; an empty list = none. */
  readonly reporters: readonly PluginReference[] | null;
  readonly agents: readonly AgentConfig[];
  readonly checks: readonly CheckDefinition[];
  readonly secrets: readonly SecretSource[];
  readonly limits: Partial<RunLimits>;
  readonly notify: readonly HookDefinition[];
}

/** What holds without a project file. */
export const EMPTY_PROJECT: ProjectConfig = {
  workflow: null,
  store: null,
  executor: null,
  reporters: null,
  agents: [],
  checks: [],
  secrets: [],
  limits: {},
  notify: [],
};
