import type { PluginDefinition } from "@troupe/core";
import { type ReplayAgentOptions, replayAgentOptions } from "./options.js";
import { createReplayAgent } from "./replay-agent.js";

export { type Cassette, type CassetteKey, parseCassette } from "./cassette.js";
export type { CassetteError, CassetteFile, CassetteLine } from "./cassette-line.js";
export { type ReplayAgentOptions, replayAgentOptions } from "./options.js";
export { createReplayAgent } from "./replay-agent.js";

/** Plays a recorded cassette. */
const plugin: PluginDefinition<"agent", ReplayAgentOptions> = {
  kind: "agent",
  name: "replay",
  apiVersion: 1,
  options: replayAgentOptions,
  create: createReplayAgent,
};

export default plugin;
