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
    name: "copilot",
    packages: ["@github/copilot@1.0.102"],
    configure: () => ["copilot", {}],
    takesTools: true,
    skip: "its whole stream has not been recorded against a service of our own yet",
  },
  {
    name: "opencode",
    packages: ["opencode-ai@1.18.33"],
    configure: () => ["opencode", {}],
    takesTools: true,
    skip: "its whole stream has not been recorded against a service of our own yet",
  },
];
