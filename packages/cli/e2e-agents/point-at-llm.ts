import { join } from "node:path";
import type { Place } from "./real-agent.js";

type Texts = Readonly<Record<string, string>>;

/** Long: an agent that masks its key in what it prints would mask parts of words with a short one. */
const KEY = "a-long-key-of-nobody-for-a-service-on-loopback";

export const anthropic = ({ llm, home }: Place): Texts => ({
  ANTHROPIC_BASE_URL: llm,
  ANTHROPIC_API_KEY: KEY,
  CLAUDE_CONFIG_DIR: join(home, "claude"),
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  IS_SANDBOX: "1", // else it does not take full access from the superuser
});

export const codexArguments = ({ llm }: Place): readonly string[] => [
  ...["-c", 'model_provider="scripted"'],
  "-c",
  `model_providers.scripted={name="scripted",base_url="${llm}/v1",wire_api="responses",env_key="SCRIPTED_KEY"}`,
];
/** A model that it does not know is offered plain tools, for known ones it may have to write programs that call them. */
export const codexFiles = ({ llm }: Place): Texts => ({
  "config.toml": `model = "scripted"
model_provider = "scripted"
[model_providers.scripted]
name = "scripted"
base_url = "${llm}/v1"
wire_api = "responses"
env_key = "SCRIPTED_KEY"
`,
});
export const codex = ({ home }: Place): Texts => ({ CODEX_HOME: home, SCRIPTED_KEY: KEY });

/** Its own key is not needed where the model is somebody else's. */
export const copilot = ({ llm, home }: Place): Texts => ({
  COPILOT_OFFLINE: "true",
  COPILOT_PROVIDER_TYPE: "anthropic",
  COPILOT_PROVIDER_BASE_URL: llm,
  COPILOT_PROVIDER_API_KEY: KEY,
  COPILOT_MODEL: "claude-opus-5",
  COPILOT_HOME: join(home, "copilot"),
});

export const gemini = ({ llm, home }: Place): Texts => ({
  GOOGLE_GEMINI_BASE_URL: llm,
  GEMINI_API_KEY: KEY,
  GEMINI_CLI_HOME: home,
});
export const geminiFiles = (): Texts => ({
  ".gemini/settings.json": JSON.stringify({ security: { auth: { selectedType: "gemini-api-key" } } }),
});

export const opencode = ({ home }: Place): Texts => ({
  OPENCODE_DISABLE_MODELS_FETCH: "true",
  XDG_DATA_HOME: join(home, "data"),
  XDG_CONFIG_HOME: join(home, "config"),
  XDG_STATE_HOME: join(home, "state"),
  XDG_CACHE_HOME: join(home, "cache"),
});
/** In a file: what is in its environment takes the place of the offer of a tool. */
export const opencodeFiles = ({ llm }: Place): Texts => ({
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

export const qwen = ({ llm }: Place): Texts => ({
  OPENAI_API_KEY: KEY,
  OPENAI_BASE_URL: `${llm}/v1`,
  OPENAI_MODEL: "scripted",
});
export const qwenFiles = (): Texts => ({
  ".qwen/settings.json": JSON.stringify({ security: { auth: { selectedType: "openai" } } }),
});

export const aider = ({ llm }: Place): Texts => ({ OPENAI_API_KEY: KEY, OPENAI_API_BASE: `${llm}/v1` });
