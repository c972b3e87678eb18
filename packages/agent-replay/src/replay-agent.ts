import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import {
  type AgentContext,
  type AgentRequest,
  type AgentResult,
  type AgentRunner,
  isTroupeError,
  type PluginHost,
  resolveInside,
  TroupeError,
} from "@troupe/core";
import { type Cassette, describeKey, nearestKeys, parseCassette } from "./cassette.js";
import type { CassetteError, CassetteFile, CassetteLine } from "./cassette-line.js";
import type { ReplayAgentOptions } from "./options.js";

/** How many recorded turns the hint of a miss names. */
const NEAREST = 3;

/**
 * An agent that plays recorded turns: the same turn always gives the same files and the same output, in any order and
 * at any attempt. Rejects `FILE_NOT_FOUND` and `CASSETTE_INVALID`.
 */
export async function createReplayAgent({ file }: ReplayAgentOptions, host: PluginHost): Promise<AgentRunner> {
  const path = resolve(host.projectFolder, file);
  const cassette = parseCassette(await readCassette(path), file);
  return {
    run: (request, context) => playTurn(cassette, host, request, context),
    check: async () => {
      const message = `${cassette.lines.length} recorded turns in ${file}`;
      return { ok: true, version: null, login: "unknown", message, hint: null };
    },
  };
}

async function readCassette(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new TroupeError("FILE_NOT_FOUND", `the cassette ${path} cannot be read`, {
      hint: `Look for it with: ls -l '${path}'`,
      cause: error,
    });
  }
}

async function playTurn(
  cassette: Cassette,
  host: PluginHost,
  request: AgentRequest,
  context: AgentContext,
): Promise<AgentResult> {
  const line = cassette.find({ ...request, turn: request.kind });
  if (line === null) throw missing(cassette, request);
  const session = sessionOf(request);
  context.known({ session });
  if (line.delayMs > 0) await host.clock.wait(line.delayMs, context.signal);
  for (const file of line.files) {
    refuseAborted(context.signal, request);
    await writeRecorded(file, request);
  }
  refuseAborted(context.signal, request);
  if (line.usage !== null) context.known({ usage: line.usage });
  if (line.output !== "") {
    context.output(Buffer.from(line.output, "utf8"));
    context.activity("output");
  }
  if (line.error !== null) throw recordedError(line.error);
  if (line.output.trim() === "") throw silent(line);
  return { output: line.output, session, usage: line.usage };
}

/** One session for each role of an agent in a stage; those who work also fix. */
function sessionOf({ stage, kind, agent }: AgentRequest): string {
  return `${stage}/${kind === "review" ? "review" : "work"}/${agent}`;
}

async function writeRecorded({ path, content, encoding, root }: CassetteFile, request: AgentRequest): Promise<void> {
  const folder = root === "artifacts" ? request.artifactsFolder : request.cwd;
  try {
    await mkdir(folder, { recursive: true });
    const target = await resolveInside(folder, path);
    if (content === null) {
      await rm(target, { force: true });
      return;
    }
    await mkdir(dirname(target), { recursive: true });
    await writeFile(await resolveInside(folder, path), Buffer.from(content, encoding));
  } catch (error) {
    if (isTroupeError(error)) throw error;
    throw new TroupeError("AGENT_FAILED", `the recorded file ${path} cannot be written to ${folder}`, {
      hint: `Look at the folder: ls -ld '${folder}'; df -h '${folder}'`,
      cause: error,
    });
  }
}

function refuseAborted(signal: AbortSignal, { agent }: AgentRequest): void {
  if (signal.aborted) throw new TroupeError("AGENT_FAILED", `agent "${agent}" was stopped before it ended`);
}

function recordedError({ code, message, retry }: CassetteError): TroupeError {
  return new TroupeError(code, message, retry === null ? {} : { details: { retry } });
}

function silent(line: CassetteLine): TroupeError {
  return new TroupeError("AGENT_NO_OUTPUT", `the recorded turn has no output: ${describeKey(line)}`);
}

function missing(cassette: Cassette, request: AgentRequest): TroupeError {
  const key = { ...request, turn: request.kind };
  const nearest = nearestKeys(cassette, key, NEAREST).map(describeKey);
  const hint = nearest.length === 0 ? `${cassette.fileName} is empty.` : `Nearest recorded: ${nearest.join("; ")}.`;
  return new TroupeError("AGENT_CASSETTE_MISS", `${cassette.fileName} has no line for ${describeKey(key)}`, {
    hint,
    details: { retry: "never", nearest },
  });
}
