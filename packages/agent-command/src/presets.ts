import type { AgentAccess, Usage } from "@troupe/core";
import { errorOfAider } from "./error-of-aider.js";
import {
  type OfferTools,
  offerToClaude,
  offerToCodex,
  offerToCopilot,
  offerToOpencode,
  offerToQwen,
} from "./preset-tools.js";
import { readClaude } from "./read-claude.js";
import { readCodex } from "./read-codex.js";
import { readCopilot } from "./read-copilot.js";
import { readGemini } from "./read-gemini.js";
import { readOpencode } from "./read-opencode.js";
import { readQwen } from "./read-qwen.js";
import type { ReadStream } from "./stream-state.js";

export type PresetName = "claude" | "codex" | "copilot" | "gemini" | "opencode" | "qwen" | "aider" | "shell";

/** What shapes the arguments of one turn. */
interface PresetTurn {
  readonly model: string | null;
  readonly access: AgentAccess;
  /** The program's own id of a session to go on with. */
  readonly session: string | null;
  /** JSON Schema as text, and the path of a file that holds it. */
  readonly schema: { readonly text: string; readonly file: string | null } | null;
  /** A folder outside the working folder that the agent has to write to. */
  readonly otherFolder: string | null;
  readonly promptFile: string | null;
  /** Arguments that offer tool servers. */
  readonly tools: readonly string[];
  /** What the configuration adds. */
  readonly extra: readonly string[];
}

/** How a program tells what it does, one JSON object per line of standard output. */
export interface Dialect {
  readonly read: ReadStream;
  /** What it counts on over all turns of a session. */
  readonly counts: readonly (keyof Usage)[];
  /** Its words for a session that it cannot go on with. */
  readonly unknownSession: RegExp;
  /** Exit codes that mean that nobody is logged in. */
  readonly loginExitCodes: readonly number[];
}

interface LoginStatus {
  readonly args: readonly string[];
  /** Its words for nobody; it exits 0 when somebody is. */
  readonly out: RegExp;
  /** Variables that a turn would use instead of a login, which the program does not count. */
  readonly keys: readonly string[];
}

/** A known program: see the README for the version that each was tried with. */
export interface Preset {
  readonly program: string;
  /** Installs the version that was tried. */
  readonly install: string;
  readonly login: string | null;
  /** How the program itself tells whether somebody is logged in; null = it cannot. */
  readonly loginStatus: LoginStatus | null;
  readonly prompt: "stdin" | "file";
  /** What it can be held to. */
  readonly accesses: readonly AgentAccess[];
  readonly schema: "argument" | "file" | null;
  /** Null = it takes no tool servers for one turn. */
  readonly offerTools: OfferTools | null;
  /** Null = plain text is the result. */
  readonly dialect: Dialect | null;
  /** What its plain text gives as the reason why it failed, for a program that exits with 0 all the same. */
  readonly errorInText?: (output: string) => string | null;
  readonly argv: (turn: PresetTurn) => readonly string[];
}

const claude: Preset = {
  program: "claude",
  install: "npm install -g @anthropic-ai/claude-code@2.1.330",
  login: "claude /login",
  loginStatus: { args: ["auth", "status"], out: /"loggedIn":\s*false|not logged in/i, keys: [] },
  prompt: "stdin",
  accesses: ["readOnly", "edit", "full"],
  schema: "argument",
  offerTools: offerToClaude,
  dialect: {
    read: readClaude,
    counts: ["costUsd"],
    unknownSession: /No conversation found with session ID/i,
    loginExitCodes: [],
  },
  argv: ({ model, access, session, schema, otherFolder, tools, extra }) => [
    ...["-p", "--output-format", "stream-json", "--verbose", "--permission-mode"],
    ...(access === "full" ? ["bypassPermissions"] : access === "edit" ? ["acceptEdits"] : ["dontAsk"]),
    // a denial wins over every rule of the project or the user
    ...(access === "readOnly" ? ["--disallowedTools", "Bash,Edit,Write,NotebookEdit"] : []),
    ...(access === "edit" && otherFolder !== null ? ["--add-dir", otherFolder] : []),
    ...option("--model", model),
    ...option("--resume", session),
    ...option("--json-schema", schema?.text ?? null),
    ...tools,
    ...extra,
  ],
};

const codex: Preset = {
  program: "codex",
  install: "npm install -g @openai/codex@0.169.0",
  login: "codex login",
  loginStatus: { args: ["login", "status"], out: /not logged in/i, keys: ["CODEX_API_KEY", "OPENAI_API_KEY"] },
  prompt: "stdin",
  accesses: ["readOnly", "edit", "full"],
  schema: "file",
  offerTools: offerToCodex,
  dialect: {
    read: readCodex,
    counts: ["inputTokens", "outputTokens"],
    unknownSession: /thread\/resume failed|no rollout found|rollout not found|missing rollout/i,
    loginExitCodes: [],
  },
  argv: ({ model, access, session, schema, otherFolder, tools, extra }) => [
    ...["exec", ...(session === null ? [] : ["resume"]), "--json", "--skip-git-repo-check"],
    // `resume` knows no --sandbox
    ...(access === "full"
      ? ["--dangerously-bypass-approvals-and-sandbox"]
      : ["-c", `sandbox_mode="${access === "edit" ? "workspace-write" : "read-only"}"`]),
    ...(access === "edit" && otherFolder !== null
      ? ["-c", `sandbox_workspace_write.writable_roots=${JSON.stringify([otherFolder])}`]
      : []),
    ...option("-m", model),
    ...option("--output-schema", schema?.file ?? null),
    ...tools,
    ...extra,
    ...(session === null ? [] : [session]),
    "-",
  ],
};

const copilot: Preset = {
  program: "copilot",
  install: "npm install -g @github/copilot@1.0.102",
  login: "copilot login",
  loginStatus: null,
  prompt: "stdin",
  accesses: ["readOnly", "edit", "full"],
  schema: null,
  offerTools: offerToCopilot,
  dialect: { read: readCopilot, counts: [], unknownSession: /No session\b[^\n]{0,40} matched/i, loginExitCodes: [] },
  argv: ({ model, access, session, otherFolder, tools, extra }) => [
    ...["--output-format", "json"],
    ...(access === "full" ? ["--allow-all"] : []),
    ...(access === "edit" ? ["--allow-tool=write", "--deny-tool=shell"] : []),
    ...(access === "readOnly" ? ["--deny-tool=write", "--deny-tool=shell"] : []),
    ...(access === "edit" && otherFolder !== null ? ["--add-dir", otherFolder] : []),
    ...["--no-ask-user", "--no-auto-update"],
    ...option("--model", model),
    ...(session === null ? [] : [`--resume=${session}`]),
    ...tools,
    ...extra,
  ],
};

const gemini: Preset = {
  program: "gemini",
  install: "npm install -g @google/gemini-cli@0.61.0",
  login: "gemini",
  loginStatus: null,
  prompt: "stdin",
  accesses: ["readOnly", "edit", "full"],
  schema: null,
  offerTools: null,
  // 145 = 401 in the eight bits that an exit code has
  dialect: { read: readGemini, counts: [], unknownSession: /Error resuming session/i, loginExitCodes: [41, 145] },
  argv: ({ model, access, session, otherFolder, extra }) => [
    ...["-o", "stream-json"],
    ...(access === "full" ? ["--yolo"] : ["--approval-mode", access === "edit" ? "auto_edit" : "plan"]),
    "--skip-trust",
    ...(access === "edit" && otherFolder !== null ? ["--include-directories", otherFolder] : []),
    ...option("--model", model),
    ...option("--resume", session),
    ...extra,
  ],
};

const opencode: Preset = {
  program: "opencode",
  install: "npm install -g opencode-ai@1.18.33",
  login: "opencode auth login",
  loginStatus: null,
  prompt: "stdin",
  // an agent of the project's own configuration may loosen anything else
  accesses: ["full"],
  schema: null,
  offerTools: offerToOpencode,
  dialect: { read: readOpencode, counts: [], unknownSession: /Session not found/i, loginExitCodes: [] },
  argv: ({ model, session, extra }) => [
    ...["run", "--format", "json", "--auto"],
    ...option("--model", model),
    ...option("--session", session),
    ...extra,
  ],
};

const qwen: Preset = {
  program: "qwen",
  install: "npm install -g @qwen-code/qwen-code@0.24.4",
  login: "qwen",
  loginStatus: null,
  prompt: "stdin",
  accesses: ["readOnly", "edit", "full"],
  schema: null,
  offerTools: offerToQwen,
  dialect: {
    read: readQwen,
    counts: ["inputTokens", "outputTokens"],
    unknownSession: /No saved session found with ID/i,
    loginExitCodes: [],
  },
  argv: ({ model, access, session, otherFolder, tools, extra }) => [
    ...["-o", "stream-json", "--approval-mode"],
    access === "full" ? "yolo" : access === "edit" ? "auto-edit" : "default",
    // a denial wins over every rule of the project or the user
    ...(access === "edit" ? ["--exclude-tools=run_shell_command"] : []),
    ...(access === "readOnly" ? ["--exclude-tools=run_shell_command,edit,write_file,notebook_edit"] : []),
    ...(access === "edit" && otherFolder !== null ? [`--include-directories=${otherFolder}`] : []),
    ...option("--model", model),
    ...option("--resume", session),
    ...tools,
    ...extra,
  ],
};

const aider: Preset = {
  program: "aider",
  install: "python3 -m pip install aider-chat==0.86.2",
  login: null,
  loginStatus: null,
  prompt: "file",
  accesses: ["full"],
  schema: null,
  offerTools: null,
  dialect: null,
  errorInText: errorOfAider,
  argv: ({ model, promptFile, extra }) => [
    ...option("--message-file", promptFile),
    ...["--yes-always", "--no-auto-commits"],
    ...option("--model", model),
    ...extra,
  ],
};

/** `shell` is whatever the user names: it has no entry. */
export const PRESETS: Readonly<Record<Exclude<PresetName, "shell">, Preset>> = {
  claude,
  codex,
  copilot,
  gemini,
  opencode,
  qwen,
  aider,
};

function option(name: string, value: string | null): readonly string[] {
  return value === null ? [] : [name, value];
}
