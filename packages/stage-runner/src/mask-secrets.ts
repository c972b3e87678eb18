import {
  type AgentRunner,
  type ConfiguredAgent,
  isTroupeError,
  maskContent,
  NO_SECRETS,
  type RunnerHost,
  type SecretMasker,
  sha256,
  TroupeError,
} from "@troupe/core";

/** What masks the values of secrets for this host; without any it masks nothing. */
export function maskerOf({ masker = NO_SECRETS }: Pick<RunnerHost, "masker">): SecretMasker {
  return masker;
}

/**
 * The host with nothing of a secret going in or out: content is masked on its way into the store, prompts on their way
 * to an agent, and whatever an agent answers or fails with on its way back. An agent need not know of it.
 */
export function createMaskingHost(host: RunnerHost): RunnerHost {
  const masker = maskerOf(host);
  if (masker === NO_SECRETS) return host;
  return {
    ...host,
    blobs: {
      put: (runId, content) => host.blobs.put(runId, maskContent(masker, content)),
      get: (runId, hash) => host.blobs.get(runId, hash),
    },
    agent: async (id) => maskAgent(await host.agent(id), masker),
  };
}

/** Of the agent's methods only `run` is a turn's business. */
function maskAgent(agent: ConfiguredAgent, masker: SecretMasker): ConfiguredAgent {
  const run: AgentRunner["run"] = async (request, context) => {
    try {
      const masked = { ...request, prompt: masker.mask(request.prompt) };
      const known: typeof context.known = (update) => context.known(maskStrings(update, masker));
      return maskStrings(await agent.runner.run(masked, { ...context, known }), masker);
    } catch (error) {
      throw maskError(error, masker);
    }
  };
  return { ...agent, runner: { run } };
}

function maskError(error: unknown, masker: SecretMasker): unknown {
  if (isTroupeError(error)) {
    const { code, message, hint, details } = maskStrings(
      { code: error.code, message: error.message, hint: error.hint, details: error.details },
      masker,
    );
    return new TroupeError(code, message, { hint, details, cause: error.cause });
  }
  if (!(error instanceof Error)) return typeof error === "string" ? masker.mask(error) : error;
  const message = masker.mask(error.message);
  return message === error.message ? error : new Error(message, { cause: error });
}

/**
 * The same plain data with every text in it masked, keys included. A text reference whose text changes refers to what
 * it has become.
 */
export function maskStrings<Data>(data: Data, masker: SecretMasker): Data {
  // the shape stays what it was: only strings are put in the place of strings
  return (masker === NO_SECRETS ? data : masked(data, masker)) as Data;
}

function masked(value: unknown, masker: SecretMasker): unknown {
  if (typeof value === "string") return masker.mask(value);
  if (Array.isArray(value)) return value.map((one) => masked(one, masker));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, one]) => [masker.mask(key), masked(one, masker)] as const);
  const copy: Record<string, unknown> = Object.fromEntries(entries);
  if ("sha256" in value && "text" in value && typeof copy.text === "string" && copy.text !== value.text) {
    return { ...copy, sha256: sha256(copy.text), bytes: Buffer.byteLength(copy.text) };
  }
  return copy;
}
