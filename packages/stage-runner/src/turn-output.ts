import type { LogWriter, TurnContext } from "@troupe/core";

/** Takes what a turn prints: raw into its log, as text to whoever watches. */
export interface TurnOutput {
  write(chunk: Uint8Array, source?: "stdout" | "stderr"): void;
  /** A line of our own in the log. */
  note(line: string): void;
}

export function createTurnOutput(log: LogWriter, context: TurnContext): TurnOutput {
  // one decoder for each source: a character may be split over chunks
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  return {
    write(chunk, source = "stdout") {
      log.write(chunk);
      const text = decoders[source].decode(chunk, { stream: true });
      if (text !== "") context.progress({ type: "output", text });
    },
    note(line) {
      log.write(Buffer.from(`${line}\n`, "utf8"));
    },
  };
}
