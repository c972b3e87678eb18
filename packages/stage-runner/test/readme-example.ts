import { type ConfiguredAgent, type PluginHost, type StateStore, TroupeError, type TurnRunner } from "@troupe/core";
import { createStageRunner } from "@troupe/stage-runner";

export function runnerFor(base: PluginHost, store: StateStore, agents: readonly ConfiguredAgent[]): TurnRunner {
  return createStageRunner(
    {},
    {
      ...base,
      blobs: store.blobs,
      logs: store.logs,
      runFolder: (runId) => `${base.stateFolder}/runs/${runId}`,
      async agent(id) {
        const agent = agents.find((one) => one.id === id);
        if (agent === undefined) throw new TroupeError("AGENT_UNKNOWN", `there is no agent ${id}`);
        return agent;
      },
    },
  );
}
