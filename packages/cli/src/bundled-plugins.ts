import { nearestName } from "@troupe/config/plain";

/** A short name for a plugin. */
export interface PluginAlias {
  /** Package name. */
  readonly package: string;
  /** Go before those that the project file gives. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Coding agents that are known by their command line, in the order in which they are proposed. */
export const KNOWN_AGENTS: readonly string[] = ["claude", "codex", "copilot", "gemini", "opencode", "qwen", "aider"];

/** The only place that knows concrete plugins: their short names, with the options that a name stands for. */
const BUNDLED: ReadonlyMap<string, PluginAlias> = new Map([
  ["command", named("@troupe/agent-command")],
  ["shell", named("@troupe/agent-command", { preset: "shell" })],
  ["replay", named("@troupe/agent-replay")],
  ["acp", named("@troupe/agent-acp")],
  ["fs", named("@troupe/store-fs")],
  ["parallel", named("@troupe/executor-parallel")],
  ["console", named("@troupe/progress-console")],
  ["notify", named("@troupe/notify")],
  ["stage-runner", named("@troupe/stage-runner")],
  ...KNOWN_AGENTS.map((preset) => [preset, named("@troupe/agent-command", { preset })] as const),
]);
const ACP = /^acp:(?=.)/;
const OURS = "@troupe/";

/** The plugins that come with the command: loaded without a look at the disk, where the built command holds them. */
const MODULES: ReadonlyMap<string, () => Promise<unknown>> = new Map<string, () => Promise<unknown>>([
  ["@troupe/agent-acp", () => import("@troupe/agent-acp")],
  ["@troupe/agent-command", () => import("@troupe/agent-command")],
  ["@troupe/agent-replay", () => import("@troupe/agent-replay")],
  ["@troupe/executor-parallel", () => import("@troupe/executor-parallel")],
  ["@troupe/notify", () => import("@troupe/notify")],
  ["@troupe/progress-console", () => import("@troupe/progress-console")],
  ["@troupe/stage-runner", () => import("@troupe/stage-runner")],
  ["@troupe/store-fs", () => import("@troupe/store-fs")],
]);

/** Loads a plugin that comes with the command; null = it is none of them. */
export function bundledModule(packageName: string): (() => Promise<unknown>) | null {
  return MODULES.get(packageName) ?? null;
}

/** What a short name stands for, `acp:PRESET` too; null = it is none. */
export function aliasOf(name: string): PluginAlias | null {
  if (ACP.test(name)) return named("@troupe/agent-acp", { preset: name.replace(ACP, "") });
  return BUNDLED.get(name) ?? null;
}

/** Published for itself, to be installed by those who want it; nothing here imports it. */
const STORE_SQLITE = `${OURS}store-sqlite`;

/** The name of ours that was probably meant, a short one or that of a package; null = none is near. */
export function nearestPlugin(name: string): string | null {
  const packages = [...MODULES.keys(), STORE_SQLITE];
  const meant = new Map([
    ...[...BUNDLED.keys()].map((alias) => [alias, alias] as const),
    ...packages.flatMap((one) => [[one, one] as const, [one.replace(OURS, ""), one] as const]),
    ["sqlite", STORE_SQLITE] as const,
  ]);
  const nearest = nearestName(name, [...meant.keys()]);
  const found = nearest === null ? null : (meant.get(nearest) ?? null);
  return found === name ? null : found;
}

function named(name: string, options: PluginAlias["options"] = {}): PluginAlias {
  return { package: name, options };
}
