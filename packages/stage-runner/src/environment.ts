import { inputVariable, type PluginHost, type TurnTask } from "@troupe/core";

type Environment = Readonly<Record<string, string>>;

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

/** Facts of a turn that agents and commands find in their environment, the process marker among them. */
export function turnFacts(task: TurnTask, facts: { readonly marker: string; readonly artifacts: string }): Environment {
  const inputs = Object.entries(task.values).map(([name, value]) => [inputVariable(name), value] as const);
  return {
    TROUPE_RUN_ID: task.runId,
    TROUPE_STAGE: task.stage.id,
    TROUPE_KIND: task.kind,
    TROUPE_ROUND: String(task.round),
    TROUPE_TURN: facts.marker,
    TROUPE_ARTIFACTS: facts.artifacts,
    ...Object.fromEntries(inputs),
  };
}

/** An agent gets the allow-listed part of our environment, what its configuration adds, and the facts of the turn. */
export function agentEnvironment(host: PluginHost, added: Environment, facts: Environment): Environment {
  return { ...pick(host, isAllowed), ...added, ...facts };
}

/** A command of the workflow's author gets all of our environment, and the facts of the turn. */
export function commandEnvironment(host: PluginHost, facts: Environment): Environment {
  // inputs of a run that we run in ourselves are none of this one's
  return { ...pick(host, (name) => !name.startsWith("TROUPE_INPUT_")), ...facts };
}

function pick(host: PluginHost, accepts: (name: string) => boolean): Environment {
  const entries = Object.entries(host.environment);
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (value !== undefined && accepts(name) ? [[name, value] as const] : [])),
  );
}

function isAllowed(name: string): boolean {
  return AGENT_ENVIRONMENT.some((allowed) =>
    allowed.endsWith("*") ? name.startsWith(allowed.slice(0, -1)) : name === allowed,
  );
}
