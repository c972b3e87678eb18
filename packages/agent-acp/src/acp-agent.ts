import type { AgentContext, AgentRequest, AgentResult, AgentRunner, PluginHost } from "@troupe/core";
import { checkAgent } from "./check-agent.js";
import type { AcpAgentOptions } from "./options.js";
import { runTurn } from "./run-turn.js";

/** Any agent that speaks the Agent Client Protocol: one process for each turn. See the README for what its ends mean. */
export function createAcpAgent(options: AcpAgentOptions, host: PluginHost): AgentRunner {
  return {
    run: (request: AgentRequest, context: AgentContext): Promise<AgentResult> =>
      runTurn({ options, host, request, context }),
    check: (demand) => checkAgent(options, host, demand),
  };
}
