import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  type AgentContext,
  type AgentRequest,
  type AgentResult,
  type Clock,
  type ConfiguredAgent,
  defineStage,
  type Logger,
  type RunnerHost,
  randomHex,
  type StageDraft,
  type StateStore,
  sha256,
  systemClock,
  type TextRef,
  TroupeError,
  type TurnContext,
  type TurnInput,
  type TurnProgress,
  type TurnRunner,
  type TurnTask,
} from "@troupe/core";
import { createMemoryStore } from "@troupe/core/memory";
import { createStageRunner } from "../src/index.js";

export type AgentScript = (request: AgentRequest, context: AgentContext) => Promise<Partial<AgentResult>>;

export interface TurnHarness {
  readonly store: StateStore;
  readonly host: RunnerHost;
  readonly runner: TurnRunner;
  /** Working folder of the turns. */
  readonly workspace: string;
  /** Folder of the run `r-1`. */
  readonly runFolder: string;
  readonly latest: string;
  readonly requests: AgentRequest[];
  readonly notices: string[];
  /** A file below the artifacts folder. */
  write(name: string, content: string): Promise<void>;
  read(path: string): Promise<string>;
  /** A recorded artifact, its content in the store. */
  recorded(stage: string, name: string, content: string, turn?: string): Promise<TurnInput & { readonly name: string }>;
  log(turn: string): Promise<string>;
  remove(): Promise<void>;
}

export interface HarnessOptions {
  readonly agents?: Readonly<Record<string, AgentScript>>;
  readonly agent?: Partial<ConfiguredAgent>;
  readonly environment?: RunnerHost["environment"];
  readonly clock?: Partial<Clock>;
  readonly store?: (store: StateStore) => StateStore;
}

/** A runner with a real store, real folders and agents scripted in the test. */
export async function createTurnHarness(options: HarnessOptions = {}): Promise<TurnHarness> {
  const folder = await mkdtemp(join(tmpdir(), "troupe-"));
  const workspace = join(folder, "work");
  const runFolder = join(folder, "state", "runs", "r-1");
  await mkdir(workspace);
  const plain = createMemoryStore();
  const store = options.store?.(plain) ?? plain;
  const requests: AgentRequest[] = [];
  const notices: string[] = [];
  const logger: Logger = { debug: () => {}, info: (line) => notices.push(line), warn: (line) => notices.push(line) };
  const sink = { write: () => {}, isTerminal: false, size: () => ({ columns: 80, rows: 24 }) };
  const host: RunnerHost = {
    clock: { ...systemClock, ...options.clock },
    randomHex,
    environment: options.environment ?? { PATH: process.env.PATH, HOME: folder },
    streams: { stdout: sink, stderr: sink },
    projectFolder: workspace,
    stateFolder: join(folder, "state"),
    logger,
    blobs: store.blobs,
    logs: store.logs,
    runFolder: (runId) => join(folder, "state", "runs", runId),
    async agent(id) {
      const script = options.agents?.[id];
      if (script === undefined) throw new TroupeError("AGENT_UNKNOWN", `no agent ${id}`);
      return configure(id, script, requests, options.agent);
    },
  };
  const latest = join(runFolder, "artifacts", "latest");
  return {
    store,
    host,
    runner: createStageRunner({}, host),
    workspace,
    runFolder,
    latest,
    requests,
    notices,
    async write(name, content) {
      await mkdir(dirname(join(latest, name)), { recursive: true });
      await writeFile(join(latest, name), content);
    },
    read: (path) => readFile(path, "utf8"),
    async recorded(stage, name, content, turn = `${stage}.1`) {
      const ref = await plain.blobs.put("r-1", Buffer.from(content));
      return { ...ref, stage, name, turn, text: null };
    },
    async log(turn) {
      let text = "";
      for await (const chunk of store.logs.read("r-1", turn)) text += Buffer.from(chunk).toString("utf8");
      return text;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A harness whose agents `builder` and `reviewer` both do what `script` says. */
export function createScriptedHarness(script: AgentScript, options: HarnessOptions = {}): Promise<TurnHarness> {
  return createTurnHarness({ ...options, agents: { builder: script, reviewer: script, ...options.agents } });
}

/** What an agent says it used in one turn. */
export const usage = { inputTokens: 10, outputTokens: 2, costUsd: 0.5 };

function configure(
  id: string,
  script: AgentScript,
  requests: AgentRequest[],
  extra: Partial<ConfiguredAgent> = {},
): ConfiguredAgent {
  const runner = {
    async run(request: AgentRequest, context: AgentContext): Promise<AgentResult> {
      requests.push(request);
      return { output: "done", session: null, usage: null, ...(await script(request, context)) };
    },
  };
  return { id, runner, persona: null, model: null, access: "full", env: {}, ...extra };
}

export function textRef(text: string): TextRef {
  return { sha256: sha256(text), bytes: Buffer.byteLength(text), text };
}

/** A task of run `r-1`, a first work turn by the agent `builder` unless said otherwise. */
export function createTask(
  harness: TurnHarness,
  stage: StageDraft,
  draft: Partial<Omit<TurnTask, "stage">> = {},
): TurnTask {
  return {
    runId: "r-1",
    epoch: 1,
    turn: `${stage.id}.1`,
    stage: defineStage(stage),
    kind: "work",
    round: 1,
    attempt: 1,
    agent: "builder",
    group: null,
    objective: textRef("# Ship it\n"),
    template: null,
    inputs: [],
    owned: [],
    underReview: null,
    feedback: [],
    checks: [],
    lastChecks: [],
    skipped: [],
    before: null,
    beforeTurn: null,
    session: null,
    values: {},
    workspace: { kind: "folder", path: harness.workspace },
    ...draft,
  };
}

export interface ObservedContext extends TurnContext {
  readonly seen: TurnProgress[];
  /** Ends the turn. */
  abort(reason: string): void;
}

export function createContext(): ObservedContext {
  const stop = new AbortController();
  const seen: TurnProgress[] = [];
  return {
    signal: stop.signal,
    kill: new AbortController().signal,
    logger: { debug: () => {}, info: () => {}, warn: () => {} },
    progress: (update) => void seen.push(update),
    seen,
    abort: (reason) => stop.abort(reason),
  };
}
