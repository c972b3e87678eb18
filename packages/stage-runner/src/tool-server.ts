import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { McpServer } from "@troupe/core";
import { answerMessage, failure, isInitialize, type Reply, type Tool } from "./tool-messages.js";

const PATH = "/mcp";
/** Of one request; a verdict with all its reasons is far smaller. */
const MAX_BODY_BYTES = 256 * 1024;
/** A client may connect anew for each of its own agents. */
const MAX_SESSIONS = 100;

/** Serves one tool to whoever has its token, until it is closed. */
export interface ToolServer extends Pick<McpServer, "url" | "headers"> {
  /** Resolves when nothing listens and no connection is left; no call counts after it has begun. */
  close(): Promise<void>;
}

/**
 * An MCP server over Streamable HTTP on a free port of 127.0.0.1, with a token of its own. Other hosts and origins are
 * refused, so that no web page reaches it by a name that leads here. Rejects when it cannot listen.
 */
export async function startToolServer(tool: Tool): Promise<ToolServer> {
  // the host's ids may be foreseeable (a test gives them); whoever knows this one can approve
  const token = randomBytes(32).toString("hex");
  const sessions = new Set<string>();
  let host = "";
  let isClosed = false;
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 10_000, maxHeaderSize: 16 * 1024 });
  server.on("request", (request, response) => {
    const refused = isClosed ? { status: 503 } : refusalOf(request, { host, token, sessions });
    if (refused !== null) return refuse(request, response, refused);
    if (request.method === "DELETE") {
      sessions.delete(sessionOf(request) ?? "");
      return void response.writeHead(204).end();
    }
    readBody(request).then(
      (body) => {
        if (isClosed) return refuse(request, response, { status: 503 });
        if (body === null) return refuse(request, response, { status: 413 });
        const { reply, begins } = answerBody(body, tool);
        const session = begins && sessions.size < MAX_SESSIONS ? randomBytes(16).toString("hex") : null;
        if (session !== null) sessions.add(session);
        send(response, reply, session);
      },
      () => response.destroy(), // the client went away in the middle
    );
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  host = `127.0.0.1:${port}`;
  return {
    url: `http://${host}${PATH}`,
    headers: { Authorization: `Bearer ${token}` },
    async close() {
      isClosed = true;
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Refusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Admission {
  readonly host: string;
  readonly token: string;
  readonly sessions: ReadonlySet<string>;
}

function refusalOf(request: IncomingMessage, { host, token, sessions }: Admission): Refusal | null {
  const { headers, method, url } = request;
  // a page that has its own name lead to 127.0.0.1 gives itself away by these two
  if (headers.host !== host) return { status: 403 };
  if (headers.origin !== undefined && headers.origin !== `http://${host}`) return { status: 403 };
  if (url !== PATH) return { status: 404 };
  if (!isSame(headers.authorization ?? "", `Bearer ${token}`)) {
    return { status: 401, headers: { "WWW-Authenticate": "Bearer" } };
  }
  if (method !== "POST" && method !== "DELETE") return { status: 405, headers: { Allow: "POST, DELETE" } };
  const session = sessionOf(request);
  if (session !== null && !sessions.has(session)) return { status: 404 };
  if (method === "DELETE") return session === null ? { status: 400 } : null;
  return /^application\/json\s*(?:;|$)/iu.test(headers["content-type"] ?? "") ? null : { status: 415 };
}

function sessionOf({ headers }: IncomingMessage): string | null {
  const session = headers["mcp-session-id"];
  return typeof session === "string" ? session : null;
}

/** Takes the same time wherever the two differ. */
function isSame(one: string, other: string): boolean {
  const hash = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
}

function refuse(request: IncomingMessage, response: ServerResponse, { status, headers = {} }: Refusal): void {
  request.resume(); // a connection that is cut while the client still writes would hide the answer from it
  // a client that only asks whether there is a stream (405) goes on over the same connection
  const end = status === 405 ? {} : { Connection: "close" };
  response.writeHead(status, { ...headers, ...end, "Content-Length": 0 }).end();
}

/** Null = it is too large. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function answerBody(body: Buffer, tool: Tool): { readonly reply: Reply; readonly begins: boolean } {
  let message: unknown;
  try {
    message = JSON.parse(body.toString("utf8"));
  } catch {
    return { reply: failure(null, -32_700, "not JSON"), begins: false };
  }
  return { reply: answerMessage(message, tool), begins: isInitialize(message) };
}

function send(response: ServerResponse, reply: Reply, session: string | null): void {
  if (reply === null) return void response.writeHead(202).end();
  const headers = { "Content-Type": "application/json", "Cache-Control": "no-store" };
  const status = reply.id === null ? 400 : 200;
  response.writeHead(status, { ...headers, ...(session === null ? {} : { "Mcp-Session-Id": session }) });
  response.end(JSON.stringify(reply));
}
