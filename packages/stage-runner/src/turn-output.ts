import type { LogWriter, SecretMasker, TurnContext } from "@troupe/core";

/** Of one piece whoever watches gets the last bytes: more can be neither shown nor read, and the log has it all. */
const MOST_NEWS_BYTES = 8 * 1024;

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
  const readers = { stdout: createNewsReader(), stderr: createNewsReader() };
  const masks = { stdout: masker.createStream(), stderr: masker.createStream() };
  const give = (bytes: Uint8Array, source: "stdout" | "stderr"): void => {
    if (bytes.length === 0) return;
    log.write(bytes);
    const text = readers[source](bytes);
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

function createNewsReader(): (bytes: Uint8Array) => string {
  let decoder = new TextDecoder();
  return (bytes) => {
    if (bytes.length <= MOST_NEWS_BYTES) return decoder.decode(bytes, { stream: true });
    let start = bytes.length - MOST_NEWS_BYTES;
    while (isContinuation(bytes[start])) start += 1;
    decoder = new TextDecoder();
    return decoder.decode(bytes.subarray(start), { stream: true });
  };
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000;
}
