import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerAnthropic } from "./speak-anthropic.js";
import { answerGemini } from "./speak-gemini.js";
import { answerResponses } from "./speak-responses.js";

/** What the model does next. */
export type Move =
  | { readonly type: "tool"; readonly name: string; readonly input: Readonly<Record<string, unknown>> }
  | { readonly type: "text"; readonly text: string };

/** What the moves depend on. */
export interface Situation {
  /** Names of the tools that the model is offered. */
  readonly tools: readonly string[];
  /** The last thing that was said is the result of a tool. */
  readonly isAfterTool: boolean;
}

/** An answer of a service in its own words, as the events of a stream. */
export interface Spoken {
  /** With a name in front of the data, or data alone. */
  readonly events: readonly { readonly name: string | null; readonly data: object }[];
}

export interface ScriptedLlm {
  /** Without a slash at its end. */
  readonly url: string;
  /** Requests for moves so far. */
  readonly asked: () => number;
  close(): Promise<void>;
}

/** Shell tools of the agents, and how each takes a command. */
const SHELLS: readonly (readonly [RegExp, (command: string) => Readonly<Record<string, unknown>>])[] = [
  [/^Bash$/, (command) => ({ command, description: "Write a file" })],
  [/^exec_command$/, (cmd) => ({ cmd })],
  [/^shell_command$/, (command) => ({ command })],
  [/^shell$/, (command) => ({ command: ["sh", "-c", command] })],
  [/^run_shell_command$/, (command) => ({ command, description: "Write a file", is_background: false })],
  [/^bash$/, (command) => ({ command, description: "Write a file" })],
];
const WRITE = 'echo "written in $TROUPE_STAGE" > "$TROUPE_STAGE.txt"';
const VERDICT = { verdict: "approved", reasons: ["The file is there."], findings: [] };

/** Submits a verdict where that tool is offered, else writes a file by the shell; then it says so. */
export function nextMove({ tools, isAfterTool }: Situation): Move {
  if (isAfterTool) return { type: "text", text: "It is done." };
  const verdict = tools.find((name) => name.endsWith("submit_verdict"));
  if (verdict !== undefined) return { type: "tool", name: verdict, input: VERDICT };
  for (const [pattern, inputOf] of SHELLS) {
    const name = tools.find((tool) => pattern.test(tool));
    if (name !== undefined) return { type: "tool", name, input: inputOf(WRITE) };
  }
  return { type: "text", text: `I have no shell among: ${tools.join(", ")}` };
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

/** The objects of a list, whatever it is. */
export function objectsIn(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "object" && one !== null) : [];
}
