import { DEFAULT_SWEEP_MS, sweep } from "./sweep.js";

export interface MarkedProcesses {
  /** A value of `TROUPE_TURN`, or what says of a value whether it is meant. */
  readonly marker: string | ((marker: string) => boolean);
  /** How long to go on before giving up, in milliseconds; 10 s unless given. */
  readonly limitMs?: number;
}

/**
 * Kills every process whose `TROUPE_TURN` is meant, with its descendants, its group and its session, until none is
 * left; resolves with their numbers. Never touches this process, its ancestors, or a process with another marker that
 * does not descend from a meant one. Does nothing where there is no `/proc`.
 * Rejects `PROCESS_NOT_ENDED` (details: pids) when some still run after `limitMs`.
 */
export function endMarkedProcesses(request: MarkedProcesses): Promise<readonly number[]> {
  const { marker, limitMs = DEFAULT_SWEEP_MS } = request;
  const matches = typeof marker === "string" ? (value: string) => value === marker : marker;
  return sweep({ roots: [], matches, since: null, above: 0 }, limitMs);
}
