import { once } from "node:events";
import type { Readable } from "node:stream";
import { randomHex, systemClock } from "@troupe/core";
import { type CliHost, SIGNAL_EXIT_CODES, type StopSignal } from "../cli-host.js";
import { createOutputSink, type HostStream } from "./output-sink.js";

const STOP_SIGNALS = Object.keys(SIGNAL_EXIT_CODES).filter((name): name is StopSignal => name in SIGNAL_EXIT_CODES);

/** What was typed before a question was shown is no answer to it, and is read away in this time. */
const TYPED_AHEAD_MS = 50;

/** How long the end of the process waits for a reader that takes nothing. */
const LAST_WORDS_MS = 2000;

/** The part of a process that the command line touches. */
export interface HostProcess {
  readonly env: CliHost["environment"];
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: HostStream;
  readonly stderr: HostStream;
  cwd(): string;
  on(name: StopSignal, listener: (signal: StopSignal) => void): unknown;
  on(name: "SIGCONT", listener: () => void): unknown;
  off(name: StopSignal, listener: (signal: StopSignal) => void): unknown;
  off(name: "SIGCONT", listener: () => void): unknown;
  exit(code: number): void;
}

/** Where a process writes when its streams are not needed for it. */
export interface OutputDescriptors {
  readonly stdout: number;
  readonly stderr: number;
}

/** The world of a real process. */
export interface ProcessHost extends CliHost {
  /** Whether all that was written has left the process: streams may keep some of it. */
  readonly isWritten: boolean;
}

/**
 * It does not change while we run, and each look into the real one asks the system. On Windows the real one knows a
 * variable by its name in whatever case.
 */
function copyOf(environment: CliHost["environment"]): CliHost["environment"] {
  return environment.OS === "Windows_NT" ? environment : { ...environment };
}

/** The host of a real process. `descriptors` null = all output goes through the streams. */
export function createProcessHost(process: HostProcess, descriptors: OutputDescriptors | null = null): ProcessHost {
  let isWritten = true;
  const streamed = (name: "stdout" | "stderr") => (): HostStream => {
    isWritten = false;
    return process[name];
  };
  const onContinue = (listener: () => void) => {
    process.on("SIGCONT", listener);
    return () => void process.off("SIGCONT", listener);
  };
  const isAtTerminal = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true;
  return {
    environment: copyOf(process.env),
    cwd: process.cwd(),
    get isWritten() {
      return isWritten;
    },
    stdout: createOutputSink(streamed("stdout"), descriptors?.stdout ?? null, onContinue),
    stderr: createOutputSink(streamed("stderr"), descriptors?.stderr ?? null, onContinue),
    writeBytes: async (bytes) => {
      isWritten = false;
      const { stdout } = process;
      if (!stdout.writable) return; // whoever read it has gone
      if (!stdout.write(bytes)) await Promise.race([once(stdout, "drain"), once(stdout, "close")]);
    },
    clock: systemClock,
    randomHex,
    readStdin: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks).toString("utf8");
    },
    get ask() {
      return isAtTerminal()
        ? (question: string, signal?: AbortSignal) => askAtTerminal(process, question, signal)
        : null;
    },
    get terminal() {
      return isAtTerminal() ? { input: process.stdin, output: process.stderr } : undefined;
    },
    onSignal: (listener) => {
      for (const name of STOP_SIGNALS) process.on(name, listener);
      return () => {
        for (const name of STOP_SIGNALS) process.off(name, listener);
      };
    },
    exitNow: (code) => {
      const written = Promise.all([lastWritten(process.stdout), lastWritten(process.stderr)]);
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

async function askAtTerminal({ stdin, stderr }: HostProcess, question: string, signal?: AbortSignal): Promise<string> {
  if (!stdin.readable) return ""; // it has ended before
  const withdraw = (): void => void stderr.write(" (withdrawn)\n");
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
}
