import { describe, expect, test } from "vitest";
import { type AcpTurn, createAcpTurn, type Script } from "../test/acp-turn.js";

const prompts = [{ steps: [{ say: "new answer" }] }];
const resume = { sessionCapabilities: { resume: {} } };
const unknown = { code: -32002, message: "no such session" };

/** Which methods a turn that goes on with s-1 uses. */
async function goOn(turn: AcpTurn, script: Script): Promise<readonly (string | undefined)[]> {
  await turn.run({ prompts, ...script }, { request: { session: "s-1" } });
  return turn.asked().flatMap(({ method }) => (method?.startsWith("session/") === true ? [method] : []));
}

describe("a session", () => {
  test("is resumed where the agent can, rather than loaded", async () => {
    const turn = await createAcpTurn();
    const script = { capabilities: { ...resume, loadSession: true } };
    expect(await goOn(turn, script)).toEqual(["session/resume", "session/prompt"]);
    expect(turn.askedFor("session/resume")).toEqual([{ sessionId: "s-1", cwd: turn.cwd, mcpServers: [] }]);
    expect(turn.known).toEqual([{ session: "s-1" }]);
  });

  test("is loaded else, and its history is no output", async () => {
    const turn = await createAcpTurn();
    const history = [
      { say: "old answer" },
      { tool: { toolCallId: "t", title: "Old tool", kind: "edit" } },
      { update: { sessionUpdate: "user_message_chunk", content: { type: "text", text: "old prompt" } } },
    ];
    const script = { capabilities: { loadSession: true }, history, prompts: [{ steps: [{ stop: "end_turn" }] }] };
    expect(await turn.fail(script, { request: { session: "s-1" } })).toMatchObject({ code: "AGENT_NO_OUTPUT" });
    expect(turn.logged()).not.toContain("old");
    expect(turn.activities.filter((kind) => kind !== "output")).toEqual([]);
    expect(await goOn(turn, { capabilities: { loadSession: true }, history })).toContain("session/load");
    expect(turn.logged()).toBe("new answer\n");
  });

  test("begins anew where the agent can neither, or does not know it", async () => {
    const turn = await createAcpTurn();
    expect(await goOn(turn, {})).toEqual(["session/new", "session/prompt"]);
    expect(turn.logged()).toContain("[troupe] the agent cannot go on with a session: a new one begins");
    const other = await createAcpTurn();
    const script = { capabilities: resume, errors: { "session/resume": unknown } };
    expect(await goOn(other, script)).toEqual(["session/resume", "session/new", "session/prompt"]);
    expect(other.logged()).toContain("[troupe] the session s-1 cannot be gone on with (no such session)");
  });

  test("of another's updates, a helper's say, is not listened to", async () => {
    const turn = await createAcpTurn();
    const foreign = JSON.stringify({
      jsonrpc: "2.0",
      method: "session/update",
      params: {
        sessionId: "other",
        update: { sessionUpdate: "agent_message_chunk", content: { type: "text", text: "not mine" } },
      },
    });
    const steps = [{ say: "mine" }, { raw: `${foreign}\n` }];
    expect((await turn.run({ prompts: [{ steps }] })).output).toBe("mine");
  });

  test("without a name is a failure", async () => {
    const turn = await createAcpTurn();
    expect(await turn.fail({ errors: {}, prompts, nameless: true })).toMatchObject({
      code: "AGENT_FAILED",
      message: "the agent began a session without a name",
    });
  });
});

const MODES = {
  currentModeId: "ask",
  availableModes: [{ id: "https://example.org/modes#agent", name: "Agent" }, { id: "ask" }],
};
const OPTIONS = [
  {
    id: "mode",
    name: "Mode",
    category: "mode",
    type: "select",
    currentValue: "plan",
    options: [{ value: "plan" }, { value: "build" }],
  },
  { id: "allow_all", name: "Allow all", type: "boolean", currentValue: false },
  {
    id: "llm",
    name: "Model",
    category: "model",
    type: "select",
    currentValue: "small",
    options: [
      {
        group: "g",
        name: "G",
        options: [
          { value: "small", name: "Small One" },
          { value: "big", name: "Big One" },
        ],
      },
    ],
  },
];

describe("a mode", () => {
  const set = async (script: Script, modes: object, access = "full"): Promise<readonly unknown[]> => {
    const turn = await createAcpTurn();
    const request = { access } as { access: "full" };
    const error = await turn.fail({ prompts, ...script }, { options: { modes }, request });
    if (error instanceof Error) return [error];
    return [
      ...turn.asked().flatMap(({ method, params }) => (method?.startsWith("session/set") === true ? [params] : [])),
      ...turn
        .logged()
        .split("\n")
        .filter((line) => line.startsWith("[troupe]")),
    ];
  };
  const sessionId = expect.stringMatching(/^session-/);

  test("is set by its id, also one that is an address", async () => {
    expect(await set({ modes: MODES }, { full: "ask" })).toEqual([{ sessionId, modeId: "ask" }]);
    expect(await set({ modes: MODES }, { full: ["agent"] })).toEqual([
      { sessionId, modeId: "https://example.org/modes#agent" },
    ]);
    expect(await set({}, { full: "any" })).toEqual([{ sessionId, modeId: "any" }]);
  });

  test("is set by options where the agent has those, in order", async () => {
    const modes = { edit: ["build", { option: "allow_all", value: true }, { option: "mode", value: "plan" }] };
    expect(await set({ configOptions: OPTIONS }, modes, "edit")).toEqual([
      { sessionId, configId: "mode", value: "build" },
      { sessionId, configId: "allow_all", value: true, type: "boolean" },
      { sessionId, configId: "mode", value: "plan" },
    ]);
    expect(await set({}, { full: { option: "x", value: "on" } })).toEqual([{ sessionId, configId: "x", value: "on" }]);
  });

  test("that cannot be set is refused, unless everything is allowed anyway", async () => {
    expect(await set({ modes: MODES }, { readOnly: "plan" }, "readOnly")).toMatchObject([
      {
        code: "AGENT_NOT_CONFIGURED",
        message:
          'access "readOnly" of agent "writer" needs the mode "plan", which cannot be set: it offers https://example.org/modes#agent, ask',
        details: { retry: "never" },
      },
    ]);
    expect(await set({ configOptions: OPTIONS }, { edit: { option: "none", value: "x" } }, "edit")).toMatchObject([
      { code: "AGENT_NOT_CONFIGURED" },
    ]);
    const errors = { "session/set_mode": { code: -32603, message: "not now" } };
    expect(await set({ modes: MODES, errors }, { full: "ask" })).toEqual([
      { sessionId, modeId: "ask" },
      '[troupe] the mode "ask" cannot be set (not now); what the agent asks for is allowed',
    ]);
    expect(await set({ modes: MODES, errors }, { ask: "ask" }, "ask")).toMatchObject([
      { code: "AGENT_NOT_CONFIGURED" },
    ]);
  });

  test("that nobody named is refused for any access but full", async () => {
    expect(await set({}, {})).toEqual([]);
    expect(await set({}, {}, "readOnly")).toMatchObject([
      {
        code: "AGENT_NOT_CONFIGURED",
        message: 'access "readOnly" of agent "writer" cannot be kept by its command',
        hint: expect.stringContaining('modes: { "readOnly": "..." }'),
      },
    ]);
    expect(await set({}, { readOnly: [] }, "readOnly")).toEqual([]);
  });
});

describe("a model", () => {
  const set = async (script: Script, model: string, session?: string): Promise<AcpTurn & { readonly end: unknown }> => {
    const turn = await createAcpTurn();
    const request = { model, ...(session === undefined ? {} : { session }) };
    return { ...turn, end: await turn.fail({ prompts, ...script }, { request }) };
  };

  test("is set by its id or its name, as an option or the way before options", async () => {
    for (const model of ["big", "big one"]) {
      const turn = await set({ configOptions: OPTIONS }, model);
      expect(turn.askedFor("session/set_config_option")).toMatchObject([{ configId: "llm", value: "big" }]);
    }
    const turn = await set({ models: { availableModels: [{ modelId: "m-1", name: "M" }] } }, "m-1");
    expect(turn.askedFor("session/set_model")).toMatchObject([{ modelId: "m-1" }]);
  });

  test("that cannot be set is refused instead of ignored", async () => {
    expect((await set({ configOptions: OPTIONS }, "huge")).end).toMatchObject({
      code: "AGENT_NOT_CONFIGURED",
      message: 'agent "writer" cannot use the model "huge"',
      hint: "It offers small, big.",
      details: { retry: "never" },
    });
    expect((await set({}, "huge")).end).toMatchObject({ hint: "Choose the model in the agent's own settings." });
    const many = Array.from({ length: 30 }, (_, index) => ({ modelId: `m-${index}` }));
    expect((await set({ models: { availableModels: many } }, "huge")).end).toMatchObject({
      hint: expect.stringMatching(/^It offers m-0, .*m-19, and 10 more\.$/),
    });
  });

  test("of a session that is gone on with stays where nothing is offered", async () => {
    const turn = await set({ capabilities: resume }, "big", "s-1");
    expect(turn.end).toMatchObject({ output: "new answer" });
    expect(turn.logged()).toContain("[troupe] the session offers no models: it keeps the one it has");
  });
});
