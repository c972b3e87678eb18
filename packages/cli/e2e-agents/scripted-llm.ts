import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Body, Spoken } from "./next-move.js";
import { answerAnthropic } from "./speak-anthropic.js";
import { answerChat } from "./speak-chat.js";
import { answerGemini } from "./speak-gemini.js";
import { answerResponses } from "./speak-responses.js";

export interface ScriptedLlm {
  /** Without a slash at its end. */
  readonly url: string;
  /** Requests for moves so far. */
  readonly asked: () => number;
  /** What else was asked for, and answered with an empty object: where an agent waits for more, it is here. */
  readonly others: () => readonly string[];
  close(): Promise<void>;
}

/**
 * A service on loopback that speaks as far as agents need it: the Messages API of Anthropic, Responses and Chat
 * Completions of OpenAI, and Gemini, each streamed and in one piece.
 */
export async function startScriptedLlm(): Promise<ScriptedLlm> {
  let count = 0;
  const others: string[] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const dialect = request.method === "POST" ? DIALECTS.find(({ at }) => at.test(path)) : undefined;
    if (dialect === undefined) others.push(`${request.method} ${path}`);
    const answering =
      dialect === undefined ? passOver(request, response) : answer(request, response, dialect, path, () => ++count);
    answering.catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked: () => count,
    others: () => others,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Dialect {
  /** Its paths. */
  readonly at: RegExp;
  /** What a request has to have. */
  readonly needs: string;
  readonly isStreamed: (body: Body, path: string) => boolean;
  readonly speak: (body: Body, number: number) => Spoken;
}

const byFlag = ({ stream }: Body): boolean => stream === true;
const DIALECTS: readonly Dialect[] = [
  { at: /\/messages$/, needs: "messages", isStreamed: byFlag, speak: answerAnthropic },
  { at: /\/responses$/, needs: "input", isStreamed: byFlag, speak: answerResponses },
  { at: /\/chat\/completions$/, needs: "messages", isStreamed: byFlag, speak: answerChat },
  {
    at: /:(?:streamG|g)enerateContent$/,
    needs: "contents",
    isStreamed: (_body, path) => path.endsWith(":streamGenerateContent"),
    speak: answerGemini,
  },
];

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { needs, isStreamed, speak }: Dialect,
  path: string,
  next: () => number,
): Promise<void> {
  const body = parse(await read(request));
  if (!Array.isArray(body[needs])) {
    const error = { type: "invalid_request_error", message: `${path}: there is no list "${needs}"` };
    response.writeHead(400, { "Content-Type": "application/json" }).end(JSON.stringify({ error }));
    return;
  }
  const { events, whole } = speak(body, next());
  if (!isStreamed(body, path)) {
    response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(whole));
    return;
  }
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  for (const { name, data } of events) {
    const text = typeof data === "string" ? data : JSON.stringify(data);
    response.write(`${name === null ? "" : `event: ${name}\n`}data: ${text}\n\n`);
  }
  response.end();
}

async function passOver(request: IncomingMessage, response: ServerResponse): Promise<void> {
  await read(request);
  response.writeHead(200, { "Content-Type": "application/json" }).end("{}");
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** What is no JSON object has nothing in it. */
function parse(text: string): Body {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null ? (body as Body) : {};
  } catch {
    return {}; // refused for what it lacks
  }
}
