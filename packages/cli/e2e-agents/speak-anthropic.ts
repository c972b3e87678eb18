import { type Body, nextMove, objectsIn, type Spoken } from "./next-move.js";

/** The Messages API of Anthropic. */
export function answerAnthropic(body: Body, number: number): Spoken {
  const tools = objectsIn(body.tools).map(({ name }) => String(name));
  // beside the result of a tool there may be reminders of the agent's own
  const last = objectsIn(objectsIn(body.messages).findLast(({ role }) => role === "user")?.content);
  const isAfterTool = last.some(({ type }) => type === "tool_result");
  const { format } = { format: undefined, ...(body.output_config as object | undefined) } as Body;
  const [{ schema } = { schema: undefined }] = objectsIn([format]);
  const move = nextMove({ tools, isAfterTool, schema, told: JSON.stringify(body.messages) });
  const usage = { input_tokens: 100, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 1 };
  const message = { id: `msg_${number}`, type: "message", role: "assistant", model: body.model, usage };
  const id = `toolu_${number}`;
  const [block, delta, content] =
    move.type === "text"
      ? [
          { type: "text", text: "" },
          { type: "text_delta", text: move.text },
          { type: "text", text: move.text },
        ]
      : [
          { type: "tool_use", id, name: move.name, input: {} },
          { type: "input_json_delta", partial_json: JSON.stringify(move.input) },
          { type: "tool_use", id, name: move.name, input: move.input },
        ];
  const stop = { stop_reason: move.type === "text" ? "end_turn" : "tool_use", stop_sequence: null };
  const events = [
    { type: "message_start", message: { ...message, content: [], stop_reason: null, stop_sequence: null } },
    { type: "content_block_start", index: 0, content_block: block },
    { type: "content_block_delta", index: 0, delta },
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: stop, usage: { output_tokens: 7 } },
    { type: "message_stop" },
  ];
  return {
    events: events.map((data) => ({ name: data.type, data })),
    whole: { ...message, content: [content], ...stop, usage: { ...usage, output_tokens: 7 } },
  };
}
