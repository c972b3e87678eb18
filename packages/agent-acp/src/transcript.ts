import { boundText, type ToolUse } from "@troupe/core";
import { finalText } from "./final-text.js";
import { createLogWriter } from "./log-writer.js";
import { isRecord, listOf, recordOf, textOf } from "./read-wire.js";
import { createShownTools } from "./shown-tools.js";
import { createToolTracker } from "./tool-tracker.js";

export interface TranscriptSink {
  /** Readable text for the log. */
  write(text: string): void;
  activity(kind: "tool-start" | "tool-end"): void;
  cost(amountUsd: number | null): void;
}

/** What an agent tells while it works. */
export interface Transcript {
  /** From now on what comes is new; before, it is history that is told again, or chatter about the start. */
  begin(): void;
  update(update: unknown): void;
  /** A line of our own for the log. */
  note(line: string): void;
  /** What the log gets next is not of the protocol: it begins on a line of its own. */
  makeWay(): void;
  /** Whether a tool is at work. */
  isToolRunning(): boolean;
  /** Whether a tool has been called. */
  hasUsedTools(): boolean;
  /** No tool is at work any more, whatever was told. */
  end(): void;
  /** The last message; null = there was none. */
  answer(): string | null;
  /** Calls of tools of these servers that the agent has shown, and that ended well. */
  toolUses(servers: readonly string[]): readonly ToolUse[];
  /** What was said besides the answer. */
  notices(): readonly string[];
}

/** The log has them all. */
const MOST_NOTICES = 100;

type Fields = Readonly<Record<string, unknown>>;

interface Message {
  readonly id: string | null;
  text: string;
}

export function createTranscript(sink: TranscriptSink): Transcript {
  const log = createLogWriter(sink.write);
  const tools = createToolTracker(log, sink.activity);
  const shown = createShownTools();
  const messages: Message[] = [];
  const notices: string[] = [];
  let open: Message | null = null;
  let isNew = false;
  let hasUsedTools = false;
  const say = (update: Fields): void => {
    const text = textOf(recordOf(update.content).text);
    if (text === null) return;
    const id = textOf(update.messageId);
    if (open === null || (id !== null && open.id !== null && id !== open.id)) {
      log.endLine();
      open = { id, text: "" };
      // only the last one that says something counts in the end
      if (finalText(messages.slice(-1).map((message) => message.text)).answer !== null)
        messages.splice(0, messages.length - 1);
      messages.push(open);
    }
    open.text = boundText(open.text + text);
    log.speak("message", text);
  };
  const hear = (update: Fields): void => {
    if (update.sessionUpdate === "agent_message_chunk") say(update);
    if (update.sessionUpdate === "agent_thought_chunk")
      log.speak("thought", textOf(recordOf(update.content).text) ?? "");
    if (update.sessionUpdate === "plan") for (const entry of listOf(update.entries)) log.line(planLine(entry));
    if (update.sessionUpdate === "tool_call" || update.sessionUpdate === "tool_call_update") {
      hasUsedTools = true;
      open = null; // what comes after a tool call is another message
      tools.follow(update);
      shown.follow(update);
    }
  };
  return {
    begin: () => {
      isNew = true;
    },
    update: (value) => {
      if (!isRecord(value)) return;
      if (value.sessionUpdate === "usage_update") sink.cost(readCost(value));
      else if (value.sessionUpdate === "notice") {
        if (notices.length < MOST_NOTICES) notices.push(noticeText(value));
        log.line(`[notice] ${noticeText(value)}`);
      } else if (isNew) hear(value);
    },
    note: (text) => log.line(`[troupe] ${text}`),
    makeWay: () => log.makeWay(),
    isToolRunning: tools.isRunning,
    hasUsedTools: () => hasUsedTools,
    end: () => {
      tools.endAll();
      log.endLine();
    },
    toolUses: shown.uses,
    answer: () => finalText(messages.map(({ text }) => text)).answer,
    notices: () => [...notices, ...finalText(messages.map(({ text }) => text)).notices],
  };
}

function planLine(entry: Fields): string {
  const marks: Readonly<Record<string, string>> = { completed: "x", in_progress: "~" };
  return `[plan] [${marks[textOf(entry.status) ?? ""] ?? " "}] ${textOf(entry.content) ?? ""}`;
}

function noticeText(update: Fields): string {
  const description = textOf(update.description);
  const title = textOf(update.title) ?? "";
  return `${textOf(update.severity) ?? "info"}: ${description === null ? title : `${title}: ${description}`}`;
}

/** null = none, or in another currency. */
function readCost(update: Fields): number | null {
  const { amount, currency } = recordOf(update.cost);
  return typeof amount === "number" && Number.isFinite(amount) && currency === "USD" ? amount : null;
}
