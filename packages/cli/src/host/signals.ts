import { type CliHost, SIGNAL_EXIT_CODES, type StopSignal } from "../cli-host.js";

/** How a person ends a run from the keyboard or with `kill`. */
export interface Stopping {
  /** First signal: no new turn, agents get their grace period, state is written. */
  readonly stop: AbortSignal;
  /** Second signal: agents are killed at once; that, too, is written. */
  readonly kill: AbortSignal;
  /** The first signal that came; null = none. */
  readonly signal: () => StopSignal | null;
  /** Ends the listening. */
  close(): void;
}

/**
 * Listens for signals, and says what each does; the third one ends the process. Nothing depends on this having run: a
 * killed run resumes too.
 */
export function listenForSignals(
  host: CliHost,
  say: (message: string) => void,
  place: (text: string) => string,
): Stopping {
  const stop = new AbortController();
  const kill = new AbortController();
  let first: StopSignal | null = null;
  const close = host.onSignal((signal) => {
    if (first === null) {
      first = signal;
      say("Stopping: agents have 10 s to end. Press Ctrl+C again to kill them at once.");
      stop.abort(signal);
    } else if (!kill.signal.aborted) {
      say("Killing the agents. Press Ctrl+C once more to leave at once.");
      kill.abort();
    } else {
      // not by the reporters: there may be no time for another redraw
      host.stderr.write(`Left at once. What still runs is ended by the next: ${place("troupe resume")}\n`);
      host.exitNow(SIGNAL_EXIT_CODES[signal]);
    }
  });
  return { stop: stop.signal, kill: kill.signal, signal: () => first, close };
}
