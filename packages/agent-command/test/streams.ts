// Streams of the shapes that the programs print, as short as a turn with one tool can be, with what a turn may hold
// besides: whole turns as the programs of the README printed them are in `recorded`.

export function toLines(events: readonly object[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join("");
}

const claudeId = "99b345f1-0a2b-41dd-99f7-2bb7b7910837";
const claudeModel = {
  inputTokens: 100,
  outputTokens: 7,
  cacheReadInputTokens: 30,
  cacheCreationInputTokens: 20,
  costUSD: 0.25,
};

export const CLAUDE_RESULT = {
  type: "result",
  subtype: "success",
  is_error: false,
  session_id: claudeId,
  total_cost_usd: 0.75,
  usage: { input_tokens: 100, cache_creation_input_tokens: 20, cache_read_input_tokens: 30, output_tokens: 7 },
  result: "It says hi.",
  model_usage_since_last_result: { "claude-opus-5-5": claudeModel },
};

export const CLAUDE: readonly object[] = [
  {
    type: "system",
    subtype: "init",
    session_id: claudeId,
    model: "claude-opus-5-5",
    permissionMode: "bypassPermissions",
  },
  {
    type: "assistant",
    message: {
      content: [
        { type: "text", text: "I look." },
        { type: "tool_use", id: "toolu_1", name: "Bash", input: { command: "echo hi" } },
      ],
    },
    parent_tool_use_id: null,
    session_id: claudeId,
  },
  {
    type: "user",
    message: { content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "hi" }] },
    session_id: claudeId,
  },
  { type: "assistant", message: { content: [{ type: "text", text: "It says hi." }] }, session_id: claudeId },
  CLAUDE_RESULT,
];

export const CLAUDE_NOT_LOGGED_IN = {
  type: "result",
  subtype: "success",
  is_error: true,
  session_id: claudeId,
  result: "Not logged in · Please run /login",
  model_usage_since_last_result: {},
};

export const CODEX: readonly object[] = [
  { type: "thread.started", thread_id: "01a204f8-642b-7d12-8ffe-eae54068d54a" },
  { type: "item.completed", item: { id: "item_0", type: "error", message: "Model metadata for `fake` not found." } },
  { type: "turn.started" },
  { type: "item.started", item: { id: "item_1", type: "command_execution", command: "ls", status: "in_progress" } },
  { type: "item.completed", item: { id: "item_1", type: "command_execution", command: "ls", exit_code: 0 } },
  { type: "error", message: "Reconnecting... 1/5" },
  { type: "item.completed", item: { id: "item_2", type: "agent_message", text: "Two files." } },
  {
    type: "turn.completed",
    usage: { input_tokens: 200, cached_input_tokens: 20, output_tokens: 14, reasoning_output_tokens: 4 },
  },
];

export const COPILOT: readonly object[] = [
  { type: "session.start", data: { sessionId: "0cb916db-26aa-40f2-86b5-1ba81b225fd2" } },
  { type: "user.message", data: { content: "APPROVED: said the prompt" } },
  {
    type: "assistant.message",
    data: { content: "", toolRequests: [{ toolCallId: "c1", name: "bash" }], outputTokens: 5 },
  },
  { type: "tool.execution_start", data: { toolCallId: "c1", toolName: "bash", arguments: { command: "ls" } } },
  { type: "tool.execution_complete", data: { toolCallId: "c1", success: true } },
  { type: "assistant.message", data: { content: "Done.", toolRequests: [], outputTokens: 3 } },
  { type: "assistant.message", agentId: "sub-1", data: { content: "I am a sub-agent.", toolRequests: [] } },
  {
    type: "result",
    sessionId: "0cb916db-26aa-40f2-86b5-1ba81b225fd2",
    exitCode: 0,
    usage: { premiumRequests: 1, sessionDurationMs: 900 },
  },
];

export const GEMINI: readonly object[] = [
  {
    type: "init",
    timestamp: "2026-11-22T12:00:00.000Z",
    session_id: "5f1c8a5e-7c1b-4b1e-9a53-111111111111",
    model: "gemini",
  },
  { type: "message", role: "user", content: "APPROVED: said the prompt" },
  { type: "message", role: "assistant", content: "I lo", delta: true },
  { type: "message", role: "assistant", content: "ok.", delta: true },
  { type: "tool_use", tool_name: "list_directory", tool_id: "t1", parameters: { path: "." } },
  { type: "tool_result", tool_id: "t1", status: "success", output: "2 files" },
  { type: "error", severity: "warning", message: "Loop detected" },
  { type: "message", role: "assistant", content: "Two ", delta: true },
  { type: "message", role: "assistant", content: "files.", delta: true },
  {
    type: "result",
    status: "success",
    stats: { total_tokens: 130, input_tokens: 120, output_tokens: 10, cached: 0, duration_ms: 5, tool_calls: 1 },
  },
];

const ses = "ses_494719016ffe85dkDMj0FPRbHK";
const step = (reason: string, cost: number, tokens: object): object => ({
  type: "step_finish",
  sessionID: ses,
  part: { type: "step-finish", reason, cost, tokens },
});

export const OPENCODE: readonly object[] = [
  { type: "step_start", sessionID: ses, part: { type: "step-start" } },
  { type: "text", sessionID: ses, part: { type: "text", text: "I look." } },
  {
    type: "tool_use",
    sessionID: ses,
    part: { type: "tool", callID: "r9", tool: "bash", state: { status: "completed" } },
  },
  step("tool-calls", 0.25, { input: 100, output: 10, reasoning: 2, cache: { read: 0, write: 0 } }),
  { type: "text", sessionID: ses, part: { type: "text", text: "First." } },
  { type: "text", sessionID: ses, part: { type: "text", text: "Second." } },
  step("stop", 0.5, { input: 10, output: 8, reasoning: 0, cache: { read: 90, write: 5 } }),
];

const qwenId = "e9690019-ac2d-4113-b407-4d88f8edc7b1";
const qwenResult = {
  type: "result",
  subtype: "success",
  session_id: qwenId,
  is_error: false,
  num_turns: 2,
  usage: { input_tokens: 200, output_tokens: 14, cache_read_input_tokens: 30, total_tokens: 214 },
};

export const QWEN: readonly object[] = [
  { type: "system", subtype: "init", session_id: qwenId, model: "qwen", permission_mode: "yolo" },
  { type: "stream_event", session_id: qwenId, event: { type: "goal_state", goal_state: { v: 2, goal: null } } },
  {
    type: "assistant",
    session_id: qwenId,
    message: { content: [{ type: "tool_use", id: "call_1", name: "run_shell_command", input: { command: "ls" } }] },
  },
  {
    type: "user",
    session_id: qwenId,
    message: { content: [{ type: "tool_result", tool_use_id: "call_1", is_error: false, content: "2 files" }] },
  },
  { type: "assistant", session_id: qwenId, message: { content: [{ type: "text", text: "Two files." }] } },
  { ...qwenResult, result: "Two files." },
];

const QWEN_REFUSED = "[API Error: 401 Incorrect API key provided]";

/** As the version of the README tells it. */
export const QWEN_FAILED: object = {
  ...qwenResult,
  subtype: "error_during_execution",
  is_error: true,
  error: { message: QWEN_REFUSED },
};
/** As earlier ones do. */
export const QWEN_FAILED_WELL: object = { ...qwenResult, result: QWEN_REFUSED };
