import type { PluginDefinition } from "@troupe/core";
import { createAcpAgent } from "./acp-agent.js";
import { type AcpAgentOptions, acpAgentOptions } from "./options.js";

export { createAcpAgent } from "./acp-agent.js";
export { type AcpAgentOptions, acpAgentOptions } from "./options.js";

/** Any agent of the Agent Client Protocol. */
const plugin: PluginDefinition<"agent", AcpAgentOptions> = {
  kind: "agent",
  name: "acp",
  apiVersion: 1,
  options: acpAgentOptions,
  create: createAcpAgent,
};

export default plugin;
