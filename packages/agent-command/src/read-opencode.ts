import type { Usage } from "@troupe/core";
import { amountOf, type JsonObject, objectAt, textOf } from "./json-lines.js";
import { addText, addUsage, noteCall, type StreamState, sum, type ToolCall } from "./stream-state.js";

/**
 * `opencode run --format json`. The answer is the text after the last tool; tokens and cost come with each step and
 * are summed. Tools are told only once they have ended, so nothing here says that one runs.
 */
export function readOpencode(state: StreamState, event: JsonObject): StreamState {
  const next = { ...state, session: textOf(event.sessionID) ?? state.session };
  const part = objectAt(event, "part");
  switch (event.type) {
    case "text": {
      const text = textOf(part.text);
      return text === null ? next : addText(next, text, "\n");
    }
    case "tool_use":
      return noteCall({ ...next, isMessageOver: true }, callOf(part));
    case "step_finish": {
      const isDone = part.reason !== "tool-calls";
      return { ...next, isDone, error: isDone ? null : next.error, usage: addUsage(next.usage, usageOf(part)) };
    }
    case "error":
      return { ...next, isDone: true, error: reasonOf(objectAt(event, "error")) ?? textOf(event.message) ?? "error" };
    default:
      return next;
  }
}

function callOf(part: JsonObject): ToolCall {
  const { status, input } = objectAt(part, "state");
  return { id: textOf(part.callID) ?? "", name: textOf(part.tool) ?? "", input, isWell: status === "completed" };
}

function usageOf(part: JsonObject): Usage | null {
  const tokens = objectAt(part, "tokens");
  const cache = objectAt(tokens, "cache");
  const inputTokens = sum(amountOf(tokens.input), amountOf(cache.read), amountOf(cache.write));
  const outputTokens = sum(amountOf(tokens.output), amountOf(tokens.reasoning));
  const costUsd = amountOf(part.cost);
  return inputTokens === null && outputTokens === null && costUsd === null
    ? null
    : { inputTokens, outputTokens, costUsd };
}

function reasonOf(error: JsonObject): string | null {
  const { message, statusCode } = objectAt(error, "data");
  const status = amountOf(statusCode) === null ? null : `status ${String(statusCode)}`;
  const parts = [textOf(error.name), status, textOf(message) ?? textOf(error.message)];
  return parts.filter((part) => part !== null).join(": ") || null;
}
