import type { Json } from "@troupe/core";

/** A tool that an agent may call. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, Json>>;
  /** Never throws; `input` is whatever the agent sent. */
  call(input: unknown): { readonly text: string; readonly isError: boolean };
}

/** Versions of the Model Context Protocol whose messages these are, newest first. */
const PROTOCOL_VERSIONS: readonly string[] = ["2025-11-25", "2025-06-18", "2025-03-26"];

/** A JSON-RPC response; null = the message wants none. */
export type Reply = Readonly<Record<string, Json>> | null;

type Message = Readonly<Record<string, unknown>>;

/**
 * Answers one JSON-RPC message of an MCP client: initialize, ping, tools/list and tools/call; of notifications and
 * responses nothing follows. Never throws.
 */
export function answerMessage(message: unknown, tool: Tool): Reply {
  if (!isMessage(message) || message.jsonrpc !== "2.0") return failure(null, -32_600, "not a JSON-RPC 2.0 message");
  const { id, method } = message;
  if (typeof method !== "string") {
    const isResponse = "result" in message || "error" in message;
    return isResponse ? null : failure(null, -32_600, "a message without a method");
  }
  if (id === undefined) return null; // a notification
  if (typeof id !== "string" && typeof id !== "number") return failure(null, -32_600, "the id is no text or number");
  const params: Message = isMessage(message.params) ? message.params : {};
  switch (method) {
    case "initialize":
      return success(id, {
        protocolVersion: PROTOCOL_VERSIONS.find((one) => one === params.protocolVersion) ?? PROTOCOL_VERSIONS[0] ?? "",
        capabilities: { tools: {} },
        serverInfo: { name: "troupe", version: "1" },
      });
    case "ping":
      return success(id, {});
    case "tools/list": {
      const { name, description, inputSchema } = tool;
      return success(id, { tools: [{ name, description, inputSchema }] });
    }
    case "tools/call":
      return params.name === tool.name ? callTool(id, tool, params.arguments) : failure(id, -32_602, "no such tool");
    default:
      return failure(id, -32_601, "no such method");
  }
}

/** True for the message that begins a session. */
export function isInitialize(message: unknown): boolean {
  return isMessage(message) && message.method === "initialize";
}

export function failure(id: string | number | null, code: number, message: string): NonNullable<Reply> {
  return { jsonrpc: "2.0", id, error: { code, message } };
}

function callTool(id: string | number, tool: Tool, input: unknown): NonNullable<Reply> {
  const { text, isError } = tool.call(input);
  return success(id, { content: [{ type: "text", text }], isError });
}

function success(id: string | number, result: Json): NonNullable<Reply> {
  return { jsonrpc: "2.0", id, result };
}

function isMessage(value: unknown): value is Message {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
