import { DEFAULT_LIMITS, type ResumePlan, type RunDefinition, type RunLimits } from "@troupe/core";
import type { CommandContext } from "../command-context.js";
import { type Composition, type CompositionRequest, compose } from "../compose.js";
import { agentIdsOf, bindAgents } from "../plugins/agent-bindings.js";
import { notifierOf } from "../plugins/notify-hooks.js";
import type { PluginReference } from "../plugins/plugin-loader.js";

/** Everything to go on with a run as planned: the flags it was started with go before what the project file says now. */
export async function composeForRun(
  context: CommandContext,
  definition: RunDefinition,
  plan: ResumePlan,
): Promise<Composition> {
  const { flags, limits, workflow } = definition;
  const kept = new Set(plan.stages.flatMap(({ stage, action }) => (action === "keep" ? [stage] : [])));
  const ids = agentIdsOf(workflow.stages.filter(({ id }) => !kept.has(id))); // nobody is needed for what is kept
  const agents = bindAgents(ids, flags.agents, context.settings.agents);
  return await compose(context.host, context.project, await requestFor(context, agents, limits));
}

/** What the project file and the flags of the command line ask for. */
export async function requestFor(
  context: CommandContext,
  agents: CompositionRequest["agents"],
  limits: Pick<RunLimits, "concurrency" | "waitMs"> | null,
): Promise<CompositionRequest> {
  const { store, executor } = context.settings;
  const concurrency = limits?.concurrency ?? null;
  const answerWaitMs = isAttended(context) ? (limits?.waitMs ?? DEFAULT_LIMITS.waitMs) : null;
  return {
    store,
    executor,
    reporters: [...reportersOf(context), ...(await notifierOf(context))],
    agents,
    concurrency,
    ask: personOf(context),
    answerWaitMs,
    place: context.place,
  };
}

/** Somebody may look at it from another terminal: nobody does so in CI, and with --no-input nobody is asked. */
function isAttended({ options, host }: CommandContext): boolean {
  const { CI: ci = "" } = host.environment;
  return options.input !== false && (ci === "" || ci === "false");
}

/** Who reads events or plain lines is not at the terminal. */
function personOf({ options, ask }: CommandContext): CommandContext["ask"] {
  return options.json === true || options.plain === true ? null : ask;
}

/** The project file's, else the console. */
export function reportersOf({ settings, options }: CommandContext): readonly PluginReference[] {
  return settings.reporters ?? consoleFor(options);
}

/** For who looks on: the console alone, as the project file has it; other reporters are told by whoever performs the run. */
export function consoleOf({ settings, options }: CommandContext): readonly PluginReference[] {
  const own =
    options.json === true || options.plain === true || options.quiet === true ? [] : (settings.reporters ?? []);
  const configured = own.filter(({ name }) => name === "console");
  return configured.length > 0 ? configured : consoleFor(options);
}

function consoleFor({ json, plain, quiet, color }: CommandContext["options"]): readonly PluginReference[] {
  if (quiet === true && json !== true) return [];
  const mode = json === true ? "ndjson" : plain === true ? "plain" : "auto";
  return [{ name: "console", options: { mode, ...(color === undefined ? {} : { color }) } }];
}
