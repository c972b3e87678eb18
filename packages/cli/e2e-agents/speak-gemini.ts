import { nextMove, objectsIn, type Spoken } from "./next-move.js";

/** `streamGenerateContent` of Gemini. */
export function answerGemini(body: Readonly<Record<string, unknown>>): Spoken {
  const tools = objectsIn(body.tools)
    .flatMap(({ functionDeclarations }) => objectsIn(functionDeclarations))
    .map(({ name }) => String(name));
  const parts = objectsIn(objectsIn(body.contents).at(-1)?.parts);
  const move = nextMove({ tools, isAfterTool: parts.some(({ functionResponse }) => functionResponse !== undefined) });
  const part = move.type === "text" ? { text: move.text } : { functionCall: { name: move.name, args: move.input } };
  const candidate = { index: 0, content: { role: "model", parts: [part] }, finishReason: "STOP" };
  const usageMetadata = { promptTokenCount: 100, candidatesTokenCount: 7, totalTokenCount: 107 };
  return { events: [{ name: null, data: { candidates: [candidate], usageMetadata } }] };
}
