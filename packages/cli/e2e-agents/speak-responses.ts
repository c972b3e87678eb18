import { type Body, nextMove, objectsIn, type Spoken } from "./next-move.js";

interface Offered {
  readonly name: string;
  readonly group: string | null;
}

/** The Responses API of OpenAI. */
export function answerResponses(body: Body, number: number): Spoken {
  const last = objectsIn(body.input).at(-1);
  const offered = objectsIn(body.tools).flatMap((tool): readonly Offered[] => {
    // tools of an MCP server come as a group
    const inner = objectsIn(tool.tools).map(({ name }) => ({ name: String(name), group: String(tool.name) }));
    return inner.length > 0 ? inner : [{ name: String(tool.name), group: null }];
  });
  const isAfterTool = last?.type === "function_call_output" || last?.type === "custom_tool_call_output";
  const [{ format } = { format: undefined }] = objectsIn([body.text]);
  const move = nextMove({
    tools: offered.map(({ name }) => name),
    isAfterTool,
    schema: objectsIn([format])[0]?.schema,
    told: JSON.stringify(body.input),
  });
  const group = move.type === "tool" ? offered.find(({ name }) => name === move.name)?.group : undefined;
  const item =
    move.type === "text"
      ? { type: "message", role: "assistant", id: `m${number}`, content: [{ type: "output_text", text: move.text }] }
      : {
          type: "function_call",
          id: `f${number}`,
          call_id: `call_${number}`,
          name: move.name,
          ...(group === null || group === undefined ? {} : { namespace: group }),
          arguments: JSON.stringify(move.input),
        };
  const usage = {
    ...{ input_tokens: 100, output_tokens: 7, total_tokens: 107 },
    input_tokens_details: { cached_tokens: 0 },
    output_tokens_details: { reasoning_tokens: 0 },
  };
  const response = { id: `r${number}`, object: "response", model: body.model };
  const events = [
    { type: "response.created", response: { ...response, status: "in_progress" } },
    { type: "response.output_item.done", output_index: 0, item },
    { type: "response.completed", response: { ...response, status: "completed", usage } },
  ];
  return {
    events: events.map((data) => ({ name: data.type, data })),
    whole: { ...response, status: "completed", output: [item], usage },
  };
}
