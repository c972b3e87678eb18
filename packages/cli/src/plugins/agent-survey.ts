import type { AgentAccess, AgentDemand, AgentHealth } from "@troupe/core";
import { KNOWN_AGENTS } from "../bundled-plugins.js";
import type { CommandContext } from "../command-context.js";
import { composeAgent } from "../compose.js";
import type { ConfiguredBinding } from "./agent-bindings.js";
import { checkAgent, TOO_LATE, unwell } from "./agent-health.js";
import type { PluginReference } from "./plugin-loader.js";

/** How an agent was found, as `agents --json` and `doctor --json` show it. */
interface Found {
  readonly version: string | null;
  readonly login: AgentHealth["login"];
  readonly message: string | null;
  /** What to do; null = nothing. */
  readonly hint: string | null;
}

/** An agent of the project file. */
export interface ConfiguredReport extends Found {
  readonly id: string;
  /** As the file names it. */
  readonly plugin: string;
  readonly persona: string | null;
  readonly model: string | null;
  readonly access: AgentAccess;
  readonly file: string;
  readonly line: number;
  /** A turn could begin: it is there, takes what is asked of it, and is not known to be without a login. */
  readonly ok: boolean;
}

/** A coding agent that is known by its command line. */
export interface KnownReport extends Found {
  /** What `agents:` and `--agent` take. */
  readonly name: string;
  readonly installed: boolean;
  /** An entry of the project file names it. */
  readonly configured: boolean;
}

export interface AgentSurvey {
  readonly agents: readonly ConfiguredReport[];
  readonly known: readonly KnownReport[];
}

/** Ends the command with its exit code, also when an agent that gave no answer would keep the process alive. */
export type EndWith = (code: 0 | 6) => number;

/** Asks every agent of the project file, and every known program, how it is; all at once, and without a model. */
export async function surveyAgents(context: CommandContext): Promise<AgentSurvey & { readonly endWith: EndWith }> {
  const { settings, host } = context;
  let isStuck = false;
  const look = createLook(context, () => {
    isStuck = true;
  });
  const names = new Set(Object.values(settings.agents).map(({ reference }) => presetOf(reference)));
  const [agents, known] = await Promise.all([
    Promise.all(Object.entries(settings.agents).map(([id, binding]) => reportConfigured(context, id, binding, look))),
    Promise.all(KNOWN_AGENTS.map((name) => reportKnown(name, names.has(name), look))),
  ]);
  const endWith: EndWith = (code) => {
    if (isStuck) host.exitNow(code);
    return code;
  };
  return { agents, known, endWith };
}

type Look = (reference: PluginReference, demand: AgentDemand) => Promise<AgentHealth>;

/** The same agent with the same demand is asked once. */
function createLook({ host, project }: CommandContext, onStuck: () => void): Look {
  const asked = new Map<string, Promise<AgentHealth>>();
  const ask: Look = async (reference, demand) => {
    try {
      const runner = await composeAgent(host, project, reference);
      const health = await checkAgent(runner, demand, host.clock);
      if (health === TOO_LATE) onStuck();
      else await runner.close?.();
      return health;
    } catch (error) {
      return unwell(error);
    }
  };
  return (reference, demand) => {
    const key = JSON.stringify([reference, demand]);
    const answer = asked.get(key) ?? ask(reference, demand);
    asked.set(key, answer);
    return answer;
  };
}

async function reportConfigured(
  { project, files }: CommandContext,
  id: string,
  binding: ConfiguredBinding,
  look: Look,
): Promise<ConfiguredReport> {
  const { reference, persona, model, access, env, line } = binding;
  const { ok, version, login, message, hint } = await look(reference, { model, access, env });
  return {
    id,
    plugin: reference.name,
    persona,
    model: model ?? textOf(reference.options, "model"),
    access,
    file: files.nameOf(project.file ?? ""),
    line,
    ok: ok && login !== "out",
    version,
    login,
    message,
    hint,
  };
}

async function reportKnown(name: string, configured: boolean, look: Look): Promise<KnownReport> {
  const reference = { name, options: {} };
  const { ok, version, login, message, hint } = await look(reference, { model: null, access: "full", env: {} });
  return { name, installed: ok, configured, version, login, message, hint };
}

/** The known program that an entry stands for, however it says so. */
function presetOf({ name, options }: PluginReference): string {
  return textOf(options, "preset") ?? name.replace(/^acp:/, "");
}

function textOf(options: unknown, key: string): string | null {
  if (typeof options !== "object" || options === null) return null;
  const value = new Map<string, unknown>(Object.entries(options)).get(key);
  return typeof value === "string" ? value : null;
}

const LOGINS = { in: ", logged in", out: ", not logged in", unknown: "" } as const;

/** In a few words how it was found. */
export function describeFound({ version, login, message }: Found): string {
  const found = message ?? "it does not say how it is";
  const told = found.replace(/, (?:not )?logged in$/, "");
  // an agent that is asked by its own protocol says it itself
  const more = told.includes("not logged in") ? "" : LOGINS[login];
  return `${version === null ? "" : `${version}, `}${told}${more}`;
}
