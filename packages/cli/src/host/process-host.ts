import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { randomHex, systemClock, type TextSink } from "@troupe/core";
import { type CliHost, SIGNAL_EXIT_CODES, type StopSignal } from "../cli-host.js";

const STOP_SIGNALS = Object.keys(SIGNAL_EXIT_CODES).filter((name): name is StopSignal => name in SIGNAL_EXIT_CODES);

/** What was typed before a question was shown is no answer to it, and is read away in this time. */
const TYPED_AHEAD_MS = 50;

/** How long the end of the process waits for a reader that takes nothing. */
const LAST_WORDS_MS = 2000;

type HostStream = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
};

/** The part of a process that the command line touches. */
export interface HostProcess {
  readonly env: CliHost["environment"];
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: HostStream;
  readonly stderr: HostStream;
  cwd(): string;
  on(name: StopSignal, listener: (signal: StopSignal) => void): unknown;
  off(name: StopSignal, listener: (signal: StopSignal) => void): unknown;
  exit(code: number): void;
}

/** The host of a real process. */
export function createProcessHost(process: HostProcess): CliHost {
  const { stdin, stdout, stderr } = process;
  const isAtTerminal = stdin.isTTY === true && stderr.isTTY === true;
  const withdraw = (): void => void stderr.write(" (withdrawn)\n");
  const ask = async (question: string, signal?: AbortSignal): Promise<string> => {
    if (!stdin.readable) return ""; // it has ended before
    const { createInterface } = await import("node:readline/promises");
    // the terminal edits the line: Ctrl+C stays a signal, and nothing is left behind by a process that is killed
    const lines = createInterface({ input: stdin, output: stderr, terminal: false });
    const closed = once(lines, "close").then(() => null); // Ctrl+D: no answer comes any more
    try {
      await systemClock.wait(TYPED_AHEAD_MS, signal);
      signal?.throwIfAborted();
      signal?.addEventListener("abort", withdraw, { once: true });
      const answer = await Promise.race([lines.question(question, signal === undefined ? {} : { signal }), closed]);
      if (answer === null) stderr.write("\n");
      return answer ?? "";
    } finally {
      signal?.removeEventListener("abort", withdraw);
      lines.close();
    }
  };
  return {
    environment: process.env,
    cwd: process.cwd(),
    stdout: createSink(stdout),
    stderr: createSink(stderr),
    writeBytes: async (bytes) => {
      if (!stdout.writable) return; // whoever read it has gone
      if (!stdout.write(bytes)) await Promise.race([once(stdout, "drain"), once(stdout, "close")]);
    },
    clock: systemClock,
    randomHex,
    readStdin: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks).toString("utf8");
    },
    ask: isAtTerminal ? ask : null,
    ...(isAtTerminal ? { terminal: { input: stdin, output: stderr } } : {}),
    onSignal: (listener) => {
      for (const name of STOP_SIGNALS) process.on(name, listener);
      return () => {
        for (const name of STOP_SIGNALS) process.off(name, listener);
      };
    },
    exitNow: (code) => {
      const written = Promise.all([lastWritten(stdout), lastWritten(stderr)]);
      void Promise.race([written, systemClock.wait(LAST_WORDS_MS)]).then(() => process.exit(code));
    },
  };
}

/** Settles when the stream has handed on all that was written: pipes take it later, and an exit would throw it away. */
function lastWritten(stream: HostStream): Promise<void> {
  return new Promise((resolve) => {
    try {
      stream.write("", () => resolve());
    } catch {
      resolve(); // it takes nothing any more
    }
  });
}

/** A closed pipe (`| head`), a full disk, a closed terminal: whatever ends the output does not end the run. */
function createSink(stream: HostStream): TextSink {
  let isOpen = true;
  const close = () => {
    isOpen = false;
  };
  stream.on("error", close);
  return {
    write: (text) => {
      if (!isOpen) return;
      try {
        stream.write(text);
      } catch {
        close(); // files and devices throw at once, pipes tell by an event
      }
    },
    isTerminal: stream.isTTY === true,
    size: () => ({ columns: stream.columns ?? 80, rows: stream.rows ?? 24 }),
    onResize: (listener) => {
      stream.on("resize", listener);
      return () => stream.off("resize", listener);
    },
  };
}
