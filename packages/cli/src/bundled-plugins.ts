/** A short name for a plugin. */
export interface PluginAlias {
  /** Package name. */
  readonly package: string;
  /** Go before those that the project file gives. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Coding agents that are known by their command line, in the order in which they are proposed. */
export const KNOWN_AGENTS: readonly string[] = ["claude", "codex", "copilot", "gemini", "opencode", "aider"];
/** Those of `@troupe/agent-acp`. */
const ACP_AGENTS: readonly string[] = ["claude", "codex", "copilot", "gemini", "opencode", "qwen"];

/** The only place that knows concrete plugins: their short names, with the options that a name stands for. */
export const BUNDLED: ReadonlyMap<string, PluginAlias> = new Map([
  ["command", named("@troupe/agent-command")],
  ["replay", named("@troupe/agent-replay")],
  ["acp", named("@troupe/agent-acp")],
  ["fs", named("@troupe/store-fs")],
  ["parallel", named("@troupe/executor-parallel")],
  ["console", named("@troupe/progress-console")],
  ["stage-runner", named("@troupe/stage-runner")],
  ...KNOWN_AGENTS.map((preset) => [preset, named("@troupe/agent-command", { preset })] as const),
  ...ACP_AGENTS.map((preset) => [`acp:${preset}`, named("@troupe/agent-acp", { preset })] as const),
]);

function named(name: string, options: PluginAlias["options"] = {}): PluginAlias {
  return { package: name, options };
}
