import { join } from "node:path";
import { type ConfiguredAgent, type PluginHost, type RunnerHost, type StateStore, TroupeError } from "@troupe/core";

export interface RunnerHostParts {
  readonly pluginHost: PluginHost;
  readonly store: StateStore;
  readonly agents: ReadonlyMap<string, ConfiguredAgent>;
  /** null = nobody is asked. */
  readonly ask: NonNullable<RunnerHost["ask"]> | null;
}

/** What the runner of turns gets: content and logs of the store, and the agents by their ids. */
export function createRunnerHost({ pluginHost, store, agents, ask }: RunnerHostParts): RunnerHost {
  return {
    ...pluginHost,
    blobs: store.blobs,
    logs: store.logs,
    agent: async (id) => {
      const agent = agents.get(id);
      if (agent !== undefined) return agent;
      throw new TroupeError("AGENT_UNKNOWN", `no agent is configured for "${id}"`, {
        hint: `Add "${id}", or a default, under \`agents:\` in troupe.yaml.`,
      });
    },
    runFolder: (runId) => join(pluginHost.stateFolder, "runs", runId),
    ...(ask === null ? {} : { ask }),
  };
}
