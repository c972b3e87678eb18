import type { AgentAccess, Json, McpServer } from "@troupe/core";

/** What shapes the offer of tool servers to a program. */
interface ToolRequest {
  readonly servers: readonly McpServer[];
  readonly access: AgentAccess;
  /** Of the turn. */
  readonly env: Readonly<Record<string, string>>;
  /** Path that `content` of the offer will have. */
  readonly file: string;
}

/** How a program is told of tool servers. Their tokens are never in an argument: others on the machine read those. */
export interface ToolOffer {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Of a private file that lives as long as the turn; null = none is needed. */
  readonly content: string | null;
}

/** Null = it cannot be done in this turn. */
export type OfferTools = (request: ToolRequest) => ToolOffer | null;

/** A name that every program takes. */
const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** The servers of a turn that can be offered. */
export function usableServers(servers: readonly McpServer[] | undefined): readonly McpServer[] {
  return (servers ?? []).filter(({ name }) => NAME.test(name));
}

/** Beside the servers of the user and the project. */
export const offerToClaude: OfferTools = ({ servers, access, file }) => ({
  args: [
    // with `=`: after a space the option would take everything that follows for files
    `--mcp-config=${file}`,
    ...(access === "full" ? [] : servers.map(({ name }) => `--allowedTools=mcp__${name}`)),
  ],
  // offered at once, not only after a search for tools
  env: { ENABLE_TOOL_SEARCH: "false" },
  content: mcpServers(servers, ({ url, headers }) => ({ type: "http", url, headers })),
});

export const offerToCodex: OfferTools = ({ servers }) => {
  const args: string[] = [];
  const env: Record<string, string> = {};
  for (const [index, { name, url, headers }] of servers.entries()) {
    const variables = Object.entries(headers).map(([header, value], at) => {
      const variable = `TROUPE_TOOL_${index}_${at}`;
      env[variable] = value;
      return `${JSON.stringify(header)}=${JSON.stringify(variable)}`;
    });
    const set = (key: string, value: string): void => void args.push("-c", `mcp_servers.${name}.${key}=${value}`);
    set("url", JSON.stringify(url));
    set("env_http_headers", `{${variables.join(",")}}`);
    // nobody is there to be asked
    set("default_tools_approval_mode", '"approve"');
  }
  return { args, env, content: null };
};

export const offerToCopilot: OfferTools = ({ servers, access, file }) => ({
  args: [
    `--additional-mcp-config=@${file}`,
    ...(access === "full" ? [] : servers.map(({ name }) => `--allow-tool=${name}`)),
  ],
  env: {},
  content: mcpServers(servers, ({ url, headers }) => ({ type: "http", url, headers, tools: ["*"] })),
});

/** A headless run refuses what it would have to ask for: these tools are allowed by name. */
export const offerToQwen: OfferTools = ({ servers, access, file }) => ({
  args: [
    `--mcp-config=${file}`,
    ...(access === "full" ? [] : servers.map(({ name }) => `--allowed-tools=mcp__${name}`)),
  ],
  env: {},
  content: mcpServers(servers, ({ url, headers }) => {
    // offered at once, not only after a search for tools
    return { httpUrl: url, headers, alwaysLoadTools: true };
  }),
});

const OPENCODE_CONFIG = "OPENCODE_CONFIG_CONTENT";

/** By the environment, which is as private as a file; there is no option for it. */
export const offerToOpencode: OfferTools = ({ servers, env }) => {
  if (env[OPENCODE_CONFIG] !== undefined) return null; // the user's own, which ours would replace
  const entries = servers.map(({ name, url, headers }) => {
    return [name, { type: "remote", url, headers, enabled: true, oauth: false }] as const;
  });
  const mcp = Object.fromEntries(entries);
  return { args: [], env: { [OPENCODE_CONFIG]: JSON.stringify({ mcp }) }, content: null };
};

function mcpServers(servers: readonly McpServer[], entry: (server: McpServer) => Json): string {
  return JSON.stringify({ mcpServers: Object.fromEntries(servers.map((server) => [server.name, entry(server)])) });
}
