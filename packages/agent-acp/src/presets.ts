import type { AgentAccess } from "@troupe/core";

/** A mode by its id, or a configuration option with its value. */
export type ModeSetting = string | { readonly option: string; readonly value: string | boolean };

/** What to set in a session for each access, in order; an access that is missing cannot be kept by the agent. */
export type AccessModes = Readonly<Partial<Record<AgentAccess, readonly ModeSetting[]>>>;

/** What is known of an agent that speaks the protocol. */
export interface AcpPreset {
  readonly command: readonly string[];
  /** Name and version on npm, for `npx`. */
  readonly pinned: string;
  readonly modes: AccessModes;
  readonly env: Readonly<Record<string, string>>;
  /** Whether the tokens that a turn reports are of this process or of the whole session. */
  readonly tokens: "turn" | "session";
  /** What a person types to log in. */
  readonly login: string;
  /** What a person types to install it. */
  readonly install: string;
}

/** Ids of modes as of the pinned versions. */
export const PRESETS: Readonly<Record<string, AcpPreset>> = {
  claude: {
    command: ["claude-agent-acp"],
    pinned: "@agentclientprotocol/claude-agent-acp@0.101.0",
    modes: { readOnly: ["default"], ask: ["default"], edit: ["acceptEdits"], full: ["bypassPermissions"] },
    env: { ENABLE_TOOL_SEARCH: "false" }, // tools of a turn are offered at once, not after a search for them
    tokens: "turn",
    login: "claude /login",
    install: "npm install -g @agentclientprotocol/claude-agent-acp@0.101.0",
  },
  codex: {
    command: ["codex-acp"],
    pinned: "@agentclientprotocol/codex-acp@2.6.0",
    // in its mode "agent" a model of its own decides what needs no asking
    modes: { readOnly: ["read-only"], ask: ["read-only"], edit: ["workspace-write"], full: ["agent-full-access"] },
    env: {},
    tokens: "session",
    login: "codex login",
    install: "npm install -g @agentclientprotocol/codex-acp@2.6.0",
  },
  gemini: {
    // in a folder that nobody has trusted by hand it passes over tool servers
    command: ["gemini", "--acp", "--skip-trust"],
    pinned: "@google/gemini-cli@0.61.0",
    modes: { readOnly: ["default"], ask: ["default"], edit: ["autoEdit"], full: ["yolo"] },
    env: {},
    tokens: "turn",
    login: "gemini",
    install: "npm install -g @google/gemini-cli@0.61.0",
  },
  copilot: {
    command: ["copilot", "--acp", "--no-auto-update"],
    pinned: "@github/copilot@1.0.102",
    // the mode first: leaving another one resets the option
    modes: {
      readOnly: ["agent", { option: "allow_all", value: "off" }],
      ask: ["agent", { option: "allow_all", value: "off" }],
      edit: ["agent", { option: "allow_all", value: "off" }],
      full: ["agent", { option: "allow_all", value: "on" }],
    },
    env: {},
    tokens: "turn",
    login: "copilot login",
    install: "npm install -g @github/copilot@1.0.102",
  },
  opencode: {
    command: ["opencode", "acp"],
    pinned: "opencode-ai@1.18.33",
    // in its mode "build" it asks nobody unless its own configuration says so: nothing between the two can be kept
    modes: { readOnly: [{ option: "mode", value: "plan" }], full: [{ option: "mode", value: "build" }] },
    env: {},
    tokens: "turn",
    login: "opencode auth login",
    install: "npm install -g opencode-ai@1.18.33",
  },
  qwen: {
    // tools of a turn are offered at once, not after a search for them, and before the first question to the model
    command: ["qwen", "--acp", "--exclude-tools=tool_search"],
    pinned: "@qwen-code/qwen-code@0.24.4",
    modes: { readOnly: ["default"], ask: ["default"], edit: ["auto-edit"], full: ["yolo"] },
    env: { QWEN_CODE_LEGACY_MCP_BLOCKING: "1" },
    tokens: "turn",
    login: "qwen",
    install: "npm install -g @qwen-code/qwen-code@0.24.4",
  },
};
