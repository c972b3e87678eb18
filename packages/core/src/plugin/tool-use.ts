import type { Json } from "../errors/troupe-error.js";

/** A call of a tool that was offered to an agent, as the agent's own stream shows it. */
export interface ToolUse {
  /** Name of the server, as it was offered. */
  readonly server: string;
  /** The server's own name of the tool. */
  readonly tool: string;
  /** What it was called with; absent = the stream does not tell. */
  readonly input?: Json;
}

const TOOL = /^[A-Za-z][A-Za-z0-9_-]*$/u;
const STARTS: readonly (readonly [before: string, after: string])[] = [
  ["mcp__", "__"],
  ["mcp_", "_"],
  ["mcp.", "."],
  ["", "__"],
  ["", "_"],
  ["", "."],
  ["", "/"],
  ["", ":"],
  ["", "-"],
];

/**
 * The tool of one of these servers that an agent calls by `name`: agents put the server's name in front in ways of their
 * own (`mcp__server__tool`, `server/tool`, `tool (server MCP Server)`). All of it has to be a name, with nothing behind it.
 * Null = it is none of theirs.
 */
export function readToolName(name: string, servers: readonly string[]): Omit<ToolUse, "input"> | null {
  for (const server of servers) {
    const end = ` (${server} MCP Server)`;
    const tools = [
      ...STARTS.filter(([before, after]) => name.startsWith(`${before}${server}${after}`)).map(([before, after]) =>
        name.slice(`${before}${server}${after}`.length),
      ),
      ...(name.endsWith(end) ? [name.slice(0, -end.length)] : []),
    ];
    const tool = tools.find((one) => TOOL.test(one));
    if (tool !== undefined) return { server, tool };
  }
  return null;
}
