import { endAdopted } from "./end-adopted.js";
import { limitMark } from "./limit-mark.js";
import { listerOf, type ProcessLister } from "./listed-processes.js";
import { DEFAULT_SWEEP_MS, sweep } from "./sweep.js";

/** Which processes are meant, by the marker in their environment. */
export interface MarkedProcesses {
  /** A value of `TROUPE_TURN`, or what says of a value whether it is meant. */
  readonly marker: string | ((marker: string) => boolean);
  /**
   * Markers of turns, of whatever claim, that are meant: their processes are found also when they cleared their
   * environment (on Linux, with `prlimit`). {@link marker} itself unless given, when that is a value.
   */
  readonly turns?: readonly string[];
  /** How long to go on before giving up, in milliseconds; 10 s unless given. */
  readonly limitMs?: number;
}

/**
 * Kills every process whose `TROUPE_TURN` is meant, with its descendants, its group and its session, until none is
 * left; resolves with their numbers. Never touches this process, its ancestors, or a process with another marker that
 * does not descend from a meant one. Does nothing on Windows, which shows nobody's environment.
 * Rejects `PROCESS_NOT_ENDED` (details: pids) when some still run after `limitMs`.
 */
export function endMarkedProcesses(request: MarkedProcesses): Promise<readonly number[]> {
  return endMarkedBy(listerOf(process.platform), request);
}

/** `lister` = who tells of the processes; null = `/proc` does. */
export async function endMarkedBy(lister: ProcessLister | null, request: MarkedProcesses): Promise<readonly number[]> {
  const { marker, limitMs = DEFAULT_SWEEP_MS } = request;
  const matches = typeof marker === "string" ? (value: string) => value === marker : marker;
  if (lister !== null) {
    return lister.tellsMarkers ? endAdopted(lister, (it) => it.marker !== null && matches(it.marker), limitMs) : [];
  }
  const turns = request.turns ?? (typeof marker === "string" ? [marker] : []);
  return sweep({ roots: [], matches, limits: new Set(turns.map(limitMark)), since: null, above: 0 }, limitMs);
}
