import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { McpServer } from "@troupe/core";
import { expect, test } from "vitest";
import { createTurn } from "../test/agent-turn.js";
import { fakeProgram } from "../test/fake-program.js";
import { CLAUDE, CODEX, COPILOT, GEMINI, OPENCODE, QWEN } from "../test/streams.js";

const TOKEN = "Bearer 0123456789abcdef";
const server: McpServer = {
  name: "troupe",
  url: "http://127.0.0.1:4000/mcp",
  headers: { Authorization: TOKEN },
  instructions: "Call submit_verdict.",
};
const EVENTS = { claude: CLAUDE, codex: CODEX, copilot: COPILOT, gemini: GEMINI, opencode: OPENCODE, qwen: QWEN };
const SCRIPT = `env > "$HERE/env"; cp "$TURN_FILE" "$HERE/file" 2>/dev/null; stat -c %a "$TURN_FILE" > "$HERE/mode" 2>/dev/null; cat "$HERE/stream.jsonl"`;

interface Told {
  readonly argv: readonly string[];
  readonly prompt: string;
  /** Variables that hold the token. */
  readonly env: readonly string[];
  /** Null = there was none. */
  readonly file: unknown;
}

async function offer(
  preset: keyof typeof EVENTS,
  changes: { readonly access?: "readOnly"; readonly tools?: readonly McpServer[] } = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Told> {
  const turn = await createTurn();
  const fake = await fakeProgram(turn, preset, EVENTS[preset], SCRIPT);
  const file = join(turn.host.stateFolder, "prompts", "run-1.PLAN.1.mcp.json");
  const added = { ...fake.env, ...env, TURN_FILE: file };
  await turn.run({ preset, env: added }, { tools: [server], resultSchema: { type: "object" }, ...changes });
  const at = (name: string): string => join(turn.host.projectFolder, "bin", name);
  const left = existsSync(join(turn.host.stateFolder, "prompts")) ? readdirSync(join(file, "..")) : [];
  expect(left).toEqual([]);
  if (existsSync(at("file"))) expect(readFileSync(at("mode"), "utf8")).toBe("600\n");
  const argv = (await fake.argv()).map((argument) => argument.replace(file, "FILE"));
  expect(argv.join(" ")).not.toContain("0123456789abcdef");
  expect(statSync(at("env")).size).toBeGreaterThan(0);
  return {
    argv,
    prompt: await fake.stdin(),
    env: readFileSync(at("env"), "utf8")
      .split("\n")
      .filter((line) => line.includes(TOKEN)),
    file: existsSync(at("file")) ? JSON.parse(readFileSync(at("file"), "utf8")) : null,
  };
}

const prompt = "# The prompt\n\n\nCall submit_verdict.";
const http = { type: "http", url: server.url, headers: server.headers };

test("claude is told of a tool server by a private file, and allowed to call it", async () => {
  const { argv, ...told } = await offer("claude", { access: "readOnly" });
  expect(told).toEqual({ prompt, env: [], file: { mcpServers: { troupe: http } } });
  expect(argv.slice(-2)).toEqual(["--mcp-config=FILE", "--allowedTools=mcp__troupe"]);
  expect((await offer("claude")).argv).not.toContain("--allowedTools=mcp__troupe");
});

test("copilot is told by a private file", async () => {
  const { argv, ...told } = await offer("copilot", { access: "readOnly" });
  expect(told).toEqual({ prompt, env: [], file: { mcpServers: { troupe: { ...http, tools: ["*"] } } } });
  expect(argv.slice(-2)).toEqual(["--additional-mcp-config=@FILE", "--allow-tool=troupe"]);
});

test("qwen is told by a private file, and allowed to call it", async () => {
  const { argv, ...told } = await offer("qwen", { access: "readOnly" });
  const entry = { httpUrl: server.url, headers: server.headers, alwaysLoadTools: true };
  expect(told).toEqual({ prompt, env: [], file: { mcpServers: { troupe: entry } } });
  expect(argv.slice(-2)).toEqual(["--mcp-config=FILE", "--allowed-tools=mcp__troupe"]);
  expect((await offer("qwen")).argv).not.toContain("--allowed-tools=mcp__troupe");
});

test("codex is told by options, and of the token by the environment", async () => {
  const { argv, ...told } = await offer("codex");
  expect(told).toEqual({ prompt, env: [`TROUPE_TOOL_0_0=${TOKEN}`], file: null });
  expect(argv.slice(4)).toEqual([
    "-c",
    'mcp_servers.troupe.url="http://127.0.0.1:4000/mcp"',
    "-c",
    'mcp_servers.troupe.env_http_headers={"Authorization"="TROUPE_TOOL_0_0"}',
    "-c",
    'mcp_servers.troupe.default_tools_approval_mode="approve"',
    "-",
  ]);
});

test("opencode is told by the environment, unless the user has a configuration there", async () => {
  const { env, ...told } = await offer("opencode");
  expect(told).toEqual({ prompt, argv: ["run", "--format", "json", "--auto"], file: null });
  expect(env).toHaveLength(1);
  expect(JSON.parse(env[0]?.replace("OPENCODE_CONFIG_CONTENT=", "") ?? "")).toEqual({
    mcp: { troupe: { ...http, type: "remote", enabled: true, oauth: false } },
  });
  const own = await offer("opencode", {}, { OPENCODE_CONFIG_CONTENT: "{}" });
  expect(own).toMatchObject({ prompt: "# The prompt\n", env: [] });
});

test("who takes no tool servers is not told of them", async () => {
  expect(await offer("gemini")).toMatchObject({ prompt: "# The prompt\n", env: [], file: null });
  const odd = { ...server, name: 'x"=1' };
  expect(await offer("codex", { tools: [odd] })).toMatchObject({ prompt: "# The prompt\n", env: [], file: null });
});

test("a schema is asked for only where no tool is offered", async () => {
  expect((await offer("claude")).argv).not.toContain("--json-schema");
  expect((await offer("claude", { tools: [] })).argv).toContain("--json-schema");
});

const input = { verdict: "approved", reasons: ["The file is there."], findings: [] };
const use = { server: "troupe", tool: "submit_verdict", input };
const claudeCall = (name: string, given: object = input) => ({
  type: "assistant",
  message: { content: [{ type: "tool_use", id: "toolu_9", name, input: given }] },
});
const claudeEnd = (more: object = {}) => ({
  type: "user",
  message: { content: [{ type: "tool_result", tool_use_id: "toolu_9", ...more }] },
});
const item = { id: "item_9", type: "mcp_tool_call", server: "troupe", tool: "submit_verdict", arguments: input };
const codexEnd = (more: object) => ({ type: "item.completed", item: { ...item, ...more } });
const copilotStart = { toolCallId: "c9", toolName: "troupe-submit_verdict", arguments: input };
const named = { ...copilotStart, toolName: "x", mcpServerName: "troupe", mcpToolName: "submit_verdict" };
const copilot = (data: object, success: boolean, more: object = {}) => [
  { type: "tool.execution_start", data, ...more },
  { type: "tool.execution_complete", data: { toolCallId: "c9", success }, ...more },
];
const ofSubagent = (event: object) => ({ ...event, parent_tool_use_id: "toolu_1" });
const nested = { ...copilotStart, parentToolCallId: "c1" };
const opencode = (status: string, tool = "troupe_submit_verdict") => ({
  type: "tool_use",
  part: { type: "tool", tool, callID: "o9", state: { status, input } },
});

test.each<[preset: keyof typeof EVENTS, what: string, events: readonly object[], uses: unknown]>([
  ["claude", "that ends", [claudeCall("mcp__troupe__submit_verdict"), claudeEnd()], [use]],
  ["claude", "that fails", [claudeCall("mcp__troupe__submit_verdict"), claudeEnd({ is_error: true })], undefined],
  ["claude", "that does not end", [claudeCall("mcp__troupe__submit_verdict")], undefined],
  ["claude", "of another server", [claudeCall("mcp__other__submit_verdict"), claudeEnd()], undefined],
  [
    "claude",
    "of a sub-agent",
    [ofSubagent(claudeCall("mcp__troupe__submit_verdict")), ofSubagent(claudeEnd())],
    undefined,
  ],
  [
    "claude",
    "that only a sub-agent ends",
    [claudeCall("mcp__troupe__submit_verdict"), ofSubagent(claudeEnd())],
    undefined,
  ],
  ["qwen", "of a sub-agent", [ofSubagent(claudeCall("mcp__troupe__submit_verdict")), claudeEnd()], undefined],
  ["qwen", "that ends", [claudeCall("mcp__troupe__submit_verdict"), claudeEnd()], [use]],
  ["codex", "that ends", [codexEnd({ status: "completed", error: null })], [use]],
  ["codex", "that fails", [codexEnd({ status: "failed", error: { message: "x" } })], undefined],
  ["codex", "of another server", [codexEnd({ status: "completed", server: "other" })], undefined],
  ["copilot", "that ends", copilot(copilotStart, true), [use]],
  ["copilot", "that names its server apart", copilot(named, true), [use]],
  ["copilot", "of a sub-agent", copilot(copilotStart, true, { agentId: "sub-1" }), undefined],
  ["copilot", "within another call", copilot(nested, true), undefined],
  ["copilot", "that fails", copilot(copilotStart, false), undefined],
  ["opencode", "that ends", [opencode("completed")], [use]],
  ["opencode", "that fails", [opencode("error")], undefined],
  ["opencode", "of another tool", [opencode("completed", "bash")], undefined],
])("of %s a call of the tool is told %s", async (preset, _what, events, uses) => {
  const turn = await createTurn();
  const [last, ...others] = EVENTS[preset].toReversed();
  const fake = await fakeProgram(turn, preset, [...others.toReversed(), ...events, last ?? {}]);
  const result = await turn.run({ preset, env: fake.env }, { tools: [server] });
  expect(result.toolUses).toEqual(uses);
});

test("of a program that was offered no tools no call is told", async () => {
  const turn = await createTurn();
  const fake = await fakeProgram(turn, "claude", [
    claudeCall("mcp__troupe__submit_verdict"),
    claudeEnd(),
    ...CLAUDE.slice(-1),
  ]);
  expect(await turn.run({ preset: "claude", env: fake.env })).not.toHaveProperty("toolUses");
});
