import type { Readable, Writable } from "node:stream";
import type { Clock, SecretMasker, TextSink } from "@troupe/core";

/** The signals that end a run in good order. */
export type StopSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

/** What the shell reports when a signal ended a command: 128 + its number. */
export const SIGNAL_EXIT_CODES: Readonly<Record<StopSignal, number>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** The last gate of everything that is shown: no value of a secret and no control of foreign text comes through. */
interface OutputGuard {
  /** Masks the declared secrets; until they are known it masks nothing. */
  readonly masker: SecretMasker;
  /** From now on these are masked. */
  protect(masker: SecretMasker): void;
  /** For whoever paints: our own colours and cursor moves pass, nothing else. */
  readonly painted: { readonly stdout: TextSink; readonly stderr: TextSink };
}

/** The terminal itself, for questions that are answered with keys. */
export interface TerminalStreams {
  readonly input: Readable;
  readonly output: Writable;
}

/** The world as the commands see it; tests bring their own. */
export interface CliHost {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  /** The very bytes of a recorded file, on standard output, where that is no terminal. Absent = text only. */
  writeBytes?(bytes: Uint8Array): Promise<void>;
  readonly clock: Clock;
  readonly randomHex: (bytes: number) => string;
  /** All of standard input. */
  readStdin(): Promise<string>;
  /** Asks the person at the terminal; null where there is none. Rejects once `signal` aborts. */
  readonly ask: ((question: string, signal?: AbortSignal) => Promise<string>) | null;
  /** Absent where nobody is at a terminal. */
  readonly terminal?: TerminalStreams | undefined;
  /** Returns a function that ends the listening. */
  onSignal(listener: (signal: StopSignal) => void): () => void;
  /** Ends the process, whatever is running, as soon as what was shown has reached its reader, after 2 s in any case. */
  exitNow(code: number): void;
  /** What all output goes through, `stdout` and `stderr` here too; a host without one is guarded by `runCli`. */
  readonly guard?: OutputGuard;
}
