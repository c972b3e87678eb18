import { type Body, nextMove, objectsIn, type Spoken } from "./next-move.js";

/** Chat Completions of OpenAI, and of all that imitate it. */
export function answerChat(body: Body, number: number): Spoken {
  const messages = objectsIn(body.messages);
  const tools = objectsIn(body.tools).flatMap((tool) => objectsIn([tool.function]).map(({ name }) => String(name)));
  const [{ json_schema: format } = { json_schema: undefined }] = objectsIn([body.response_format]);
  const move = nextMove({
    tools,
    isAfterTool: messages.at(-1)?.role === "tool",
    schema: objectsIn([format])[0]?.schema,
    told: messages.map(({ content }) => textIn(content)).join("\n"),
  });
  const head = { id: `chatcmpl-${number}`, created: 1_800_000_000, model: body.model };
  const called = { name: move.type === "tool" ? move.name : "", arguments: "" };
  const input = move.type === "tool" ? JSON.stringify(move.input) : "";
  const call = { id: `call_${number}`, type: "function" };
  const reason = move.type === "text" ? "stop" : "tool_calls";
  const usage = { prompt_tokens: 100, completion_tokens: 7, total_tokens: 107 };
  const deltas =
    move.type === "text"
      ? [{ role: "assistant", content: "" }, { content: move.text }]
      : [
          { role: "assistant", content: null, tool_calls: [{ index: 0, ...call, function: called }] },
          { tool_calls: [{ index: 0, function: { arguments: input } }] },
        ];
  const chunk = (choices: readonly object[], more: object = {}) => ({
    name: null,
    data: { ...head, object: "chat.completion.chunk", choices, ...more },
  });
  const message =
    move.type === "text"
      ? { role: "assistant", content: move.text }
      : { role: "assistant", content: null, tool_calls: [{ ...call, function: { ...called, arguments: input } }] };
  return {
    events: [
      ...deltas.map((delta) => chunk([{ index: 0, delta, finish_reason: null }])),
      chunk([{ index: 0, delta: {}, finish_reason: reason }]),
      // who asks for the usage gets it in a chunk without choices
      ...(objectsIn([body.stream_options])[0]?.include_usage === true ? [chunk([], { usage })] : []),
      { name: null, data: "[DONE]" },
    ],
    whole: {
      ...head,
      object: "chat.completion",
      choices: [{ index: 0, message, finish_reason: reason }],
      usage,
    },
  };
}

/** A message is a text, or parts of which some are text. */
function textIn(content: unknown): string {
  if (typeof content === "string") return content;
  return objectsIn(content)
    .flatMap(({ text }) => (typeof text === "string" ? [text] : []))
    .join("\n");
}
