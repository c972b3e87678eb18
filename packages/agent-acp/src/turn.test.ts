import { describe, expect, test } from "vitest";
import { createAcpTurn } from "../test/acp-turn.js";

const done = { stop: "end_turn" };

describe("a turn", () => {
  test("is the last message, not all of them together", async () => {
    const turn = await createAcpTurn();
    const steps = [
      { thought: "hm, " },
      { thought: "let me see" },
      { say: "I look first.", messageId: "1" },
      { tool: { toolCallId: "t1", title: "Read a.md", kind: "read", status: "in_progress" } },
      { toolUpdate: { toolCallId: "t1", status: "completed" } },
      { say: "Half of ", messageId: "2" },
      { say: "it.", messageId: "2" },
      { say: "The ", messageId: "3" },
      { say: "answer.\n", messageId: "3" },
      { update: { sessionUpdate: "plan", entries: [{ content: "one", status: "completed" }, { content: "two" }] } },
    ];
    expect(await turn.run({ prompts: [{ steps }] })).toEqual({
      output: "The answer.",
      session: expect.stringMatching(/^session-\d+\?usd=0$/),
      usage: null,
    });
    expect(turn.logged()).toBe(
      [
        "[thought]",
        "hm, let me see",
        "[answer]",
        "I look first.",
        "[tool] read: Read a.md",
        "[tool] Read a.md: completed",
        "Half of it.",
        "The answer.",
        "[plan] [x] one",
        "[plan] [ ] two",
        "",
      ].join("\n"),
    );
    expect(turn.activities.filter((kind) => kind !== "output")).toEqual(["tool-start", "tool-end"]);
    expect(turn.known).toEqual([{ session: expect.stringMatching(/^session-\d+\?usd=0$/) }]);
  });

  test("begins a new message after a tool call, also where messages have no ids", async () => {
    const turn = await createAcpTurn();
    const steps = [
      { say: "Let me write." },
      { tool: { toolCallId: "t1", title: "Write", kind: "edit" } },
      { toolUpdate: { toolCallId: "t1", status: "failed", title: "Write a.md" } },
      { toolUpdate: { toolCallId: "unknown", status: "completed" } },
      { say: "Done" },
      { say: " and dusted" },
      { tool: { toolCallId: "t2", title: "Look", kind: "read", status: "completed" } },
      { tool: { toolCallId: "t3", title: "Never ends", kind: "execute" } },
    ];
    expect((await turn.run({ prompts: [{ steps }] })).output).toBe("Done and dusted");
    expect(turn.activities.filter((kind) => kind !== "output")).toEqual([
      "tool-start",
      "tool-end",
      "tool-start",
      "tool-end",
    ]);
    expect(turn.logged()).toContain("[tool] Never ends: not ended");
  });

  test("sets notices apart, its own kind and those glued into messages", async () => {
    const turn = await createAcpTurn();
    const steps = [
      { update: { sessionUpdate: "notice", severity: "warning", title: "Old", description: "please update" } },
      {
        say: "Warning: no metadata\n\nThe answer.\nWarning: is part of it\nlast line\nInfo: 3 files\n",
        messageId: "1",
      },
      { say: "Info: session saved", messageId: "2" },
    ];
    expect((await turn.run({ prompts: [{ steps }] })).output).toBe("The answer.\nWarning: is part of it\nlast line");
    expect(turn.logged()).toContain("[notice] warning: Old: please update");
    const said = { prompts: [{ steps: [{ say: "Warning: no credit\n" }, { update: { sessionUpdate: "notice" } }] }] };
    expect(await turn.fail(said)).toMatchObject({
      code: "AGENT_NO_OUTPUT",
      message: 'agent "writer" ended without an answer; it only said: info: ; Warning: no credit',
    });
  });

  test("survives noise, lines of two megabytes and characters split over chunks", async () => {
    const turn = await createAcpTurn();
    const long = "€".repeat(700_000);
    const steps = [
      { raw: "npm warn something\n\n{not json}\n{}\n[1]\n" },
      { raw: '{"jsonrpc":"2.0","id":77,"result":{}}\n' },
      { raw: '{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":1,"update":7}}\n' },
      { raw: '{"jsonrpc":"2.0","method":"session/update"}\n{"jsonrpc":"2.0","method":"what/ever","params":{}}\n' },
      { say: long, messageId: "1" },
      { say: "x", messageId: "2" },
      { split: " ends with 😀 and é" },
    ];
    expect((await turn.run({ banner: "Hello, I am an agent\n", prompts: [{ steps }] })).output).toBe(
      "x ends with 😀 and é",
    );
    const dropped = turn
      .logged()
      .split("\n")
      .filter((line) => line.startsWith("[troupe]"));
    expect(dropped).toEqual([
      "[troupe] not of the protocol: Hello, I am an agent",
      "[troupe] not of the protocol: npm warn something",
      "[troupe] not of the protocol: {not json}",
      "[troupe] not of the protocol: {}",
      "[troupe] not of the protocol: [1]",
      '[troupe] not of the protocol: {"jsonrpc":"2.0","id":77,"result":{}}',
    ]);
    expect(turn.logged()).toContain(long);
  });

  test("never starts a prompt with what agents take for a command", async () => {
    const turn = await createAcpTurn();
    for (const prompt of ["/compact", " @file", "-v", "plain @file"])
      await turn.run({ prompts: [{ steps: [{ say: "ok" }] }] }, { request: { prompt } });
    expect(turn.askedFor("session/prompt").map((params) => Object(params).prompt)).toEqual([
      [{ type: "text", text: "Your task:\n\n/compact" }],
      [{ type: "text", text: "Your task:\n\n @file" }],
      [{ type: "text", text: "Your task:\n\n-v" }],
      [{ type: "text", text: "plain @file" }],
    ]);
  });

  test("offers neither files nor terminals, and works in its folder", async () => {
    const turn = await createAcpTurn();
    const steps = [{ write: "made.md", content: "x" }, { say: "ok" }, done];
    await turn.run({ prompts: [{ steps }] }, { options: { env: { A: "b" } } });
    expect(turn.askedFor("initialize")).toEqual([
      {
        protocolVersion: 1,
        clientCapabilities: {
          fs: { readTextFile: false, writeTextFile: false },
          terminal: false,
          session: { notices: {} },
        },
        clientInfo: { name: "troupe", title: "Troupe", version: "1" },
      },
    ]);
    expect(turn.askedFor("session/new")).toEqual([{ cwd: turn.cwd, mcpServers: [] }]);
  });

  test("hands on tool servers where the agent takes them over http, and says where it does not", async () => {
    const turn = await createAcpTurn();
    const tools = [{ name: "troupe", url: "http://127.0.0.1:1/mcp", headers: { Authorization: "Bearer x" } }].map(
      (server) => ({ ...server, instructions: "Say it by the tool." }),
    );
    const prompts = [{ steps: [{ say: "ok" }] }];
    await turn.run({ capabilities: { mcpCapabilities: { http: true } }, prompts }, { request: { tools } });
    expect(turn.askedFor("session/new")).toEqual([
      {
        cwd: turn.cwd,
        mcpServers: [
          {
            type: "http",
            name: "troupe",
            url: "http://127.0.0.1:1/mcp",
            headers: [{ name: "Authorization", value: "Bearer x" }],
          },
        ],
      },
    ]);
    await turn.run({ prompts }, { request: { tools } });
    expect(turn.logged()).toContain("[troupe] the agent takes no tools over http: it works without them");
    expect(turn.askedFor("session/prompt")).toMatchObject([
      { prompt: [{ text: expect.stringMatching(/\n\nSay it by the tool\.$/) }] },
      { prompt: [{ text: expect.not.stringContaining("Say it by the tool.") }] },
    ]);
  });
});

describe("usage", () => {
  test("is of this turn, though cost is counted over the session", async () => {
    const turn = await createAcpTurn();
    const capabilities = { sessionCapabilities: { resume: {} } };
    const script = (...costs: readonly number[]) => ({
      capabilities,
      prompts: [
        { steps: [...costs.map((cost) => ({ cost })), { say: "ok" }, { stop: "end_turn", tokens: [100, 10] }] },
      ],
    });
    const one = await turn.run(script(0.25, 0.5));
    expect(one.usage).toEqual({ inputTokens: 100, outputTokens: 10, costUsd: 0.5 });
    const [id] = one.session?.split("?") ?? [];
    expect(turn.known).toEqual([
      { session: `${id}?usd=0` },
      { session: `${id}?usd=0.25`, usage: { inputTokens: null, outputTokens: null, costUsd: 0.25 } },
      { session: `${id}?usd=0.5`, usage: { inputTokens: null, outputTokens: null, costUsd: 0.5 } },
      { session: `${id}?usd=0.5`, usage: one.usage },
    ]);
    // nothing else is left of the first: each `run` has an agent of its own, as a runner in another process has
    const other = await turn.run(script(2), { request: { session: one.session ?? "" } });
    expect(other).toEqual({
      output: "ok",
      session: `${id}?usd=2`,
      usage: { inputTokens: 100, outputTokens: 10, costUsd: 1.5 },
    });
    expect(turn.askedFor("session/resume")).toEqual([{ sessionId: id, cwd: turn.cwd, mcpServers: [] }]);
    const anew = await turn.run(script(0.25), { request: { session: other.session ?? "" } });
    expect(anew.usage?.costUsd).toBe(0.25); // less than before: it counts anew
    const unknown = await turn.run(script(2), { request: { session: id ?? "" } });
    expect(unknown.usage?.costUsd).toBeNull();
  });

  test("of an agent that counts its tokens over the session is of this turn, also in another process", async () => {
    const turn = await createAcpTurn();
    const script = (input: number, output: number) => ({
      capabilities: { sessionCapabilities: { resume: {} } },
      prompts: [{ steps: [{ say: "ok" }, { stop: "end_turn", tokens: [input, output] }] }],
    });
    const options = { tokens: "session" };
    const one = await turn.run(script(100, 10), { options });
    expect(one.usage).toEqual({ inputTokens: 100, outputTokens: 10, costUsd: null });
    expect(one.session).toMatch(/^session-\d+\?in=100&out=10&usd=0$/);
    const other = await turn.run(script(150, 12), { options, request: { session: one.session ?? "" } });
    expect(other.usage).toEqual({ inputTokens: 50, outputTokens: 2, costUsd: null });
  });

  test("that was spent before a turn was cut short is in the session, for the next attempt", async () => {
    const turn = await createAcpTurn();
    const capabilities = { sessionCapabilities: { resume: {} } };
    const cut = turn.fail({ capabilities, prompts: [{ steps: [{ cost: 0.5 }, { say: "half" }, { hang: true }] }] });
    await turn.said("half");
    turn.stop.abort("stopped");
    await cut;
    const { session = "" } = turn.known.at(-1) as { session?: string };
    expect(session).toMatch(/\?usd=0\.5$/);
    const context = { signal: new AbortController().signal };
    const prompts = [{ steps: [{ cost: 0.75 }, { say: "ok" }] }];
    expect(await turn.run({ capabilities, prompts }, { request: { session }, context })).toMatchObject({
      usage: { inputTokens: null, outputTokens: null, costUsd: 0.25 },
    });
  });

  test("of a session that tells its cost when it is taken up again starts there", async () => {
    const turn = await createAcpTurn();
    const prompts = [{ steps: [{ cost: 3.25 }, { say: "ok" }, { stop: "end_turn", tokens: [100, 10] }] }];
    const script = { capabilities: { loadSession: true }, history: [{ cost: 3 }, { say: "old" }], prompts };
    const changes = { request: { session: "s-1" }, options: { tokens: "session" } };
    expect((await turn.run(script, changes)).usage).toEqual({ inputTokens: null, outputTokens: null, costUsd: 0.25 });
  });

  test("in another currency is unknown", async () => {
    const turn = await createAcpTurn();
    const steps = [{ cost: 3, currency: "EUR" }, { say: "ok" }, { stop: "end_turn", tokens: [-1, 10] }];
    expect((await turn.run({ prompts: [{ steps }] })).usage).toBeNull();
  });
});
