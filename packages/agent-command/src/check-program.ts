import { type AgentHealth, type PluginHost, sanitizeLine } from "@troupe/core";
import { createOutputCap, findProgram, runProcess } from "@troupe/process";
import { notInstalled } from "./failures.js";
import type { CommandAgentOptions } from "./options.js";
import type { Preset } from "./presets.js";

const VERSION_MS = 10_000;
const VERSION_BYTES = 4096;

/**
 * Looks for the program and asks a known one for its version, within ten seconds. A wrapper such as npx is looked for
 * only: it might download.
 */
export async function checkProgram(
  program: string,
  preset: Preset | null,
  options: CommandAgentOptions,
  host: PluginHost,
): Promise<AgentHealth> {
  const searchPath = options.env.PATH ?? host.environment.PATH;
  const path = await findProgram({ program, searchPath, folder: host.projectFolder });
  if (path === null) {
    const { message, hint } = notInstalled(program, { agent: null, preset });
    return { ok: false, version: null, message, hint };
  }
  const found = { ok: true, version: null, message: `found ${path}`, hint: null };
  if (preset === null || options.command.length > 1) return found;
  const { version, problem } = await askVersion(path, options, host);
  if (problem === null) return { ...found, version };
  return {
    ok: false,
    version: null,
    message: `${path} --version ${problem}`,
    hint: `Install it anew: ${preset.install}`,
  };
}

interface Version {
  readonly version: string | null;
  readonly problem: string | null;
}

async function askVersion(path: string, options: CommandAgentOptions, host: PluginHost): Promise<Version> {
  const output = createOutputCap({ maxBytes: VERSION_BYTES });
  const environment = Object.entries(host.environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  try {
    const { ended, exitCode } = await runProcess({
      command: { argv: [path, "--version"] },
      cwd: host.projectFolder,
      env: { ...Object.fromEntries(environment), ...options.env },
      input: null,
      marker: `check/0/${host.randomHex(8)}`,
      timeoutMs: VERSION_MS,
      idleTimeoutMs: null,
      ladder: { termMs: 1000 },
      signal: new AbortController().signal,
      clock: host.clock,
      onOutput: (chunk) => output.write(chunk),
    });
    if (ended !== "exited") return { version: null, problem: `gave no answer within ${VERSION_MS / 1000} s` };
    if (exitCode !== 0)
      return { version: null, problem: `ended with exit code ${exitCode}: ${firstLine(output.text())}` };
  } catch (error) {
    return { version: null, problem: `could not be started: ${error instanceof Error ? error.message : "unknown"}` };
  }
  return { version: /\b\d+\.\d+(?:\.\d+)?[\w.+-]*/.exec(output.text())?.[0].replace(/\.$/, "") ?? null, problem: null };
}

function firstLine(text: string): string {
  return sanitizeLine(text.trim().split("\n")[0] ?? "").slice(0, 200);
}
