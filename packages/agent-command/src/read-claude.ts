import type { Usage } from "@troupe/core";
import { amountOf, type JsonObject, listOf, objectAt, textOf } from "./json-lines.js";
import { addUsage, endCall, endTool, noteCall, type StreamState, startTool, sum } from "./stream-state.js";

/**
 * `claude -p --output-format stream-json --verbose`. The last `result` counts, and of it `is_error`: its `subtype` is
 * "success" also when nobody is logged in. Its `usage` is of the turn, its `total_cost_usd` of the whole session. Calls
 * of sub-agents are running tools as others are, but not the agent's own.
 */
export function readClaude(state: StreamState, event: JsonObject): StreamState {
  const next = { ...state, session: textOf(event.session_id) ?? state.session };
  const isOfSubagent = textOf(event.parent_tool_use_id) !== null;
  switch (event.type) {
    case "assistant":
      return blocksOf(event, "tool_use").reduce((read, { id, name, input }) => {
        const call = { id: textOf(id) ?? "", name: textOf(name) ?? "", input, isWell: null };
        const started = startTool(read, call.id);
        return isOfSubagent ? started : noteCall(started, call);
      }, next);
    case "user":
      return blocksOf(event, "tool_result").reduce((read, block) => {
        const id = textOf(block.tool_use_id) ?? "";
        const ended = endTool(read, id);
        return isOfSubagent ? ended : endCall(ended, id, block.is_error !== true);
      }, next);
    case "rate_limit_event":
      return { ...next, resetsAt: resetOf(objectAt(event, "rate_limit_info")) ?? state.resetsAt };
    case "result":
      return readResult(next, event);
    default:
      return next;
  }
}

function blocksOf(event: JsonObject, type: string): readonly JsonObject[] {
  const blocks = listOf(objectAt(event, "message").content).map((block) => objectAt(block));
  return blocks.filter((block) => block.type === type);
}

function resetOf(info: JsonObject): number | null {
  const seconds = amountOf(info.resetsAt);
  // what lies beyond the limit may be paid for: then the turn goes on, and ends for other reasons
  const isStopped = info.status === "rejected" && info.isUsingOverage !== true;
  return isStopped && seconds !== null ? seconds * 1000 : null;
}

function readResult(state: StreamState, event: JsonObject): StreamState {
  const text = textOf(event.result);
  const reasons = listOf(event.errors).filter((reason) => typeof reason === "string");
  const said = [...(text === null ? [] : [text]), ...reasons].join("\n");
  const models = event.model_usage_since_last_result;
  const since = models === undefined ? null : addUsage(state.usage, usageSince(objectAt(models)));
  const cost = amountOf(event.total_cost_usd);
  return {
    ...state,
    isDone: true,
    tools: [],
    text: event.is_error === true ? null : text,
    error: event.is_error === true ? said || `${textOf(event.subtype) ?? "error"} without a reason` : null,
    structured: event.structured_output ?? undefined,
    usage: since ?? tokensOf(objectAt(event, "usage")) ?? state.usage,
    total: cost === null ? state.total : { inputTokens: null, outputTokens: null, costUsd: cost },
  };
}

/** Of all models, sub-agents included, since the result before this one. */
function usageSince(models: JsonObject): Usage | null {
  let total: Usage | null = null;
  for (const value of Object.values(models)) {
    const model = objectAt(value);
    total = addUsage(total, {
      inputTokens: sum(
        amountOf(model.inputTokens),
        amountOf(model.cacheReadInputTokens),
        amountOf(model.cacheCreationInputTokens),
      ),
      outputTokens: amountOf(model.outputTokens),
      costUsd: amountOf(model.costUSD),
    });
  }
  return total;
}

function tokensOf(usage: JsonObject): Usage | null {
  const inputTokens = sum(
    amountOf(usage.input_tokens),
    amountOf(usage.cache_read_input_tokens),
    amountOf(usage.cache_creation_input_tokens),
  );
  const outputTokens = amountOf(usage.output_tokens);
  return inputTokens === null && outputTokens === null ? null : { inputTokens, outputTokens, costUsd: null };
}
