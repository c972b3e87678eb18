import type { PluginDefinition } from "@troupe/core";
import { createCommandAgent } from "./command-agent.js";
import { type CommandAgentOptions, commandAgentOptions } from "./options.js";

export { createCommandAgent } from "./command-agent.js";
export { type CommandAgentOptions, commandAgentOptions } from "./options.js";

/** Any command line program as an agent. */
const plugin: PluginDefinition<"agent", CommandAgentOptions> = {
  kind: "agent",
  name: "command",
  apiVersion: 1,
  options: commandAgentOptions,
  create: createCommandAgent,
};

export default plugin;
