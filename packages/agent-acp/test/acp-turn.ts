// What the tests share: a scripted agent, a host, a request and a context that records.
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type AgentContext,
  type AgentHealth,
  type AgentRequest,
  type AgentResult,
  type AgentRunner,
  type Clock,
  type PluginHost,
  randomHex,
  silentLogger,
  systemClock,
  TroupeError,
} from "@troupe/core";
import { onTestFinished } from "vitest";
import plugin, { type AcpAgentOptions } from "../src/index.js";

const AGENT: string = fileURLToPath(new URL("./scripted-agent.mjs", import.meta.url));

export interface Script {
  readonly prompts?: readonly { readonly when?: string; readonly steps: readonly object[] }[];
  readonly [key: string]: unknown;
}

/** A line of what the scripted agent was asked. */
interface Asked {
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly permission?: unknown;
  readonly orphan?: number;
}

export interface AcpTurn {
  readonly folder: string;
  readonly cwd: string;
  readonly host: PluginHost;
  readonly request: AgentRequest;
  readonly stop: AbortController;
  readonly kill: AbortController;
  readonly activities: string[];
  readonly known: object[];
  readonly warnings: string[];
  /** Options that start the scripted agent with this script. */
  script(script: Script): Promise<{ readonly command: readonly string[] }>;
  create(options: object, changes?: Partial<PluginHost>): Promise<AgentRunner>;
  run(script: Script, changes?: Changes): Promise<AgentResult>;
  /** What `run` rejects with. */
  fail(script: Script, changes?: Changes): Promise<unknown>;
  check(script: Script): Promise<AgentHealth>;
  logged(): string;
  /** Resolves once the log holds `part`. */
  said(part: string): Promise<void>;
  asked(): readonly Asked[];
  askedFor(method: string): readonly unknown[];
}

export interface Changes {
  readonly options?: object;
  readonly request?: Partial<AgentRequest>;
  readonly context?: Partial<AgentContext>;
  readonly agent?: AgentRunner;
}

/** Once the agent has been asked `method`, hours have passed at once. */
export function hastyClock(turn: AcpTurn, method: string): Clock {
  const isAsked = (): boolean => turn.askedFor(method).length > 0;
  return {
    ...systemClock,
    monotonic: () => systemClock.monotonic() + (isAsked() ? 7_200_000 : 0),
    wait: async (ms, signal) => {
      const end = systemClock.monotonic() + ms;
      do await systemClock.wait(Math.min(ms, 10), signal);
      while (!isAsked() && systemClock.monotonic() < end);
    },
  };
}

async function parseOptions(value: unknown): Promise<AcpAgentOptions> {
  const result = await plugin.options["~standard"].validate(value);
  if (result.issues !== undefined) throw new TroupeError("PLUGIN_OPTIONS_INVALID", JSON.stringify(result.issues));
  return result.value;
}

let count = 0;

export async function createAcpTurn(): Promise<AcpTurn> {
  const folder = await mkdtemp(join(tmpdir(), "troupe-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const cwd = join(folder, "tree");
  await mkdir(cwd);
  const [stop, kill] = [new AbortController(), new AbortController()];
  const [chunks, listeners]: [Uint8Array[], Set<() => void>] = [[], new Set()];
  const [activities, known, warnings]: [string[], object[], string[]] = [[], [], []];
  const sink = { write: () => {}, isTerminal: false, size: () => ({ columns: 80, rows: 24 }) };
  const host: PluginHost = {
    clock: systemClock,
    randomHex,
    environment: { PATH: process.env.PATH },
    streams: { stdout: sink, stderr: sink },
    projectFolder: folder,
    stateFolder: join(folder, ".troupe"),
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
    env: { PATH: process.env.PATH ?? "", TROUPE_TURN: `agent-acp-${process.pid}/1/PLAN.${++count}` },
    access: "full",
    timeoutMs: null,
    idleTimeoutMs: null,
  };
  const context: AgentContext = {
    signal: stop.signal,
    kill: kill.signal,
    logger: { ...silentLogger, warn: (message) => warnings.push(message) },
    output: (chunk) => {
      chunks.push(chunk);
      for (const listener of listeners) listener();
    },
    activity: (kind) => activities.push(kind),
    processStarted: () => {},
    known: (update) => known.push(update),
  };
  const logged = (): string => Buffer.concat(chunks).toString("utf8");
  const recordFile = join(folder, "record.jsonl");
  const script: AcpTurn["script"] = async (content) => {
    const file = join(folder, `script-${++count}.json`);
    await writeFile(file, JSON.stringify(content));
    return { command: [process.execPath, AGENT, file, recordFile] };
  };
  const create: AcpTurn["create"] = async (options, changes) =>
    plugin.create(await parseOptions(options), { ...host, ...changes });
  const asked = (): readonly Asked[] =>
    existsSync(recordFile)
      ? readFileSync(recordFile, "utf8")
          .split("\n")
          .flatMap((line) => (line === "" ? [] : [JSON.parse(line)]))
      : [];
  const run: AcpTurn["run"] = async (content, changes = {}) => {
    const agent = changes.agent ?? (await create({ ...(await script(content)), ...changes.options }));
    return agent.run({ ...request, ...changes.request }, { ...context, ...changes.context });
  };
  return {
    folder,
    cwd,
    host,
    request,
    stop,
    kill,
    activities,
    known,
    warnings,
    script,
    create,
    run,
    fail: (content, changes) =>
      run(content, changes).then(
        (result) => result,
        (error: unknown) => error,
      ),
    check: async (content) => {
      const agent = await create(await script(content));
      if (agent.check === undefined) throw new Error("no check");
      return agent.check();
    },
    logged,
    said: (part) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (logged().includes(part)) resolve();
        };
        listeners.add(look);
        look();
      }),
    asked,
    askedFor: (method) => asked().flatMap((entry) => (entry.method === method ? [entry.params] : [])),
  };
}
