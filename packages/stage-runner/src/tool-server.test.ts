import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connectMcp, type HttpRequest, sendHttp } from "../test/mcp-client.js";
import { startToolServer, type ToolServer } from "./tool-server.js";
import { createVerdictTool, type VerdictTool } from "./verdict-tool.js";

let tool: VerdictTool;
let server: ToolServer;
beforeEach(async () => {
  tool = createVerdictTool();
  server = await startToolServer(tool);
});
afterEach(() => server.close());

const approve = { name: "submit_verdict", arguments: { verdict: "approved", reasons: [] } };
const call = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: approve });
const json = { "Content-Type": "application/json" };

function post(draft: Partial<HttpRequest> = {}): ReturnType<typeof sendHttp> {
  return sendHttp({ url: server.url, body: call, ...draft, headers: { ...server.headers, ...json, ...draft.headers } });
}

describe("a client with the token", () => {
  test("is told of the one tool, and calls it", async () => {
    const client = await connectMcp({ tools: [{ name: "troupe", url: server.url, headers: server.headers }] });
    expect(await client.ask("ping")).toEqual({});
    expect(await client.ask("tools/list")).toMatchObject({
      tools: [{ name: "submit_verdict", inputSchema: { type: "object", required: ["verdict", "reasons"] } }],
    });
    expect(await client.ask("tools/call", approve)).toEqual({
      content: [{ type: "text", text: "The verdict is approved." }],
      isError: false,
    });
    expect(tool.verdict()).toEqual({ decision: "approved", reasons: [], source: "tool" });
    expect(await client.ask("tools/call", { name: "other" })).toEqual({ code: -32_602, message: "no such tool" });
    expect(await client.ask("resources/list")).toEqual({ code: -32_601, message: "no such method" });
    expect(await client.notify("notifications/cancelled")).toBe(202);
  });

  test.each([
    ["2025-03-26", "2025-03-26"],
    ["2025-11-25", "2025-11-25"],
    ["1999-01-01", "2025-11-25"],
    [undefined, "2025-11-25"],
  ])("that speaks version %s is answered in %s, and has a session", async (protocolVersion, expected) => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: "a", method: "initialize", params: { protocolVersion } });
    const answer = await post({ body });
    expect(JSON.parse(answer.body)).toEqual({
      jsonrpc: "2.0",
      id: "a",
      result: { protocolVersion: expected, capabilities: { tools: {} }, serverInfo: { name: "troupe", version: "1" } },
    });
    const session = String(answer.headers["mcp-session-id"]);
    expect(session).toMatch(/^[0-9a-f]{32}$/u);
    const inSession = { headers: { "Mcp-Session-Id": session } };
    expect((await post(inSession)).status).toBe(200);
    expect((await post({ ...inSession, method: "DELETE" })).status).toBe(204);
    expect((await post(inSession)).status).toBe(404);
  });

  test.each([
    ["no JSON", "{", -32_700],
    ["no message", "7", -32_600],
    ["a batch", `[${call}]`, -32_600],
    ["another version of JSON-RPC", '{"jsonrpc":"1.0","id":1,"method":"ping"}', -32_600],
    ["no method", '{"jsonrpc":"2.0","id":1}', -32_600],
    ["an id that is none", '{"jsonrpc":"2.0","id":{},"method":"ping"}', -32_600],
  ])("that sends %s is told so", async (_name, body, code) => {
    const answer = await post({ body });
    expect([answer.status, JSON.parse(answer.body)]).toMatchObject([400, { id: null, error: { code } }]);
  });

  test("that sends a response, or parameters that are none, does no harm", async () => {
    expect((await post({ body: '{"jsonrpc":"2.0","id":1,"result":{}}' })).status).toBe(202);
    const answer = await post({ body: '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":[1]}' });
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: -32_602 } });
  });
});

describe("refuses, and counts no call of", () => {
  afterEach(() => expect(tool.verdict()).toBe(null));

  test.each<[string, Partial<HttpRequest>, number]>([
    ["a wrong token", { headers: { Authorization: "Bearer x" } }, 401],
    ["a token without its scheme", { headers: { Authorization: "x" } }, 401],
    ["another host", { headers: { Host: "evil.example:80" } }, 403],
    ["a host that is only a name of this machine", { headers: { Host: "localhost" } }, 403],
    ["another origin", { headers: { Origin: "http://evil.example" } }, 403],
    ["a page without an origin of its own", { headers: { Origin: "null" } }, 403],
    ["a stream of events", { method: "GET" }, 405],
    ["another method", { method: "PUT" }, 405],
    ["an unknown session", { headers: { "Mcp-Session-Id": "x" } }, 404],
    ["the end of no session", { method: "DELETE" }, 400],
    ["another form of content", { headers: { "Content-Type": "text/plain" } }, 415],
    ["a body that is too large", { body: `${" ".repeat(3_000_000)}${call}` }, 413],
  ])("%s", async (_name, draft, status) => {
    expect((await post(draft)).status).toBe(status);
  });

  test("a request without a token, and says which it wants", async () => {
    const answer = await sendHttp({ url: server.url, headers: json, body: call });
    expect([answer.status, answer.headers["www-authenticate"]]).toEqual([401, "Bearer"]);
  });

  test("another path", async () => {
    expect((await post({ url: server.url.replace("/mcp", "/") })).status).toBe(404);
  });

  test("a client that goes away in the middle", async () => {
    const { port } = new URL(server.url);
    const token = server.headers.Authorization ?? "";
    const socket = connect(Number(port), "127.0.0.1");
    const head = `POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: ${token}\r\nContent-Type: application/json\r\n`;
    socket.write(`${head}Content-Length: 9999\r\n\r\n${call}`, () => socket.destroy());
    await new Promise((resolve) => socket.on("close", resolve));
    expect((await post({ body: "{" })).status).toBe(400);
  });

  test("what is no HTTP", async () => {
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    socket.on("error", () => {}); // a reset is as good as an end
    socket.write("hello\r\n\r\n");
    await new Promise((resolve) => socket.on("close", resolve));
  });
});

test("another server has another token and port", async () => {
  const other = await startToolServer(tool);
  expect(other.url).not.toBe(server.url);
  expect(other.headers).not.toEqual(server.headers);
  expect(new URL(other.url).hostname).toBe("127.0.0.1");
  await other.close();
});

test("only this machine reaches it", async () => {
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ internal, family }) => !internal && family === "IPv4");
  if (outside === undefined) return;
  const url = server.url.replace("127.0.0.1", outside.address);
  await expect(sendHttp({ url, headers: { ...server.headers, ...json }, body: call })).rejects.toThrow("ECONNREFUSED");
});

test("once closed nothing is left of it, open connections included", async () => {
  const { port } = new URL(server.url);
  const socket = connect(Number(port), "127.0.0.1");
  socket.on("error", () => {}); // a reset is as good as an end
  await new Promise((resolve) => socket.on("connect", resolve));
  const gone = new Promise((resolve) => socket.on("close", resolve));
  await server.close();
  await gone;
  await expect(post()).rejects.toThrow("ECONNREFUSED");
  server = await startToolServer(tool);
});
