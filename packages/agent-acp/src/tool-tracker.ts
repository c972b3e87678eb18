import type { LogWriter } from "./log-writer.js";
import { textOf } from "./read-wire.js";

/** Which tools of an agent are at work. */
export interface ToolTracker {
  /** A `tool_call` or `tool_call_update`. */
  follow(update: Readonly<Record<string, unknown>>): void;
  isRunning(): boolean;
  /** None is at work any more, whatever was told. */
  endAll(): void;
}

export function createToolTracker(log: LogWriter, activity: (kind: "tool-start" | "tool-end") => void): ToolTracker {
  const running = new Map<string, string>();
  const end = (id: string, status: string): void => {
    log.line(`[tool] ${running.get(id) ?? id}: ${status}`);
    if (running.delete(id)) activity("tool-end");
  };
  return {
    follow: (update) => {
      const id = textOf(update.toolCallId);
      if (id === null) return;
      const status = textOf(update.status) ?? "pending";
      const title = textOf(update.title);
      const isOver = status === "completed" || status === "failed";
      if (!running.has(id) && update.sessionUpdate === "tool_call" && !isOver) {
        activity("tool-start");
        log.line(`[tool] ${textOf(update.kind) ?? "other"}: ${title ?? id}`);
        running.set(id, title ?? id);
      }
      if (running.has(id) && title !== null) running.set(id, title);
      if (isOver) end(id, status);
    },
    isRunning: () => running.size > 0,
    endAll: () => {
      for (const id of [...running.keys()]) end(id, "not ended");
    },
  };
}
