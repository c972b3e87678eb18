import { join } from "node:path";
import {
  type AgentRunner,
  type ConfiguredAgent,
  type Dialogue,
  type Engine,
  isTroupeError,
  type Logger,
  type PluginHost,
  type PluginKind,
  type PluginKinds,
  type ProgressReporter,
  type ReporterHost,
  type RunnerHost,
  type StateStore,
  TroupeError,
} from "@troupe/core";
import type { CliHost } from "./cli-host.js";
import { closeInTime } from "./host/close-in-time.js";
import { type Closing, createClosing } from "./host/closing.js";
import { createRunLog, type RunLog } from "./host/run-log.js";
import { createRunnerHost } from "./host/runner-host.js";
import type { AgentBinding } from "./plugins/agent-bindings.js";
import { LOAD_HINT, type LoadedPlugin, loadPlugin, type PluginReference } from "./plugins/plugin-loader.js";
import { placesOf } from "./plugins/plugin-places.js";
import { together } from "./plugins/plugin-problems.js";
import type { Project } from "./project/project.js";
import { announceQuestions } from "./questions/announce-questions.js";
import { type ApprovalPrompts, createApprovalPrompts } from "./questions/approval-prompts.js";
import { createQuestionBox } from "./questions/question-box.js";
import { createQuestions } from "./questions/questions.js";
import type { TurnRecorder } from "./record/turn-recorder.js";

const CONSOLE = "console";
const DEFAULT_STORE: PluginReference = { name: "fs", options: {} };

/** Which plugins to put together. */
export interface CompositionRequest {
  readonly store: PluginReference | null;
  readonly executor: PluginReference | null;
  readonly reporters: readonly PluginReference[];
  readonly agents: readonly AgentBinding[];
  /** Turns at once, for the executor when the project file does not name one; null = its own default. */
  readonly concurrency: number | null;
  /** Reaches the person for questions of agents; null = nobody is asked. */
  readonly ask: CliHost["ask"];
  /** How long a question waits for `troupe answer` where there is no terminal, in ms; null = it is not put. */
  readonly answerWaitMs: number | null;
  /** Makes the commands in a question work where they are pasted; absent = they do so as they are. */
  readonly place?: (text: string) => string;
  /** Records what the agents do; absent = nobody does. */
  readonly recorder?: TurnRecorder;
}

/** Everything that a run is performed with; disposing closes it all in reverse order. */
export interface Composition extends AsyncDisposable {
  readonly engine: Engine;
  readonly agents: readonly ConfiguredAgent[];
  /** Asks the person at the terminal about results that wait; null = nobody is there. To be told beside the reporters. */
  readonly approvals: ApprovalPrompts | null;
}

export interface ComposedStore extends AsyncDisposable {
  readonly store: StateStore;
}

/** Only the store, for commands that start nothing. `onlyBundled`: any other is `PLUGIN_NOT_FOUND`. */
export async function composeStore(
  host: CliHost,
  project: Project,
  reference: PluginReference | null,
  onlyBundled = false,
): Promise<ComposedStore> {
  const pluginHost = createPluginHost(host, project);
  const plugin = await loadPlugin("store", reference ?? DEFAULT_STORE, { ...placesOf(project), onlyBundled });
  const store = await create(plugin, pluginHost);
  return { store, [Symbol.asyncDispose]: () => store.close() };
}

/** Only one agent, for commands that ask how it is. The caller closes it. */
export async function composeAgent(host: CliHost, project: Project, reference: PluginReference): Promise<AgentRunner> {
  const plugin = await loadPlugin("agent", reference, placesOf(project));
  return await create(plugin, createPluginHost(host, project));
}

export interface ComposedReporters extends AsyncDisposable {
  readonly reporters: readonly ProgressReporter[];
}

/** Only reporters, for commands that show a run which others perform. */
export async function composeReporters(
  host: CliHost,
  project: Project,
  references: readonly PluginReference[],
): Promise<ComposedReporters> {
  const log = createRunLog(host);
  const pluginHost = createPluginHost(host, project, { logger: log.logger });
  const closing = createClosing((message) => pluginHost.logger.warn(message));
  const plugins: LoadedPlugin<"reporter">[] = [];
  for (const reference of references) plugins.push(await loadPlugin("reporter", reference, placesOf(project)));
  const reporters = await createReporters(plugins, { host, pluginHost, closing, log });
  return { reporters, [Symbol.asyncDispose]: () => closing[Symbol.asyncDispose]() };
}

/** Loads and creates everything. The problems of all plugins are collected before it rejects. */
export async function compose(host: CliHost, project: Project, request: CompositionRequest): Promise<Composition> {
  const { recorder = null } = request;
  const questions = request.ask === null ? null : createQuestions(request.ask);
  const heldHost = questions?.holdBack(host) ?? host;
  const log = createRunLog(heldHost);
  const pluginHost = createPluginHost(heldHost, project, { dialogue: questions?.dialogue, logger: log.logger });
  const plugins = await loadAll(project, request);
  const closing = createClosing((message) => pluginHost.logger.warn(message));
  try {
    const told: ProgressReporter[] = [];
    const box = questions?.ask ?? createQuestionBox(pluginHost, request.answerWaitMs, request.place);
    const ask = box === null ? null : announceQuestions(box, told, questions === null);
    const engine = await createEngine({ host: heldHost, plugins, pluginHost, closing, ask, log, recorder, told });
    const approvals =
      questions === null ? null : createApprovalPrompts(engine.engine, questions, pluginHost, request.place);
    closing.add(() => approvals?.close());
    return { ...engine, approvals, [Symbol.asyncDispose]: () => closing[Symbol.asyncDispose]() };
  } catch (error) {
    await closing[Symbol.asyncDispose]();
    throw error;
  }
}

interface LoadedPlugins {
  readonly store: LoadedPlugin<"store">;
  readonly executor: LoadedPlugin<"executor">;
  readonly runner: LoadedPlugin<"runner">;
  readonly reporters: readonly LoadedPlugin<"reporter">[];
  readonly agents: readonly { readonly binding: AgentBinding; readonly plugin: LoadedPlugin<"agent"> }[];
}

async function loadAll(project: Project, request: CompositionRequest): Promise<LoadedPlugins> {
  const problems: unknown[] = [];
  const load = async <Kind extends PluginKind>(
    kind: Kind,
    reference: PluginReference,
  ): Promise<LoadedPlugin<Kind>[]> => {
    try {
      return [await loadPlugin(kind, reference, placesOf(project))];
    } catch (error) {
      problems.push(error);
      return [];
    }
  };
  const concurrency = request.concurrency === null ? {} : { concurrency: request.concurrency };
  const [store] = await load("store", request.store ?? DEFAULT_STORE);
  const [executor] = await load("executor", request.executor ?? { name: "parallel", options: concurrency });
  const [runner] = await load("runner", { name: "stage-runner", options: {} });
  const reporters: LoadedPlugin<"reporter">[] = [];
  for (const reference of request.reporters) reporters.push(...(await load("reporter", reference)));
  const agents: { binding: AgentBinding; plugin: LoadedPlugin<"agent"> }[] = [];
  for (const binding of request.agents) {
    for (const plugin of await load("agent", binding.reference)) agents.push({ binding, plugin });
  }
  if (store === undefined || executor === undefined || runner === undefined || problems.length > 0)
    throw together(problems);
  return { store, executor, runner, reporters, agents };
}

interface EngineParts {
  readonly host: CliHost;
  readonly plugins: LoadedPlugins;
  readonly pluginHost: PluginHost;
  readonly closing: Closing;
  readonly ask: NonNullable<RunnerHost["ask"]> | null;
  readonly recorder: TurnRecorder | null;
  readonly log: RunLog;
  /** Who is told of questions: gets the reporters as soon as there are some. */
  readonly told: ProgressReporter[];
}

async function createEngine({
  host,
  plugins,
  pluginHost,
  closing,
  ask,
  recorder,
  log,
  told,
}: EngineParts): Promise<{ readonly engine: Engine; readonly agents: readonly ConfiguredAgent[] }> {
  const store = await create(plugins.store, pluginHost);
  closing.add(() => store.close());
  const agents = await createAgents(plugins, pluginHost, closing, recorder);
  const runner = await create(plugins.runner, createRunnerHost({ pluginHost, store, agents, ask }));
  const executor = await create(plugins.executor, { ...pluginHost, runner });
  closing.add(() => executor.close?.());
  const ofRuns = {
    runFolder: (runId: string) => join(pluginHost.stateFolder, "runs", runId),
    entries: (runId: string, afterSeq: number) => store.read(runId, afterSeq),
  };
  const parts = { host, pluginHost: { ...pluginHost, ...ofRuns }, closing, log };
  const reporters = await createReporters(plugins.reporters, parts);
  told.push(...reporters);
  const engine = {
    store,
    executor,
    reporters: recorder === null ? reporters : [...reporters, recorder.reporter(store.blobs)],
    clock: host.clock,
    randomHex: host.randomHex,
    logger: pluginHost.logger,
  };
  return { engine, agents: [...agents.values()] };
}

interface ReporterParts extends Pick<EngineParts, "host" | "closing" | "log"> {
  readonly pluginHost: ReporterHost;
}

async function createReporters(
  plugins: readonly LoadedPlugin<"reporter">[],
  { host, pluginHost, closing, log }: ReporterParts,
): Promise<readonly ProgressReporter[]> {
  // only who shows a run may paint
  const reporterHost = { ...pluginHost, streams: host.guard?.painted ?? pluginHost.streams };
  const reporters: ProgressReporter[] = [];
  for (const plugin of plugins) {
    const reporter = closeInTime(await create(plugin, reporterHost), pluginHost, (closed) => log.leave(closed));
    closing.add(() => reporter.close());
    // another may show no notices, and then they would be lost
    if (plugin.definition.name === CONSOLE) log.showThrough(reporter);
    reporters.push(reporter);
  }
  return reporters;
}

/** Rejects `PLUGIN_LOAD_FAILED` for an error that is not the plugin's own way to say what is wrong. */
async function create<Kind extends PluginKind>(
  { definition, options }: LoadedPlugin<Kind>,
  host: PluginKinds[Kind]["host"],
): Promise<PluginKinds[Kind]["instance"]> {
  try {
    return await definition.create(options, host);
  } catch (cause) {
    if (isTroupeError(cause)) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    const what = `${definition.kind} plugin "${definition.name}" could not be made ready: ${message}`;
    throw new TroupeError("PLUGIN_LOAD_FAILED", what, { hint: LOAD_HINT, cause });
  }
}

/** Agent ids with the same plugin and options share one instance. */
async function createAgents(
  { agents }: LoadedPlugins,
  pluginHost: PluginHost,
  closing: Closing,
  recorder: TurnRecorder | null,
): Promise<ReadonlyMap<string, ConfiguredAgent>> {
  const instances = new Map<string, AgentRunner>();
  const configured = new Map<string, ConfiguredAgent>();
  for (const { binding, plugin } of agents) {
    const key = JSON.stringify(binding.reference);
    let runner = instances.get(key);
    if (runner === undefined) {
      const own = await create(plugin, pluginHost);
      const made = recorder === null ? own : recorder.watchAgent(own);
      closing.add(() => made.close?.());
      instances.set(key, made);
      runner = made;
    }
    const { id, persona, model, access, env } = binding;
    configured.set(id, { id, runner, persona, model, access, env });
  }
  return configured;
}

type PluginHostParts = { readonly dialogue?: Dialogue | undefined; readonly logger?: Logger };

function createPluginHost(host: CliHost, project: Project, parts: PluginHostParts = {}): PluginHost {
  const { dialogue, logger = createRunLog(host).logger } = parts;
  const { clock, randomHex, environment, stdout, stderr, guard } = host;
  return {
    clock,
    randomHex,
    environment,
    streams: { stdout, stderr },
    projectFolder: project.folder,
    stateFolder: project.stateFolder,
    logger,
    ...(guard === undefined ? {} : { masker: guard.masker }),
    ...(dialogue === undefined ? {} : { dialogue }),
  };
}
