import { describe, expect, test } from "vitest";
import { createOutputTail } from "./output-tail.js";
import { readableLine } from "./readable-line.js";

const read = (event: object): string | null => readableLine(JSON.stringify(event))?.text ?? null;

// the shapes are those of `agent-command/test/streams.ts`
describe.each<[string, readonly (readonly [object, string | null])[]]>([
  [
    "claude",
    [
      [{ type: "system", subtype: "init", session_id: "x", model: "claude-opus-5-5" }, null],
      [{ type: "assistant", message: { content: [{ type: "text", text: "I look." }] } }, "I look."],
      [
        {
          type: "assistant",
          message: {
            content: [
              { type: "text", text: "I look." },
              { type: "tool_use", id: "t", name: "Bash", input: { command: "npm test" } },
            ],
          },
        },
        "Bash: npm test",
      ],
      [{ type: "user", message: { content: [{ type: "tool_result", tool_use_id: "t", content: "hi" }] } }, null],
      [{ type: "result", subtype: "success", result: "It says hi." }, "It says hi."],
    ],
  ],
  [
    "codex",
    [
      [{ type: "thread.started", thread_id: "x" }, null],
      [{ type: "item.started", item: { id: "i", type: "command_execution", command: "ls" } }, "ls"],
      [{ type: "item.completed", item: { id: "i", type: "agent_message", text: "Two files." } }, "Two files."],
      [{ type: "error", message: "Reconnecting... 1/5" }, "Reconnecting... 1/5"],
      [{ type: "turn.completed", usage: {} }, null],
    ],
  ],
  [
    "copilot",
    [
      [{ type: "user.message", data: { content: "said the prompt" } }, null],
      [{ type: "tool.execution_start", data: { toolName: "bash", arguments: { command: "ls" } } }, "bash: ls"],
      [{ type: "tool.execution_complete", data: { toolCallId: "c", success: true } }, null],
      [{ type: "assistant.message", data: { content: "Done.", toolRequests: [] } }, "Done."],
      [{ type: "result", exitCode: 0, usage: {} }, null],
    ],
  ],
  [
    "gemini",
    [
      [{ type: "message", role: "user", content: "said the prompt" }, null],
      [{ type: "tool_use", tool_name: "list_directory", parameters: { path: "." } }, "list_directory: ."],
      [{ type: "tool_result", tool_id: "t", output: "2 files" }, null],
    ],
  ],
  [
    "opencode",
    [
      [{ type: "step_start", part: { type: "step-start" } }, null],
      [{ type: "text", part: { type: "text", text: "I look." } }, "I look."],
      [
        { type: "tool_use", part: { type: "tool", tool: "bash", state: { status: "done", input: { command: "ls" } } } },
        "bash: ls",
      ],
    ],
  ],
])("of the stream of %s", (_agent, events) => {
  test.each(events)("%j", (event, text) => {
    expect(read(event)).toBe(text);
  });
});

test("what is no event of an agent is shown as it is", () => {
  for (const line of ["plain", "", '{"name":"a package"}', "[1]"]) {
    expect(readableLine(line)).toEqual({ text: line, isPiece: false });
  }
  expect(readableLine('{"type":"assistant","mess')).toBe(null);
});

test("the tail shows the words, put together from their pieces, and nothing of a line that is not whole", () => {
  const tail = createOutputTail();
  const say = (content: string) => JSON.stringify({ type: "message", role: "assistant", content, delta: true });
  tail.push(`${say("First line.\nI lo")}\n`);
  tail.push(`${say("ok.")}\n{"type":"tool_result","output":"`);
  expect(tail.lastLine()).toBe("I look.");
  tail.push(`${"x".repeat(100_000)}"}\n`);
  expect(tail.lastLine()).toBe("I look.");
  tail.push("plain \u001b[31mwarning\n");
  expect(tail.lastLine()).toBe("plain warning");
});
