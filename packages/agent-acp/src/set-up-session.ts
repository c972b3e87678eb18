import { methods, RequestError } from "@agentclientprotocol/sdk";
import { type AgentRequest, TroupeError } from "@troupe/core";
import type { Ask } from "./exchange.js";
import { isLoginMissing } from "./failures.js";
import type { OpenedSession } from "./open-session.js";
import type { AcpAgentOptions } from "./options.js";
import type { ModeSetting } from "./presets.js";
import type { Choice, ConfigOption, SessionOffer } from "./read-wire.js";

export interface SetUpRequest {
  readonly ask: Ask;
  readonly session: OpenedSession;
  readonly request: Pick<AgentRequest, "access" | "agent" | "model">;
  readonly settings: readonly ModeSetting[];
  readonly note: (line: string) => void;
}

const details = { retry: "never" } as const;
const MOST_NAMES = 20;

/** What the access means to this agent. Throws `AGENT_NOT_CONFIGURED` where nothing would keep it. */
export function settingsOf(
  options: AcpAgentOptions,
  { access, agent }: Pick<AgentRequest, "access" | "agent">,
): readonly ModeSetting[] {
  const settings = options.modes[access];
  if (settings !== undefined) return settings;
  if (access === "full") return []; // whatever it asks for is allowed
  const who = options.preset === null ? "its command" : `the preset ${options.preset.name}`;
  throw new TroupeError("AGENT_NOT_CONFIGURED", `access "${access}" of agent "${agent}" cannot be kept by ${who}`, {
    hint: `Name the agent's mode that asks before it acts: modes: { "${access}": "..." }, or [] if it always asks.`,
    details,
  });
}

/** Sets mode and model, whatever they are: the defaults of agents differ. Rejects `AGENT_NOT_CONFIGURED`. */
export async function setUpSession(setUp: SetUpRequest): Promise<void> {
  for (const setting of setUp.settings) await setMode(setUp, setting);
  await setModel(setUp);
}

async function setMode({ ask, session, request, note }: SetUpRequest, setting: ModeSetting): Promise<void> {
  const { id: sessionId, offer } = session;
  const name = typeof setting === "string" ? `the mode "${setting}"` : `${setting.option} = ${setting.value}`;
  const call = typeof setting === "string" ? modeCall(offer, setting) : optionCall(offer, setting);
  let cause: unknown;
  if (call !== null) {
    try {
      await ask(call.method, { sessionId, ...call.params });
      return;
    } catch (error) {
      if (!(error instanceof RequestError) || isLoginMissing(error)) throw error;
      cause = error;
    }
  }
  const why = cause instanceof RequestError ? cause.message : `it offers ${listNames(choicesFor(offer, setting))}`;
  // then it asks, and is allowed: the access is the same
  if (request.access === "full") return note(`${name} cannot be set (${why}); what the agent asks for is allowed`);
  const message = `access "${request.access}" of agent "${request.agent}" needs ${name}, which cannot be set: ${why}`;
  throw new TroupeError("AGENT_NOT_CONFIGURED", message, {
    hint: `Name another mode of the agent: modes: { "${request.access}": "..." }`,
    details,
    cause,
  });
}

/** What could be set instead. */
function choicesFor({ modes, options }: SessionOffer, setting: ModeSetting): readonly Choice[] {
  if (typeof setting === "string" && modes.length > 0) return modes;
  const option =
    typeof setting === "string" ? options.find(isModeOption) : options.find(({ id }) => id === setting.option);
  return option?.values ?? (option === undefined ? options.map(({ id }) => ({ id, name: id })) : []);
}

interface Call {
  readonly method: string;
  readonly params: object;
}

function modeCall({ modes, options }: SessionOffer, mode: string): Call | null {
  const isMeant = ({ id }: Choice): boolean => id === mode || id.endsWith(`#${mode}`); // some have addresses for ids
  const offered = modes.find(isMeant);
  if (offered !== undefined) return { method: methods.agent.session.setMode, params: { modeId: offered.id } };
  const option = options.find(isModeOption);
  const value = option?.values?.find(isMeant)?.id;
  if (option !== undefined && value !== undefined) return setOption(option.id, value);
  // a session that was taken up again may offer nothing, and still take it
  return modes.length === 0 && option === undefined
    ? { method: methods.agent.session.setMode, params: { modeId: mode } }
    : null;
}

function optionCall({ options }: SessionOffer, setting: Exclude<ModeSetting, string>): Call | null {
  const option = options.find(({ id }) => id === setting.option);
  if (option === undefined && options.length > 0) return null;
  // some would take any value, and keep the old one
  const isOffered = option?.values == null || option.values.some(({ id }) => id === setting.value);
  if (!isOffered) return null;
  return setOption(setting.option, setting.value);
}

function setOption(configId: string, value: string | boolean): Call {
  const type = typeof value === "boolean" ? { type: "boolean" } : {};
  return { method: methods.agent.session.setConfigOption, params: { configId, value, ...type } };
}

async function setModel({ ask, session, request, note }: SetUpRequest): Promise<void> {
  const { model } = request;
  if (model === undefined) return;
  const { id: sessionId, offer, isContinued } = session;
  const isMeant = ({ id, name }: Choice): boolean => id === model || name.toLowerCase() === model.toLowerCase();
  const option = offer.options.find(isModelOption);
  const value = option?.values?.find(isMeant)?.id;
  if (option !== undefined && value !== undefined) {
    const { method, params } = setOption(option.id, value);
    await ask(method, { sessionId, ...params });
    return;
  }
  const offered = offer.models.find(isMeant);
  if (offered !== undefined) {
    await ask("session/set_model", { sessionId, modelId: offered.id }); // before models were options
    return;
  }
  const choices = [...(option?.values ?? []), ...offer.models];
  if (isContinued && choices.length === 0) return note("the session offers no models: it keeps the one it has");
  throw new TroupeError("AGENT_NOT_CONFIGURED", `agent "${request.agent}" cannot use the model "${model}"`, {
    hint: choices.length === 0 ? "Choose the model in the agent's own settings." : `It offers ${listNames(choices)}.`,
    details,
  });
}

function isModeOption({ id, category }: ConfigOption): boolean {
  return category === "mode" || id === "mode";
}

function isModelOption({ id, category }: ConfigOption): boolean {
  return category === "model" || id === "model";
}

function listNames(choices: readonly Choice[]): string {
  if (choices.length === 0) return "none";
  const more = choices.length > MOST_NAMES ? `, and ${choices.length - MOST_NAMES} more` : "";
  return `${choices
    .slice(0, MOST_NAMES)
    .map(({ id }) => id)
    .join(", ")}${more}`;
}
