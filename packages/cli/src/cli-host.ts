import type { Clock, TextSink } from "@troupe/core";
import type { OutputGuard } from "./guarded-host.js";

/** The signals that end a run in good order. */
export type StopSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

/** What the shell reports when a signal ended a command: 128 + its number. */
export const SIGNAL_EXIT_CODES: Readonly<Record<StopSignal, number>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** The world as the commands see it; tests bring their own. */
export interface CliHost {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly clock: Clock;
  readonly randomHex: (bytes: number) => string;
  /** All of standard input. */
  readStdin(): Promise<string>;
  /** Asks the person at the terminal; null where there is none. */
  readonly ask: ((question: string) => Promise<string>) | null;
  /** Returns a function that ends the listening. */
  onSignal(listener: (signal: StopSignal) => void): () => void;
  /** Ends the process at once, whatever is running. */
  exitNow(code: number): void;
  /** What all output goes through, `stdout` and `stderr` here too; a host without one is guarded by `runCli`. */
  readonly guard?: OutputGuard;
}
