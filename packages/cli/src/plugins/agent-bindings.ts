import { type AgentAccess, type AgentDescriptor, type AgentId, type StageDefinition, TroupeError } from "@troupe/core";
import { ownValue } from "../project/own-value.js";
import type { PluginReference } from "./plugin-loader.js";

/** An agent id with the plugin that performs its turns and what the configuration says of it. */
export interface AgentBinding {
  readonly id: AgentId;
  readonly reference: PluginReference;
  /** As recorded in the run: a flag's text, else the plugin's name. */
  readonly label: string;
  readonly persona: string | null;
  readonly model: string | null;
  readonly access: AgentAccess;
  readonly env: Readonly<Record<string, string>>;
}

/** An agent as `troupe.yaml` has it. */
export interface ConfiguredBinding extends Omit<AgentBinding, "id" | "label"> {
  /** Where it stands in the file, from 1. */
  readonly line: number;
}

/** The agent ids that stages name, in order of appearance. */
export function agentIdsOf(stages: readonly StageDefinition[]): readonly AgentId[] {
  const ids = stages.flatMap(({ workAgent, parallelAgents = [], reviewAgent }) => [
    ...parallelAgents,
    workAgent,
    reviewAgent,
  ]);
  return [...new Set(ids)].filter((id) => id !== null);
}

/** A flag for an agent that nobody knows would leave the turns to somebody else. Throws `USAGE`. */
export function refuseUnknownAgents(ids: readonly AgentId[], flagged: readonly string[]): void {
  const unknown = flagged.filter((id) => id !== "all" && !ids.includes(id));
  if (unknown.length === 0) return;
  throw new TroupeError("USAGE", `--agent: the workflow has no agent ${unknown.map((id) => `"${id}"`).join(", ")}`, {
    hint: ids.length === 0 ? "Its stages need no agent." : `Its agents are ${ids.join(", ")}; all means every one.`,
  });
}

/**
 * Binds every agent id: a flag for it, a flag for `all`, the project file's entry, its `default`. Throws
 * `AGENT_NOT_CONFIGURED` when nothing at all is configured, `AGENT_UNKNOWN` naming every id without an agent.
 */
export function bindAgents(
  ids: readonly AgentId[],
  flags: Readonly<Record<string, string>>,
  configured: Readonly<Record<string, ConfiguredBinding>>,
): readonly AgentBinding[] {
  const bindings: AgentBinding[] = [];
  const unbound: AgentId[] = [];
  for (const id of ids) {
    const flag = ownValue(flags, id) ?? flags.all;
    const entry = ownValue(configured, id) ?? configured.default;
    if (flag !== undefined) bindings.push(bindFlag(id, flag, entry));
    else if (entry !== undefined) bindings.push(bindEntry(id, entry));
    else unbound.push(id);
  }
  if (unbound.length === 0) return bindings;
  if (Object.keys(configured).length + Object.keys(flags).length === 0) {
    throw new TroupeError("AGENT_NOT_CONFIGURED", "no agent is configured, and the workflow needs agents", {
      hint: "Write into troupe.yaml:\n  agents: { default: claude }\nor say it for one run: --agent all=claude\nWhat is installed here: troupe agents",
    });
  }
  throw new TroupeError("AGENT_UNKNOWN", `no agent is configured for ${unbound.join(", ")}`, {
    hint: `Add to \`agents:\` in troupe.yaml:\n  ${unbound.length === 1 ? unbound[0] : "default"}: claude\nWhat is installed here: troupe agents`,
    details: { agents: unbound },
  });
}

function bindEntry(id: AgentId, { line: _line, ...entry }: ConfiguredBinding): AgentBinding {
  return { ...entry, id, label: entry.reference.name };
}

function bindFlag(id: AgentId, flag: string, entry: ConfiguredBinding | undefined): AgentBinding {
  return {
    id,
    reference: parseAgentName(flag),
    label: flag,
    persona: entry?.persona ?? null,
    model: entry?.model ?? null,
    access: entry?.access ?? "full",
    env: entry?.env ?? {},
  };
}

/**
 * `replay:FILE` and `command:PROGRAM ARGUMENTS` (split at spaces) carry their options; anything else is the name of a
 * plugin, short (`claude`, `acp:codex`) or not.
 */
export function parseAgentName(text: string): Pick<PluginReference, "name"> & { readonly options: object } {
  const [, name, rest] = /^(replay|command):(.+)$/s.exec(text) ?? [];
  if (name === "replay") return { name, options: { file: rest } };
  if (name === "command") return { name, options: { command: rest?.trim().split(/\s+/) } };
  return { name: text, options: {} };
}

/**
 * The agents of a run that goes on, as they are configured now. One that is not configured any more stays as recorded:
 * nobody may need it, and whoever does is told by {@link bindAgents}.
 */
export function describeAgents(
  ids: readonly AgentId[],
  flags: Readonly<Record<string, string>>,
  configured: Readonly<Record<string, ConfiguredBinding>>,
  recorded: readonly AgentDescriptor[],
): readonly AgentDescriptor[] {
  return ids.flatMap((id) => {
    const own = [ownValue(flags, id), ownValue(configured, id)];
    const isBound = [...own, flags.all, configured.default].some((one) => one !== undefined);
    return isBound ? bindAgents([id], flags, configured).map(describeAgent) : recorded.filter((one) => one.id === id);
  });
}

/** What of a binding is recorded with the run. */
export function describeAgent({ id, label, model, persona }: AgentBinding): AgentDescriptor {
  return { id, plugin: label, model, persona };
}
