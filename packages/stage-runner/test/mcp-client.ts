import { request as send } from "node:http";
import type { AgentRequest } from "@troupe/core";

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

export interface HttpRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One HTTP request with nothing added to its headers but the length. */
export function sendHttp({ url, method = "POST", headers = {}, body }: HttpRequest): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const request = send(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** As much of an MCP client as a scripted reviewer needs. */
export interface McpClient {
  /** Sends one message; resolves with the response's `result`, or with its `error`. */
  ask(method: string, params?: unknown): Promise<unknown>;
  notify(method: string): Promise<number>;
}

/** Connects to the first tool server of a request, as an agent would. */
export async function connectMcp({ tools = [] }: Pick<AgentRequest, "tools">): Promise<McpClient> {
  const [server] = tools;
  if (server === undefined) throw new Error("the request has no tools");
  let session: string | undefined;
  let id = 0;
  const post = async (message: object): Promise<HttpAnswer> => {
    const headers = {
      ...server.headers,
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
      ...(session === undefined ? {} : { "Mcp-Session-Id": session }),
    };
    return sendHttp({ url: server.url, headers, body: JSON.stringify({ jsonrpc: "2.0", ...message }) });
  };
  const client: McpClient = {
    async ask(method, params = {}) {
      id += 1;
      const answer = await post({ id, method, params });
      const given = answer.headers["mcp-session-id"];
      if (typeof given === "string") session = given;
      const { result, error } = JSON.parse(answer.body) as { result?: unknown; error?: unknown };
      return result ?? error;
    },
    notify: async (method) => (await post({ method })).status,
  };
  await client.ask("initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "t" } });
  await client.notify("notifications/initialized");
  return client;
}

/** Calls the tool `submit_verdict` once; resolves with the text of its answer. */
export async function submitVerdict(request: Pick<AgentRequest, "tools">, input: unknown): Promise<unknown> {
  const client = await connectMcp(request);
  return client.ask("tools/call", { name: "submit_verdict", arguments: input });
}
