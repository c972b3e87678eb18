import type { LogWriter, SecretMasker, TurnContext } from "@troupe/core";

/** Takes what a turn prints: raw, but for the values of secrets, into its log, and as text to whoever watches. */
export interface TurnOutput {
  write(chunk: Uint8Array, source?: "stdout" | "stderr"): void;
  /** A line of our own in the log. */
  note(line: string): void;
  /** Writes what was kept back because it began like a secret. */
  end(): void;
}

export function createTurnOutput(log: LogWriter, context: TurnContext, masker: SecretMasker): TurnOutput {
  // one of each for each source: a character, or a secret, may be split over chunks
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const masks = { stdout: masker.createStream(), stderr: masker.createStream() };
  const give = (bytes: Uint8Array, source: "stdout" | "stderr"): void => {
    if (bytes.length === 0) return;
    log.write(bytes);
    const text = decoders[source].decode(bytes, { stream: true });
    if (text !== "") context.progress({ type: "output", text });
  };
  const end = (): void => {
    give(masks.stdout.end(), "stdout");
    give(masks.stderr.end(), "stderr");
  };
  return {
    write: (chunk, source = "stdout") => give(masks[source].push(chunk), source),
    note(line) {
      end();
      log.write(Buffer.from(`${masker.mask(line)}\n`, "utf8"));
    },
    end,
  };
}
