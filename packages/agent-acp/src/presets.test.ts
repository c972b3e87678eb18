import type { AgentAccess } from "@troupe/core";
import { describe, expect, test } from "vitest";
import { createAcpTurn } from "../test/acp-turn.js";
import { OFFERS } from "../test/offers.js";
import { PRESETS } from "./presets.js";

const ACCESSES: readonly AgentAccess[] = ["readOnly", "ask", "edit", "full"];
const prompts = [{ steps: [{ say: "done" }] }];
const ADDRESS = "https://agentclientprotocol.com/protocol/session-modes#agent";
const copilot = (value: string): readonly string[] => [ADDRESS, `allow_all=${value}`];

/** What a turn sets in its session for the access, or the error that it ends with. */
async function settingsFor(preset: string, access: AgentAccess, offer = OFFERS[preset]): Promise<readonly unknown[]> {
  const turn = await createAcpTurn();
  const end = await turn.fail({ prompts, strict: true, ...offer }, { options: { preset }, request: { access } });
  if (end instanceof Error) return [end.message];
  return turn.asked().flatMap(({ method, params }) => {
    if (method === "session/set_mode") return [params?.modeId];
    return method === "session/set_config_option" ? [`${params?.configId}=${params?.value}`] : [];
  });
}

test("there is a recorded offer of each preset", () => {
  expect(Object.keys(OFFERS).sort()).toEqual(Object.keys(PRESETS).sort());
});

test.each<[string, Readonly<Record<AgentAccess, readonly unknown[]>>]>([
  ["claude", { readOnly: ["default"], ask: ["default"], edit: ["acceptEdits"], full: ["bypassPermissions"] }],
  ["codex", { readOnly: ["read-only"], ask: ["read-only"], edit: ["workspace-write"], full: ["agent-full-access"] }],
  ["gemini", { readOnly: ["default"], ask: ["default"], edit: ["autoEdit"], full: ["yolo"] }],
  ["copilot", { readOnly: copilot("off"), ask: copilot("off"), edit: copilot("off"), full: copilot("on") }],
  [
    "opencode",
    {
      readOnly: ["mode=plan"],
      ask: ['access "ask" of agent "writer" cannot be kept by the preset opencode'],
      edit: ['access "edit" of agent "writer" cannot be kept by the preset opencode'],
      full: ["mode=build"],
    },
  ],
  ["qwen", { readOnly: ["default"], ask: ["default"], edit: ["auto-edit"], full: ["yolo"] }],
])("%s is held to each access by what it offers, or refused", async (preset, expected) => {
  const set = await Promise.all(ACCESSES.map(async (access) => [access, await settingsFor(preset, access)]));
  expect(Object.fromEntries(set)).toEqual(expected);
});

test.each(["claude", "codex", "gemini", "copilot", "opencode", "qwen"])(
  "%s that offers other modes in a later version is refused, with what it offers, instead of left as it is",
  async (preset) => {
    const later = {
      modes: { currentModeId: "new", availableModes: [{ id: "new", name: "New" }] },
      configOptions: [
        { id: "mode", category: "mode", type: "select", currentValue: "new", options: [{ value: "new" }] },
      ],
    };
    const [message] = await settingsFor(preset, "readOnly", later);
    expect(message).toMatch(/^access "readOnly" of agent "writer" needs .*, which cannot be set: it offers new$/);
    const { modes: _, ...optionsOnly } = later;
    const [other] = await settingsFor(preset, "readOnly", optionsOnly);
    expect(other).toMatch(/which cannot be set: it offers new$/);
  },
);

describe.each(Object.keys(PRESETS))("%s that is gone", (preset) => {
  const prompt = "Read all of this. ".repeat(60_000);

  test("before it has read anything has failed with its last words", async () => {
    const turn = await createAcpTurn();
    const command = ["sh", "-c", "exec 0<&-; echo no config >&2; exit 3"];
    const agent = await turn.create({ preset, command });
    expect(await turn.fail({}, { agent, request: { prompt } })).toMatchObject({
      code: "AGENT_FAILED",
      message: 'agent "writer" ended with exit code 3 instead of answering initialize: no config',
    });
  });

  test("before it has read its prompt has failed as well", async () => {
    const turn = await createAcpTurn();
    const script = { ...OFFERS[preset], deafAfter: "session/new", dieAfter: 4, lastWords: "broken\n" };
    const options = { preset, modes: { full: [] } };
    expect(await turn.fail(script, { options, request: { prompt } })).toMatchObject({
      code: "AGENT_FAILED",
      message: 'agent "writer" ended with exit code 4 instead of answering session/prompt: broken',
    });
  });
});
