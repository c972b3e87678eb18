import { amountOf, type JsonObject, objectAt, textOf } from "./json-lines.js";
import { endCall, endTool, noteCall, type StreamState, startTool, sum, type ToolCall } from "./stream-state.js";

/**
 * `copilot --output-format json`. The last `assistant.message` with content is the answer, but for those of
 * sub-agents, whose calls of tools are not the agent's own either; the last line is `result`. It tells the tokens that
 * were written, and no cost.
 */
export function readCopilot(state: StreamState, event: JsonObject): StreamState {
  const data = objectAt(event, "data");
  const id = textOf(data.toolCallId) ?? "";
  const isOfSubagent = textOf(event.agentId) !== null || textOf(data.parentToolCallId) !== null;
  switch (event.type) {
    case "session.start":
    case "session.resume":
      return { ...state, session: textOf(data.sessionId) ?? state.session };
    case "assistant.message":
      return readMessage(state, data, isOfSubagent);
    case "tool.execution_start":
      return isOfSubagent ? startTool(state, id) : noteCall(startTool(state, id), callOf(id, data));
    case "tool.execution_complete":
      return isOfSubagent ? endTool(state, id) : endCall(endTool(state, id), id, data.success === true);
    case "session.error":
      return { ...state, error: textOf(data.message) ?? "the session failed" };
    case "result": {
      const isWell = event.exitCode === undefined || event.exitCode === 0;
      const error = isWell ? null : (state.error ?? `the session ended with exit code ${String(event.exitCode)}`);
      return { ...state, isDone: true, tools: [], session: textOf(event.sessionId) ?? state.session, error };
    }
    default:
      return state;
  }
}

function callOf(id: string, data: JsonObject): ToolCall {
  const [server, tool] = [textOf(data.mcpServerName), textOf(data.mcpToolName)];
  const name = server === null || tool === null ? (textOf(data.toolName) ?? "") : `${server}/${tool}`;
  return { id, name, input: data.arguments, isWell: null };
}

function readMessage(state: StreamState, data: JsonObject, isOfSubagent: boolean): StreamState {
  const outputTokens = sum(state.usage?.outputTokens ?? null, amountOf(data.outputTokens));
  const usage = outputTokens === null ? null : { inputTokens: null, outputTokens, costUsd: null };
  const text = isOfSubagent ? null : textOf(data.content);
  return { ...state, usage, text: text ?? state.text };
}
