import { methods } from "@agentclientprotocol/sdk";
import {
  type AgentDemand,
  type AgentHealth,
  allowedEnvironment,
  isTroupeError,
  type PluginHost,
  sanitizeLine,
} from "@troupe/core";
import { exchange } from "./exchange.js";
import { isLoginMissing, notLoggedIn } from "./failures.js";
import { findCommand } from "./find-command.js";
import { introduce } from "./open-session.js";
import type { AcpAgentOptions } from "./options.js";
import type { AgentProfile } from "./read-wire.js";
import { settingsOf } from "./set-up-session.js";

/** For starting it and asking: some take ten seconds for their first start, on a busy machine also for others. */
const CHECK_MS = 15_000;
const LADDER = { askMs: 0, closeMs: 1000, termMs: 500, killMs: 2000 };

/** Starts the agent and a session, without a prompt: that finds most of what can be wrong. Never rejects. */
export async function checkAgent(
  options: AcpAgentOptions,
  host: PluginHost,
  demand: AgentDemand | undefined,
): Promise<AgentHealth> {
  const env = { ...allowedEnvironment(host.environment), ...demand?.env, ...options.env };
  try {
    const { projectFolder } = host;
    const agent = options.preset?.name ?? options.command[0] ?? "";
    if (demand !== undefined) settingsOf(options, { agent, access: demand.access });
    const { argv, isFallback } = await findCommand({ options, searchPath: env.PATH, projectFolder, who: "" });
    if (isFallback)
      return {
        ok: true,
        version: null,
        login: "unknown",
        message: `is not installed; npx will fetch ${options.preset?.pinned}`,
        hint: null,
      };
    return await tryAgent(argv, env, options, host);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const nothing = { ok: false, version: null, login: "unknown", message } as const;
    return isTroupeError(error) ? { ...nothing, hint: error.hint, code: error.code } : { ...nothing, hint: null };
  }
}

async function tryAgent(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  options: AcpAgentOptions,
  host: PluginHost,
): Promise<AgentHealth> {
  const met: { profile: AgentProfile | null } = { profile: null };
  const cwd = host.projectFolder;
  const end = await exchange({
    argv,
    cwd,
    env,
    marker: `check/${host.randomHex(8)}`,
    timeoutMs: CHECK_MS,
    idleTimeoutMs: null,
    ladder: LADDER,
    signal: new AbortController().signal,
    clock: host.clock,
    onDeaf: () => new Error("it has closed its input"),
    talk: async (ask) => {
      met.profile = await introduce(ask);
      await ask(methods.agent.session.new, { cwd, mcpServers: [] });
    },
  });
  const version = met.profile?.version ?? null;
  const name = argv[0] ?? "";
  const nothing = { version, login: "unknown" } as const;
  const bad = (message: string, hint: string | null): AgentHealth => ({ ...nothing, ok: false, message, hint });
  if (end.outcome.ended === "timeout")
    // slow is not broken, and a turn waits longer: no run is refused for it
    return {
      ...nothing,
      ok: true,
      message: `found ${name}, it did not answer within ${CHECK_MS / 1000} s`,
      hint: `Try it by hand: ${argv.join(" ")}`,
    };
  if (end.talked !== null && "said" in end.talked)
    // some notice only at the first prompt that nobody is logged in
    return { ...nothing, ok: true, message: `found ${name}, a session begins`, hint: null };
  const error = end.talked !== null && "error" in end.talked ? end.talked.error : null;
  if (isLoginMissing(error)) {
    const { message, hint } = notLoggedIn(name, options, met.profile?.authMethods ?? [], error);
    return { ...bad(message, hint), login: "out", code: "AGENT_NOT_LOGGED_IN" };
  }
  const last = sanitizeLine(end.stderr.trimEnd().split("\n").at(-1) ?? "");
  const how = end.outcome.ended === "exited" ? `ended with ${end.outcome.exitCode ?? end.outcome.signal}` : "failed";
  const why = error instanceof Error && end.outcome.ended !== "exited" ? sanitizeLine(error.message) : last;
  return bad(`${name} ${how}${why === "" ? "" : `: ${why}`}`, `Try it by hand: ${argv.join(" ")}`);
}
