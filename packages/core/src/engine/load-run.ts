import { TroupeError } from "../errors/troupe-error.js";
import type { JournalEntry } from "../model/events.js";
import type { RunId } from "../model/ids.js";
import type { StateStore } from "../plugin/store.js";
import { reduce } from "../state/reduce.js";
import type { RunState } from "../state/run-state.js";

/** A run as its journal tells it. */
export interface LoadedRun {
  readonly state: RunState;
  /** Position of the newest entry that `state` holds. */
  readonly seq: number;
}

/** Moves a state on by one entry. */
export function applyEntry(state: RunState | null, entry: JournalEntry): RunState | null {
  let next = state;
  for (const event of entry.events) next = reduce(next, event, entry.at);
  return next;
}

/** Reads a run from its journal. Takes nothing. Rejects `RUN_NOT_FOUND`, `JOURNAL_CORRUPT`, `JOURNAL_NEWER`, `EVENT_INVALID`. */
export async function loadRun(store: StateStore, runId: RunId): Promise<LoadedRun> {
  let state: RunState | null = null;
  let seq = 0;
  for await (const entry of store.read(runId)) {
    state = applyEntry(state, entry);
    seq = entry.seq;
  }
  if (state === null) throw new TroupeError("JOURNAL_CORRUPT", `the journal of run ${runId} is empty`);
  return { state, seq };
}
