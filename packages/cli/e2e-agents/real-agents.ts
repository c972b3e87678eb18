import { join } from "node:path";

/** Where one agent works during a trial. */
interface Place {
  /** Of the scripted service, without a slash at its end. */
  readonly llm: string;
  /** A folder of its own, instead of the person's. */
  readonly home: string;
  /** Absolute path of an installed program. */
  readonly bin: (name: string) => string;
}

/** A real agent and how it is pointed at the scripted service. */
export interface RealAgent {
  readonly name: string;
  /** Of npm, with the version. */
  readonly packages: readonly string[];
  /** The plugin and its options, as `troupe.yaml` has them. */
  readonly configure: (place: Place) => readonly [string, object];
  /** Files in its home, by their paths. */
  readonly files?: Readonly<Record<string, object>>;
  /** The same, that are no JSON. */
  readonly texts?: (place: Place) => Readonly<Record<string, string>>;
  /** Whether a reviewer of this kind is given the tool for its verdict. */
  readonly takesTools: boolean;
  /** Why it is not tried; null = it is. */
  readonly skip: string | null;
}

const KEY = "a-long-key-of-nobody-for-a-service-on-loopback";

const anthropic = ({ llm, home }: Place): Readonly<Record<string, string>> => ({
  ANTHROPIC_BASE_URL: llm,
  ANTHROPIC_API_KEY: KEY,
  CLAUDE_CONFIG_DIR: join(home, "claude"),
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  HOME: home,
  IS_SANDBOX: "1", // else it does not take full access from the superuser
});
const codexArguments = ({ llm }: Place): readonly string[] => [
  ...["-c", 'model_provider="scripted"'],
  "-c",
  `model_providers.scripted={name="scripted",base_url="${llm}/v1",wire_api="responses",env_key="SCRIPTED_KEY"}`,
];
/** Its own key is not needed where the model is somebody else's. */
const copilot = ({ llm, home }: Place): Readonly<Record<string, string>> => ({
  COPILOT_OFFLINE: "true",
  COPILOT_PROVIDER_TYPE: "anthropic",
  COPILOT_PROVIDER_BASE_URL: llm,
  COPILOT_PROVIDER_API_KEY: KEY,
  COPILOT_MODEL: "claude-opus-5",
  COPILOT_HOME: join(home, "copilot"),
  HOME: home,
});
const opencode = ({ home }: Place): Readonly<Record<string, string>> => ({
  OPENCODE_DISABLE_MODELS_FETCH: "true",
  HOME: home,
  XDG_DATA_HOME: join(home, "data"),
  XDG_CONFIG_HOME: join(home, "config"),
  XDG_STATE_HOME: join(home, "state"),
  XDG_CACHE_HOME: join(home, "cache"),
});
/** In a file: what is in its environment takes the place of the offer of a tool. */
const opencodeFiles = ({ llm }: Place): Readonly<Record<string, string>> => ({
  "config/opencode/opencode.json": JSON.stringify({
    autoupdate: false,
    model: "scripted/scripted",
    provider: {
      scripted: {
        npm: "@ai-sdk/anthropic",
        options: { baseURL: `${llm}/v1`, apiKey: KEY },
        models: { scripted: { tool_call: true, limit: { context: 200_000, output: 8_000 } } },
      },
    },
  }),
});
const CLAUDE = "@anthropic-ai/claude-code@2.1.330";

export const REAL_AGENTS: readonly RealAgent[] = [
  {
    name: "claude",
    packages: [CLAUDE],
    configure: (place) => ["claude", { command: [place.bin("claude")], env: anthropic(place) }],
    takesTools: true,
    skip: null,
  },
  {
    name: "codex",
    packages: ["@openai/codex@0.169.0"],
    configure: (place) => [
      "codex",
      {
        command: [place.bin("codex")],
        args: codexArguments(place),
        // a name that it does not know is offered plain tools, known ones may have to write programs that call them
        model: "scripted",
        env: { CODEX_HOME: place.home, HOME: place.home, SCRIPTED_KEY: KEY },
      },
    ],
    takesTools: true,
    skip: null,
  },
  {
    name: "gemini",
    packages: ["@google/gemini-cli@0.61.0"],
    configure: ({ bin, home, llm }) => [
      "gemini",
      {
        command: [bin("gemini")],
        model: "gemini-3-pro",
        env: { GOOGLE_GEMINI_BASE_URL: llm, GEMINI_API_KEY: KEY, HOME: home, GEMINI_CLI_HOME: home },
      },
    ],
    files: { ".gemini/settings.json": { security: { auth: { selectedType: "gemini-api-key" } } } },
    takesTools: false,
    skip: null,
  },
  {
    name: "acp:claude",
    packages: ["@agentclientprotocol/claude-agent-acp@0.101.0", CLAUDE],
    configure: (place) => ["acp:claude", { command: [place.bin("claude-agent-acp")], env: anthropic(place) }],
    takesTools: true,
    skip: null,
  },
  {
    name: "acp:codex",
    packages: ["@agentclientprotocol/codex-acp@2.6.0"],
    configure: ({ bin, home }) => [
      "acp:codex",
      { command: [bin("codex-acp")], env: { CODEX_HOME: home, HOME: home, SCRIPTED_KEY: KEY } },
    ],
    texts: ({ llm }) => ({
      "config.toml": `model = "scripted"
model_provider = "scripted"
[model_providers.scripted]
name = "scripted"
base_url = "${llm}/v1"
wire_api = "responses"
env_key = "SCRIPTED_KEY"
`,
    }),
    takesTools: true,
    skip: null,
  },
  {
    name: "acp:gemini",
    packages: ["@google/gemini-cli@0.61.0"],
    configure: ({ bin, home, llm }) => [
      "acp:gemini",
      {
        command: [bin("gemini"), "--acp", "--skip-trust"],
        env: { GOOGLE_GEMINI_BASE_URL: llm, GEMINI_API_KEY: KEY, HOME: home, GEMINI_CLI_HOME: home },
      },
    ],
    files: {
      ".gemini/settings.json": {
        security: { auth: { selectedType: "gemini-api-key" } },
        model: { name: "gemini-3-pro" },
      },
    },
    takesTools: true,
    skip: null,
  },
  {
    name: "copilot",
    packages: ["@github/copilot@1.0.102"],
    configure: (place) => ["copilot", { command: [place.bin("copilot")], env: copilot(place) }],
    takesTools: true,
    skip: null,
  },
  {
    name: "acp:copilot",
    packages: ["@github/copilot@1.0.102"],
    configure: (place) => [
      "acp:copilot",
      { command: [place.bin("copilot"), "--acp", "--no-auto-update"], env: copilot(place) },
    ],
    takesTools: true,
    skip: null,
  },
  {
    name: "opencode",
    packages: ["opencode-ai@1.18.33"],
    configure: (place) => ["opencode", { command: [place.bin("opencode")], env: opencode(place) }],
    texts: opencodeFiles,
    takesTools: true,
    skip: null,
  },
  {
    name: "acp:opencode",
    packages: ["opencode-ai@1.18.33"],
    configure: (place) => ["acp:opencode", { command: [place.bin("opencode"), "acp"], env: opencode(place) }],
    texts: opencodeFiles,
    takesTools: true,
    skip: null,
  },
];
