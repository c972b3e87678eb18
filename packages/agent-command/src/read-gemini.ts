import { amountOf, type JsonObject, objectAt, textOf } from "./json-lines.js";
import { addText, endTool, type StreamState, startTool } from "./stream-state.js";

/**
 * `gemini -o stream-json`. Messages come in pieces; one ends where a tool is used. `error` events are warnings; a
 * failure is a `result` whose status is not "success", or JSON on standard error and nothing here.
 */
export function readGemini(state: StreamState, event: JsonObject): StreamState {
  const id = textOf(event.tool_id) ?? "";
  switch (event.type) {
    case "init":
      return { ...state, session: textOf(event.session_id) ?? state.session };
    case "message": {
      const text = event.role === "assistant" ? textOf(event.content) : null;
      if (text === null) return state;
      return addText(event.delta === true ? state : { ...state, isMessageOver: true }, text);
    }
    case "tool_use":
      return { ...startTool(state, id), isMessageOver: true };
    case "tool_result":
      return endTool(state, id);
    case "result":
      return readResult(state, event);
    default:
      return state;
  }
}

function readResult(state: StreamState, event: JsonObject): StreamState {
  const stats = objectAt(event, "stats");
  const [inputTokens, outputTokens] = [amountOf(stats.input_tokens), amountOf(stats.output_tokens)];
  const usage = inputTokens === null && outputTokens === null ? null : { inputTokens, outputTokens, costUsd: null };
  const { type, message } = objectAt(event, "error");
  const reason = [textOf(type), textOf(message)].filter((part) => part !== null).join(": ");
  const isWell = event.status === "success";
  return { ...state, isDone: true, tools: [], usage, error: isWell ? null : reason || "the turn failed" };
}
