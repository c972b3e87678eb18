import { sanitizeLine } from "@troupe/core";

/** Readable text for the log, of several voices that speak in pieces. */
export interface LogWriter {
  /** A line of its own. */
  line(text: string): void;
  /** A piece of what this voice says; what it says goes on until another speaks. */
  speak(voice: "message" | "thought", text: string): void;
  /** What was said last is at its end. */
  endLine(): void;
  /** Somebody else writes to the log next, whole lines. */
  makeWay(): void;
}

export function createLogWriter(write: (text: string) => void): LogWriter {
  let speaker: "message" | "thought" | null = null;
  let isAtLineStart = true;
  const put = (text: string): void => {
    if (text === "") return;
    isAtLineStart = text.endsWith("\n");
    write(text);
  };
  const endLine = (): void => put(isAtLineStart ? "" : "\n");
  return {
    line: (text) => {
      speaker = null;
      endLine();
      put(`${sanitizeLine(text)}\n`);
    },
    speak: (voice, text) => {
      if (voice !== speaker) {
        endLine();
        if (voice === "thought") put("[thought]\n");
        else if (speaker === "thought") put("[answer]\n");
        speaker = voice;
      }
      put(text);
    },
    endLine,
    makeWay: () => {
      speaker = null;
      endLine();
    },
  };
}
