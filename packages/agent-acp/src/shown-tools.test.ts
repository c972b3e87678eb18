import { expect, test } from "vitest";
import { createAcpTurn } from "../test/acp-turn.js";

const input = { verdict: "approved", reasons: [] };
const use = { server: "troupe", tool: "submit_verdict" };
const tools = [{ name: "troupe", url: "http://127.0.0.1:1/mcp", headers: {} }];
const begin = (tool: object) => ({ tool: { toolCallId: "t", status: "pending", ...tool } });
const change = (toolUpdate: object) => ({ toolUpdate: { toolCallId: "t", ...toolUpdate } });
const done = change({ status: "completed" });
const mcp = "mcp__troupe__submit_verdict";

// the forms of claude-agent-acp 0.101.0, codex-acp 2.6.0 and gemini 0.61.0
const claude = begin({ name: mcp, title: mcp, kind: "other", rawInput: {} });
const codexInput = { server: "troupe", tool: "submit_verdict", arguments: input };
const codex = begin({ kind: "execute", title: "mcp.troupe.submit_verdict", rawInput: codexInput });
const gemini = begin({ kind: "other", title: "submit_verdict (troupe MCP Server)" });

test.each<[string, readonly object[], unknown]>([
  ["by name, with the input told later", [claude, change({ rawInput: input }), done], [{ ...use, input }]],
  ["as an execution with its server", [codex, done], [{ ...use, input }]],
  ["by title, without its input", [gemini, done], [use]],
  ["at its end only", [change({ title: mcp, status: "completed", rawInput: input })], [{ ...use, input }]],
  ["and again", [claude, done, claude, done], [use, use]],
  ["but has failed", [claude, change({ status: "failed" })], undefined],
  ["but has not ended", [claude], undefined],
  [
    "of another server",
    [begin({ ...codex.tool, title: "mcp.x.submit_verdict", rawInput: { ...codexInput, server: "x" } }), done],
    undefined,
  ],
  ["as the input of another tool", [begin({ kind: "other", title: "ask", rawInput: codexInput }), done], undefined],
  ["as a command of that name", [begin({ kind: "execute", title: mcp }), done], undefined],
  ["as a file of that name", [begin({ kind: "read", title: mcp }), done], undefined],
  ["without an id", [{ tool: { title: mcp, status: "completed" } }], undefined],
])("a call of an offered tool is told: %s", async (_name, steps, uses) => {
  const turn = await createAcpTurn();
  const result = await turn.run({ prompts: [{ steps: [...steps, { say: "done" }] }] }, { request: { tools } });
  expect(result.toolUses).toEqual(uses);
});

test("what an agent tells of earlier turns is no call of this one", async () => {
  const turn = await createAcpTurn();
  const script = {
    capabilities: { loadSession: true },
    history: [claude, done],
    prompts: [{ steps: [{ say: "done" }] }],
  };
  expect(await turn.run(script, { request: { tools, session: "s-1" } })).not.toHaveProperty("toolUses");
});
