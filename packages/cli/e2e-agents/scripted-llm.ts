import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Spoken } from "./next-move.js";
import { answerAnthropic } from "./speak-anthropic.js";
import { answerGemini } from "./speak-gemini.js";
import { answerResponses } from "./speak-responses.js";

export interface ScriptedLlm {
  /** Without a slash at its end. */
  readonly url: string;
  /** Requests for moves so far. */
  readonly asked: () => number;
  close(): Promise<void>;
}

/** A service on loopback that speaks as far as the agents need it; whatever else they ask for is an empty object. */
export async function startScriptedLlm(): Promise<ScriptedLlm> {
  let count = 0;
  const server = createServer((request, response) => {
    respond(request, response, () => {
      count += 1;
      return count;
    }).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked: () => count,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function respond(request: IncomingMessage, response: ServerResponse, next: () => number): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  const speak = speakerOf(path);
  if (speak === null || request.method !== "POST") {
    response.writeHead(200, { "Content-Type": "application/json" }).end("{}");
    return;
  }
  const { events } = speak(JSON.parse(Buffer.concat(chunks).toString("utf8")), next());
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  for (const { name, data } of events) {
    response.write(`${name === null ? "" : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`);
  }
  response.end();
}

type Speak = (body: Readonly<Record<string, unknown>>, number: number) => Spoken;

function speakerOf(path: string): Speak | null {
  if (path.endsWith("/messages")) return answerAnthropic;
  if (path.endsWith("/responses")) return answerResponses;
  if (path.endsWith(":streamGenerateContent")) return answerGemini;
  return null;
}
