import {
  type AgentDemand,
  type AgentHealth,
  allowedEnvironment,
  isTroupeError,
  type PluginHost,
  sanitizeLine,
} from "@troupe/core";
import { createOutputCap, findProgram, runProcess } from "@troupe/process";
import { refuseWhatCannotBeKept } from "./command-line.js";
import { notInstalled } from "./failures.js";
import type { CommandAgentOptions } from "./options.js";
import type { Preset } from "./presets.js";

const ANSWER_MS = 10_000;
const ANSWER_BYTES = 4096;

export interface ProgramCheck {
  /** Resolved. */
  readonly program: string;
  readonly preset: Preset | null;
  readonly options: CommandAgentOptions;
  readonly host: PluginHost;
  /** undefined = only the program is looked at. */
  readonly demand: AgentDemand | undefined;
}

/**
 * Looks for the program and asks a known one for its version and its login, within ten seconds. A wrapper such as npx
 * is looked for only: it might download.
 */
export async function checkProgram(check: ProgramCheck): Promise<AgentHealth> {
  const { program, preset, options, host, demand } = check;
  const env = { ...allowedEnvironment(host.environment), ...demand?.env, ...options.env };
  const path = await findProgram({ program, searchPath: env.PATH, folder: host.projectFolder });
  const nothing = { version: null, login: "unknown" } as const;
  if (path === null) {
    const { message, hint } = notInstalled(program, { agent: null, preset });
    return { ...nothing, ok: false, message, hint };
  }
  const refusal = refusalOf(options, demand);
  const found = { ...nothing, ok: true, message: `found ${path}`, hint: null };
  if (preset === null || options.command.length > 1) return refusal ?? found;
  const ask = (args: readonly string[]): Promise<Answer> => askProgram([path, ...args], env, host);
  const [version, login] = await Promise.all([ask(["--version"]), askLogin(preset, options, env, ask)]);
  if (version.problem !== null) {
    const message = `${path} --version ${version.problem}`;
    // slow is not broken: no run is refused for it
    if (version.isLate) return { ...found, message, hint: `Try it by hand: ${path} --version` };
    return { ...nothing, ok: false, message, hint: `Install it anew: ${preset.install}` };
  }
  const number = /\b\d+\.\d+(?:\.\d+)?[\w.+-]*/.exec(version.text)?.[0].replace(/\.$/, "") ?? null;
  const known = { version: number, login };
  if (refusal !== null) return { ...refusal, ...known };
  if (login === "unknown" && preset.login !== null)
    return { ...found, ...known, message: `${found.message}, login unknown` };
  if (login !== "out") return { ...found, ...known };
  // still ok: what the project's own files set up, it does not always tell here
  return { ...found, ...known, message: `found ${path}, not logged in`, hint: `Log in: ${preset.login}` };
}

function refusalOf(options: CommandAgentOptions, demand: AgentDemand | undefined): AgentHealth | null {
  if (demand === undefined) return null;
  try {
    refuseWhatCannotBeKept(options, { agent: null, model: demand.model, access: demand.access });
    return null;
  } catch (error) {
    if (!isTroupeError(error)) throw error;
    const { code, message, hint } = error;
    return { ok: false, version: null, login: "unknown", message, hint, code };
  }
}

/** Its own words; what it does not know for sure is `unknown`. */
async function askLogin(
  { loginStatus }: Preset,
  { args }: CommandAgentOptions,
  env: Readonly<Record<string, string>>,
  ask: (args: readonly string[]) => Promise<Answer>,
): Promise<AgentHealth["login"]> {
  if (loginStatus === null) return "unknown";
  // arguments of the user's own may name another service
  if (args.length > 0 || loginStatus.keys.some((key) => (env[key] ?? "") !== "")) return "unknown";
  const { text, problem } = await ask(loginStatus.args);
  if (loginStatus.out.test(text)) return "out";
  return problem === null ? "in" : "unknown";
}

interface Answer {
  readonly text: string;
  /** What went wrong, as the end of a sentence; null = it exited 0. */
  readonly problem: string | null;
  /** It was not given more time. */
  readonly isLate: boolean;
}

async function askProgram(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  host: PluginHost,
): Promise<Answer> {
  const output = createOutputCap({ maxBytes: ANSWER_BYTES });
  try {
    const { ended, exitCode } = await runProcess({
      command: { argv },
      cwd: host.projectFolder,
      env,
      input: null,
      marker: `check/0/${host.randomHex(8)}`,
      timeoutMs: ANSWER_MS,
      idleTimeoutMs: null,
      ladder: { termMs: 1000 },
      signal: new AbortController().signal,
      clock: host.clock,
      onOutput: (chunk) => output.write(chunk),
    });
    const text = output.text();
    if (ended !== "exited") return { text: "", problem: `gave no answer within ${ANSWER_MS / 1000} s`, isLate: true };
    const problem = exitCode === 0 ? null : `ended with exit code ${exitCode}: ${firstLine(text)}`;
    return { text, problem, isLate: false };
  } catch (error) {
    const problem = `could not be started: ${error instanceof Error ? error.message : "unknown"}`;
    return { text: "", problem, isLate: false };
  }
}

function firstLine(text: string): string {
  return sanitizeLine(text.trim().split("\n")[0] ?? "").slice(0, 200);
}
