import type { PluginHost } from "./host.js";

/**
 * Names of environment variables that reach agents, if they are set; a name that ends in `*` means all that begin so.
 * Everything else stays here, unless the agent's own `env` gives it: what an agent sees, it may print.
 */
export const AGENT_ENVIRONMENT: readonly string[] = [
  // where programs, files and the person's settings are
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LANGUAGE",
  "LC_*",
  "TERM",
  "COLORTERM",
  "NO_COLOR",
  "TZ",
  "TMPDIR",
  "TEMP",
  "TMP",
  "XDG_*",
  "SSH_AUTH_SOCK",
  // where a desktop's keyring is asked for the login
  "DBUS_SESSION_BUS_ADDRESS",
  // Windows cannot start programs without these
  "SYSTEMROOT",
  "SystemRoot",
  "COMSPEC",
  "ComSpec",
  "PATHEXT",
  "Path",
  "USERPROFILE",
  "APPDATA",
  "LOCALAPPDATA",
  "HOMEDRIVE",
  "HOMEPATH",
  "PROGRAMDATA",
  // the way to the network
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "ALL_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "all_proxy",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "REQUESTS_CA_BUNDLE",
  "CURL_CA_BUNDLE",
  // what well-known agents log in and are set up with
  "ANTHROPIC_*",
  "CLAUDE_*",
  "OPENAI_*",
  "CODEX_*",
  "AZURE_OPENAI_*",
  "GEMINI_*",
  "GOOGLE_API_KEY",
  "GOOGLE_APPLICATION_CREDENTIALS",
  "GOOGLE_CLOUD_*",
  "GOOGLE_GENAI_*",
  "GOOGLE_VERTEX_*",
  "GITHUB_TOKEN",
  "GH_TOKEN",
  "GH_HOST",
  "COPILOT_*",
  "OPENCODE_*",
  "OPENROUTER_API_KEY",
  "DASHSCOPE_API_KEY",
  "QWEN_*",
  "MISTRAL_API_KEY",
  "DEEPSEEK_API_KEY",
  "GROQ_API_KEY",
  "XAI_API_KEY",
  "AIDER_*",
];

/**
 * The part of an environment that agents get in a turn, before what their configuration and the turn add. A check of an
 * agent starts it with the same part, and with no more.
 */
export function allowedEnvironment(environment: PluginHost["environment"]): Readonly<Record<string, string>> {
  const entries = Object.entries(environment);
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (value !== undefined && isAllowed(name) ? [[name, value] as const] : [])),
  );
}

function isAllowed(name: string): boolean {
  return AGENT_ENVIRONMENT.some((allowed) =>
    allowed.endsWith("*") ? name.startsWith(allowed.slice(0, -1)) : name === allowed,
  );
}
