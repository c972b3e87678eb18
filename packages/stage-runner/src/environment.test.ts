import { readFile } from "node:fs/promises";
import { AGENT_ENVIRONMENT } from "@troupe/core";
import { turnMarker } from "@troupe/process";
import { afterEach, expect, test } from "vitest";
import { createContext, createTask, createTurnHarness, type TurnHarness } from "../test/turn-harness.js";

let harness: TurnHarness;
afterEach(() => harness.remove());

test("an agent sees the allow-listed environment, what its configuration adds and the facts of the turn", async () => {
  harness = await createTurnHarness({
    agents: { builder: async () => ({}) },
    agent: { env: { EXTRA: "1", LANG: "C", TROUPE_STAGE: "not this" } },
    environment: {
      PATH: "/bin",
      LANG: "de_DE",
      LC_ALL: "C",
      XDG_CONFIG_HOME: "/x",
      ANTHROPIC_API_KEY: "k",
      AWS_SECRET_ACCESS_KEY: "no",
      DATABASE_URL: "no",
      TROUPE_INPUT_OTHER: "no",
      LC: "no",
      HOME: undefined,
    },
  });
  await harness.runner.run(createTask(harness, { id: "S" }, { values: { "a.b": "v" } }), createContext());
  expect(harness.requests[0]?.env).toEqual({
    PATH: "/bin",
    LANG: "C",
    LC_ALL: "C",
    XDG_CONFIG_HOME: "/x",
    ANTHROPIC_API_KEY: "k",
    EXTRA: "1",
    TROUPE_RUN_ID: "r-1",
    TROUPE_STAGE: "S",
    TROUPE_KIND: "work",
    TROUPE_ROUND: "1",
    TROUPE_TURN: turnMarker({ runId: "r-1", epoch: 1, turn: "S.1", stateFolder: harness.host.stateFolder }),
    TROUPE_ARTIFACTS: harness.latest,
    TROUPE_INPUT_A_B: "v",
  });
  expect(new Set(AGENT_ENVIRONMENT).size).toBe(AGENT_ENVIRONMENT.length);
});

/** Nothing is added to the list unseen: what an agent sees, it may print. */
const WHOLE_LIST =
  "PATH HOME USER LOGNAME SHELL LANG LANGUAGE LC_* TERM COLORTERM NO_COLOR TZ TMPDIR TEMP TMP XDG_* SSH_AUTH_SOCK DBUS_SESSION_BUS_ADDRESS " +
  "SYSTEMROOT SystemRoot COMSPEC ComSpec PATHEXT Path USERPROFILE APPDATA LOCALAPPDATA HOMEDRIVE HOMEPATH PROGRAMDATA " +
  "HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY http_proxy https_proxy no_proxy all_proxy " +
  "NODE_EXTRA_CA_CERTS SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE " +
  "ANTHROPIC_* CLAUDE_* OPENAI_* CODEX_* AZURE_OPENAI_* GEMINI_* GOOGLE_API_KEY GOOGLE_APPLICATION_CREDENTIALS GOOGLE_CLOUD_* " +
  "GOOGLE_GENAI_* GOOGLE_VERTEX_* GITHUB_TOKEN GH_TOKEN GH_HOST COPILOT_* OPENCODE_* OPENROUTER_API_KEY DASHSCOPE_API_KEY QWEN_* " +
  "MISTRAL_API_KEY DEEPSEEK_API_KEY GROQ_API_KEY XAI_API_KEY AIDER_*";

test("the whole list is this one, and the README has it", async () => {
  harness = await createTurnHarness();
  expect(AGENT_ENVIRONMENT.join(" ")).toBe(WHOLE_LIST);
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  expect(AGENT_ENVIRONMENT.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});

test("a command sees all of our environment but the inputs of a run around us", async () => {
  harness = await createTurnHarness({
    environment: { PATH: process.env.PATH, DATABASE_URL: "db", TROUPE_INPUT_OTHER: "no" },
  });
  const run = { argv: [process.execPath, "-p", "JSON.stringify(process.env)"] };
  const task = createTask(harness, { id: "S", kind: "command", run }, { agent: null, values: { mode: "fast" } });
  const result = await harness.runner.run(task, createContext());
  const seen: unknown = JSON.parse(result.status === "succeeded" ? (result.output.text ?? "") : "null");
  expect(seen).toEqual({
    PATH: process.env.PATH,
    DATABASE_URL: "db",
    TROUPE_RUN_ID: "r-1",
    TROUPE_STAGE: "S",
    TROUPE_KIND: "work",
    TROUPE_ROUND: "1",
    TROUPE_TURN: expect.stringContaining("r-1/1/S.1"),
    TROUPE_ARTIFACTS: harness.latest,
    TROUPE_INPUT_MODE: "fast",
  });
});
