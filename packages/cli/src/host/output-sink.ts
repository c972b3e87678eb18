import { writeSync } from "node:fs";
import type { Writable } from "node:stream";
import type { TextSink } from "@troupe/core";

export type HostStream = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
};

/**
 * The sink over a stream of the process, which `open` makes when something of it is needed: that loads sockets and
 * terminals, a tenth of a start of Node, and a few lines of text need neither. They go to `descriptor`, where there is
 * one, as long as nothing else has asked for the stream; null = always through the stream.
 *
 * A closed pipe (`| head`), a full disk, a closed terminal: whatever ends the output does not end the run.
 */
export function createOutputSink(
  open: () => HostStream,
  descriptor: number | null,
  onContinue?: NonNullable<TextSink["onContinue"]>,
): TextSink {
  let isOpen = true;
  let opened: HostStream | null = null;
  const close = (): void => {
    isOpen = false;
  };
  const stream = (): HostStream => {
    opened ??= open().on("error", close);
    return opened;
  };
  return {
    write: (text) => {
      if (!isOpen) return;
      try {
        const rest = descriptor === null || opened !== null ? text : writeNow(descriptor, text);
        if (rest.length > 0) stream().write(rest);
      } catch {
        close(); // files and devices throw at once, pipes tell by an event
      }
    },
    get isTerminal() {
      return stream().isTTY === true;
    },
    size: () => ({ columns: stream().columns ?? 80, rows: stream().rows ?? 24 }),
    onResize: (listener) => {
      stream().on("resize", listener);
      return () => stream().off("resize", listener);
    },
    ...(onContinue === undefined ? {} : { onContinue }),
  };
}

/** Writes as much as is taken at once, and returns the rest: a pipe that is full and does not block takes no more. */
function writeNow(descriptor: number, text: string): Uint8Array {
  let rest: Uint8Array = Buffer.from(text, "utf8");
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(descriptor, rest));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
  }
  return rest;
}
