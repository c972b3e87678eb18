// What the tests share: a host, a request and a context that records.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AgentContext,
  type AgentRequest,
  type AgentResult,
  type PluginHost,
  randomHex,
  silentLogger,
  systemClock,
  TroupeError,
  type Usage,
} from "@troupe/core";
import { onTestFinished } from "vitest";
import plugin from "../src/index.js";

export interface Turn {
  /** The working folder. */
  readonly cwd: string;
  readonly host: PluginHost;
  readonly request: AgentRequest;
  readonly stop: AbortController;
  readonly kill: AbortController;
  readonly pids: number[];
  readonly activities: string[];
  readonly known: { readonly session?: string; readonly usage?: Usage }[];
  logged(): string;
  /** Resolves once the log holds `part`. */
  said(part: string): Promise<void>;
  run(options: object, changes?: Partial<AgentRequest>): Promise<AgentResult>;
  /** What `run` rejects with. */
  fail(options: object, changes?: Partial<AgentRequest>): Promise<unknown>;
}

export async function parseOptions<Options>(
  schema: { readonly "~standard": { readonly validate: (value: unknown) => unknown } },
  value: unknown,
): Promise<Options> {
  const result = (await schema["~standard"].validate(value)) as { value: Options; issues?: unknown };
  if (result.issues !== undefined) throw new TroupeError("PLUGIN_OPTIONS_INVALID", JSON.stringify(result.issues));
  return result.value;
}

let count = 0;

export async function createTurn(): Promise<Turn> {
  const folder = await mkdtemp(join(tmpdir(), "troupe-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [cwd, stateFolder] = [join(folder, "tree"), join(folder, ".troupe")];
  await mkdir(cwd);
  const [stop, kill] = [new AbortController(), new AbortController()];
  const [chunks, listeners]: [Uint8Array[], Set<() => void>] = [[], new Set()];
  const [pids, activities]: [number[], string[]] = [[], []];
  const known: Turn["known"] = [];
  const sink = { write: () => {}, isTerminal: false, size: () => ({ columns: 80, rows: 24 }) };
  const host: PluginHost = {
    clock: systemClock,
    randomHex,
    environment: { PATH: process.env.PATH },
    streams: { stdout: sink, stderr: sink },
    projectFolder: folder,
    stateFolder,
    logger: silentLogger,
  };
  const request: AgentRequest = {
    runId: "run-1",
    turn: "PLAN.1",
    stage: "PLAN",
    kind: "work",
    round: 1,
    agent: "writer",
    prompt: "# The prompt\n",
    cwd,
    artifactsFolder: join(folder, "artifacts"),
    env: { PATH: process.env.PATH ?? "", TROUPE_TURN: `agent-command-${process.pid}/1/PLAN.${++count}` },
    access: "full",
    timeoutMs: null,
    idleTimeoutMs: null,
  };
  const context: AgentContext = {
    signal: stop.signal,
    kill: kill.signal,
    logger: silentLogger,
    output: (chunk) => {
      chunks.push(chunk);
      for (const listener of listeners) listener();
    },
    activity: (kind) => activities.push(kind),
    processStarted: (pid) => pids.push(pid),
    known: (update) => known.push(update),
  };
  const logged = (): string => Buffer.concat(chunks).toString("utf8");
  const run: Turn["run"] = async (options, changes) => {
    const agent = await plugin.create(await parseOptions(plugin.options, options), host);
    return agent.run({ ...request, ...changes }, context);
  };
  return {
    cwd,
    host,
    request,
    stop,
    kill,
    pids,
    activities,
    known,
    logged,
    said: (part) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (logged().includes(part)) resolve();
        };
        listeners.add(look);
        look();
      }),
    run,
    fail: (options, changes) =>
      run(options, changes).then(
        (result) => result,
        (error: unknown) => error,
      ),
  };
}
