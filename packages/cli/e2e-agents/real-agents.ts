import * as at from "./point-at-llm.js";
import type { Place, RealAgent } from "./real-agent.js";

const CLAUDE = "@anthropic-ai/claude-code@2.1.330";
const COPILOT = { npm: ["@github/copilot@1.0.102"] };
const GEMINI = { npm: ["@google/gemini-cli@0.61.0"] };
const OPENCODE = { npm: ["opencode-ai@1.18.33"] };
const QWEN = { npm: ["@qwen-code/qwen-code@0.24.4"] };

type Options = Readonly<Record<string, unknown>>;

/** By its command line: the name is that of the preset and of the program. */
function byCommand(
  name: string,
  env: (place: Place) => Options,
  more: (place: Place) => Options = () => ({}),
): Pick<RealAgent, "name" | "configure"> {
  return {
    name,
    configure: (place) => [name, { command: [place.bin(name)], env: env(place), ...more(place) }],
  };
}

/** Over the Agent Client Protocol: a program and its arguments. */
function overAcp(
  name: string,
  [program, ...args]: readonly [string, ...string[]],
  env: (place: Place) => Options,
): Pick<RealAgent, "name" | "configure"> {
  return {
    name: `acp:${name}`,
    configure: (place) => [`acp:${name}`, { command: [place.bin(program), ...args], env: env(place) }],
  };
}

/** All that is tried, each in the version that the presets name. */
export const REAL_AGENTS: readonly RealAgent[] = [
  { ...byCommand("claude", at.anthropic), source: { npm: [CLAUDE] }, verdict: "tool" },
  {
    ...byCommand("codex", at.codex, (place) => ({ args: at.codexArguments(place), model: "scripted" })),
    source: { npm: ["@openai/codex@0.169.0"] },
    verdict: "tool",
  },
  { ...byCommand("gemini", at.gemini), source: GEMINI, files: at.geminiFiles, verdict: "text" },
  { ...byCommand("copilot", at.copilot), source: COPILOT, verdict: "tool" },
  { ...byCommand("opencode", at.opencode), source: OPENCODE, files: at.opencodeFiles, verdict: "tool" },
  { ...byCommand("qwen", at.qwen), source: QWEN, files: at.qwenFiles, verdict: "tool" },
  {
    ...byCommand("aider", at.aider, () => ({
      model: "openai/scripted",
      args: ["--no-show-model-warnings", "--no-check-update", "--analytics-disable", "--no-gitignore"],
    })),
    source: { pip: ["aider-chat==0.86.2"] },
    verdict: "text",
  },
  {
    ...overAcp("claude", ["claude-agent-acp"], at.anthropic),
    source: { npm: ["@agentclientprotocol/claude-agent-acp@0.101.0", CLAUDE] },
    verdict: "tool",
  },
  {
    ...overAcp("codex", ["codex-acp"], at.codex),
    source: { npm: ["@agentclientprotocol/codex-acp@2.6.0"] },
    files: at.codexFiles,
    verdict: "tool",
  },
  {
    ...overAcp("gemini", ["gemini", "--acp", "--skip-trust"], at.gemini),
    source: GEMINI,
    files: at.geminiFiles,
    verdict: "tool",
  },
  { ...overAcp("copilot", ["copilot", "--acp", "--no-auto-update"], at.copilot), source: COPILOT, verdict: "tool" },
  {
    ...overAcp("opencode", ["opencode", "acp"], at.opencode),
    source: OPENCODE,
    files: at.opencodeFiles,
    verdict: "tool",
  },
  {
    ...overAcp("qwen", ["qwen", "--acp", "--exclude-tools=tool_search"], at.qwen),
    source: QWEN,
    files: at.qwenFiles,
    verdict: "tool",
  },
];
