import type { Usage } from "@troupe/core";
import { amountOf, type JsonObject, objectAt, textOf } from "./json-lines.js";
import { readClaude } from "./read-claude.js";
import type { StreamState } from "./stream-state.js";

/** An answer that is none: the words of the service's error in the place of the model's. */
const API_ERROR = /^\[API Error: [\s\S]*\]$/;

/**
 * `qwen -o stream-json`: the events of Claude Code, but that a failure has its reason in `error`, that tokens are of the
 * whole session, those from a cache among the others, and that it tells no cost.
 */
export function readQwen(state: StreamState, event: JsonObject): StreamState {
  const next = readClaude(state, event);
  if (event.type !== "result") return next;
  const told = next.text?.trim() ?? "";
  // earlier versions, and some services, end such a turn as if it had gone well
  const said = API_ERROR.test(told) ? told : null;
  const reason = textOf(objectAt(event, "error").message) ?? said;
  const failed = event.is_error === true || said !== null;
  return {
    ...next,
    text: failed ? null : next.text,
    error: failed ? (reason ?? next.error) : null,
    usage: state.usage,
    total: tokensOf(objectAt(event, "usage")) ?? state.total,
  };
}

function tokensOf(usage: JsonObject): Usage | null {
  const [inputTokens, outputTokens] = [amountOf(usage.input_tokens), amountOf(usage.output_tokens)];
  return inputTokens === null && outputTokens === null ? null : { inputTokens, outputTokens, costUsd: null };
}
