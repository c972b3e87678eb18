import { amountOf, type JsonObject, objectAt, textOf } from "./json-lines.js";
import { endTool, noteCall, type StreamState, startTool, type ToolCall } from "./stream-state.js";

/** Items that are words, not work. */
const NO_TOOLS: readonly unknown[] = ["agent_message", "reasoning", "todo_list", "error"];

/**
 * `codex exec --json`. `error` events and items may be notices, or be overcome by a reconnection: what counts is
 * `turn.completed` or `turn.failed`. Usage is of the whole thread.
 */
export function readCodex(state: StreamState, event: JsonObject): StreamState {
  const item = objectAt(event, "item");
  const id = textOf(item.id) ?? "";
  switch (event.type) {
    case "thread.started":
      return { ...state, session: textOf(event.thread_id) ?? state.session };
    case "item.started":
      return NO_TOOLS.includes(item.type) ? state : startTool(state, id);
    case "item.completed":
      if (item.type === "agent_message") return { ...state, text: textOf(item.text) ?? state.text };
      return item.type === "mcp_tool_call" ? noteCall(endTool(state, id), callOf(id, item)) : endTool(state, id);
    case "turn.completed": {
      const usage = objectAt(event, "usage");
      const [inputTokens, outputTokens] = [amountOf(usage.input_tokens), amountOf(usage.output_tokens)];
      const isKnown = inputTokens !== null || outputTokens !== null;
      const total = isKnown ? { inputTokens, outputTokens, costUsd: null } : state.total;
      return { ...state, isDone: true, tools: [], error: null, total };
    }
    case "turn.failed": {
      const error = messageIn(textOf(objectAt(event, "error").message)) ?? state.error ?? "the turn failed";
      return { ...state, isDone: true, tools: [], error };
    }
    case "error":
      return { ...state, error: messageIn(textOf(event.message)) ?? state.error };
    default:
      return state;
  }
}

/** As it is told when it has ended. */
function callOf(id: string, { server, tool, status, error, ...item }: JsonObject): ToolCall {
  const isWell = status === "completed" && (error ?? null) === null;
  return { id, name: `${textOf(server) ?? ""}/${textOf(tool) ?? ""}`, input: item.arguments, isWell };
}

/** Errors of the service come as JSON in the text: their words are kept with all that may name a time. */
function messageIn(text: string | null): string | null {
  return text === null ? null : text.trim();
}
