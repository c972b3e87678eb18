import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import type { TriedAgent } from "../e2e-agents/real-agent.js";
import { type ScriptedLlm, startScriptedLlm } from "../e2e-agents/scripted-llm.js";
import { tryAgent } from "../e2e-agents/try-agent.js";
import { BIN } from "./harness.js";

const AGENT = fileURLToPath(new URL("fixtures/llm-agent.mjs", import.meta.url));

// what `pnpm e2e:agents` does with real agents, with one of our own that needs no network
describe.each(["anthropic", "chat", "responses", "gemini"])("an agent that speaks %s", (dialect) => {
  test.each([
    ["streamed", ["--stream"]],
    ["in one piece", []],
  ])("writes a file by a tool and gives its verdict, answered %s", async (_how, flags) => {
    const agent: TriedAgent = {
      name: dialect,
      configure: ({ llm }) => ["command", { command: [process.execPath, AGENT, dialect, llm, ...flags] }],
      verdict: "text",
    };
    const setting = { bin: (name: string) => name, troupe: [process.execPath, BIN], record: null };
    expect(await tryAgent(agent, setting)).toEqual({
      outcome: "passed",
      text: expect.stringMatching(/^2 stages, a file, the verdict in the text, 4 requests, \d+ s$/),
    });
  });
});

test("a trial that fails says what is not as it should be, what else was asked for, and what the agent printed", async () => {
  const script = `fetch(process.argv[1] + "/v1/telemetry", { method: "POST", body: "{}" }).then(() => console.log("Nothing."))`;
  const agent: TriedAgent = {
    name: "idle",
    configure: ({ llm }) => ["command", { command: [process.execPath, "-e", script, llm] }],
    verdict: "tool",
  };
  const setting = { bin: (name: string) => name, troupe: [process.execPath, BIN], record: null };
  const { outcome, text } = await tryAgent(agent, setting);
  expect(outcome).toBe("failed");
  expect(text).toMatch(/^exit code [1-9]/);
  expect(text).toContain("\nWRITE.txt: missing\nverdicts by: ");
  expect(text).toContain("\n0 requests for moves; also asked for: POST /v1/telemetry\n");
  expect(text).toMatch(/WRITE\.1\.log\nNothing\./);
});

describe("the scripted service", () => {
  const start = async (): Promise<ScriptedLlm> => {
    const llm = await startScriptedLlm();
    onTestFinished(() => llm.close());
    return llm;
  };
  const ask = async (llm: ScriptedLlm, path: string, body: unknown): Promise<{ status: number; answer: unknown }> => {
    const response = await fetch(llm.url + path, { method: "POST", body: JSON.stringify(body) });
    return { status: response.status, answer: await response.json() };
  };
  const submit = { name: "mcp__troupe__submit_verdict" };
  const verdict = { verdict: "approved", reasons: ["The file is there."], findings: [] };

  test.each<[string, string, object, object]>([
    [
      "anthropic",
      "/v1/messages",
      { messages: [], tools: [{ name: "Bash" }, submit] },
      { content: [{ type: "tool_use", id: "toolu_1", name: submit.name, input: verdict }], stop_reason: "tool_use" },
    ],
    [
      "chat",
      "/v1/chat/completions",
      { messages: [], tools: [{ type: "function", function: submit }] },
      { choices: [{ message: { tool_calls: [{ function: { name: submit.name } }] }, finish_reason: "tool_calls" }] },
    ],
    [
      "responses, with the tools of a server as a group",
      "/v1/responses",
      { input: [], tools: [{ type: "namespace", name: "mcp__troupe", tools: [{ name: "submit_verdict" }] }] },
      { output: [{ type: "function_call", name: "submit_verdict", namespace: "mcp__troupe" }] },
    ],
    [
      "gemini",
      "/v1beta/models/m:generateContent",
      { contents: [], tools: [{ functionDeclarations: [submit] }] },
      { candidates: [{ content: { parts: [{ functionCall: { name: submit.name, args: verdict } }] } }] },
    ],
  ])("submits a verdict where that tool is offered (%s)", async (_dialect, path, body, expected) => {
    expect(await ask(await start(), path, body)).toMatchObject({ status: 200, answer: expected });
  });

  test("answers by a schema, as Gemini asks for when it chooses a model", async () => {
    const properties = { complexity_reasoning: { type: "STRING" }, complexity_score: { type: "INTEGER" } };
    const generationConfig = {
      responseMimeType: "application/json",
      responseJsonSchema: { type: "OBJECT", properties },
    };
    const path = "/v1beta/models/m:generateContent";
    const { answer } = await ask(await start(), path, { contents: [], generationConfig });
    const text = JSON.stringify({ complexity_reasoning: "because it is scripted", complexity_score: 1 });
    expect(answer).toMatchObject({ candidates: [{ content: { parts: [{ text }] } }] });
  });

  test("tells an agent without tools the file in its answer", async () => {
    const messages = [{ role: "user", content: [{ type: "text", text: "## Stage: WRITE\n" }] }];
    const { answer } = await ask(await start(), "/v1/chat/completions", { messages });
    const content = expect.stringMatching(/^WRITE\.txt\n```\nwritten in WRITE\n```\n\nIt is done\./);
    expect(answer).toMatchObject({ choices: [{ message: { content } }] });
  });

  test("refuses a request without what it needs, and notes what it does not serve", async () => {
    const llm = await start();
    expect(await ask(llm, "/v1/messages", { contents: [] })).toEqual({
      status: 400,
      answer: { error: { type: "invalid_request_error", message: '/v1/messages: there is no list "messages"' } },
    });
    expect(await ask(llm, "/v1/messages/count_tokens", {})).toEqual({ status: 200, answer: {} });
    expect([llm.asked(), llm.others()]).toEqual([0, ["POST /v1/messages/count_tokens"]]);
  });
});
