import { type Body, nextMove, objectsIn, type Spoken } from "./next-move.js";

/** `generateContent` and `streamGenerateContent` of Gemini. */
export function answerGemini(body: Body): Spoken {
  const tools = objectsIn(body.tools)
    .flatMap(({ functionDeclarations }) => objectsIn(functionDeclarations))
    .map(({ name }) => String(name));
  const parts = objectsIn(objectsIn(body.contents).at(-1)?.parts);
  const isAfterTool = parts.some(({ functionResponse }) => functionResponse !== undefined);
  const [config = {}] = objectsIn([body.generationConfig]);
  const schema = config.responseJsonSchema ?? config.responseSchema;
  const told = parts.map(({ text }) => String(text)).join("\n");
  const move = nextMove({ tools, isAfterTool, schema, told });
  const part = move.type === "text" ? { text: move.text } : { functionCall: { name: move.name, args: move.input } };
  const candidate = { index: 0, content: { role: "model", parts: [part] }, finishReason: "STOP" };
  const usageMetadata = { promptTokenCount: 100, candidatesTokenCount: 7, totalTokenCount: 107 };
  const whole = { candidates: [candidate], usageMetadata };
  return { events: [{ name: null, data: whole }], whole };
}
