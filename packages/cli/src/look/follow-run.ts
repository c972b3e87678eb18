import { type Clock, type JournalEntry, type RunState, reduce, type StateStore, TroupeError } from "@troupe/core";
import { isHeld } from "./run-report.js";

/** How often the journal of a run is looked at, in milliseconds. */
const LOOK_MS = 250;
/** A run that is claimed at this very moment has no holder yet: so many looks in a row must find none. */
const LOOKS_WITHOUT_HOLDER = 4;

/** Why there is nothing more to come. */
type FollowEnd = "finished" | "stalled" | "left";

/** Where the run stands, and why the following has ended. */
export interface Followed {
  readonly end: FollowEnd;
  readonly state: RunState;
}

/** What a follower is told. */
export interface RunFollower {
  /** `state` is the live index after the entry, as a reporter gets it. */
  entry(entry: JournalEntry, state: RunState): void;
  /** All entries that there were have been told; more may come. */
  caughtUp?(state: RunState): Promise<void>;
}

/** Which run is followed, and how. */
export interface FollowOptions {
  readonly store: StateStore;
  readonly clock: Clock;
  readonly runId: string;
  /** Abort = the follower leaves. */
  readonly signal: AbortSignal;
}

/**
 * Tells a run from the first entry of its journal until it has finished or nobody works on it any more. Takes nothing,
 * and a late follower misses nothing. Rejects as `StateStore.read`.
 */
export async function followRun(options: FollowOptions, follower: RunFollower): Promise<Followed> {
  const { store, clock, runId, signal } = options;
  let state: RunState | null = null;
  let seq = 0;
  let looksWithoutHolder = 0;
  for (;;) {
    const isWorkedOn = isHeld(await store.holder(runId)); // before the entries: what a holder does last is in them
    for await (const entry of store.read(runId, seq)) {
      for (const event of entry.events) state = reduce(state, event, entry.at);
      seq = entry.seq;
      if (state !== null) follower.entry(entry, state);
    }
    if (state === null) throw new TroupeError("JOURNAL_CORRUPT", `the journal of run ${runId} is empty`);
    await follower.caughtUp?.(state);
    if (state.status !== "running") return { end: "finished", state };
    looksWithoutHolder = isWorkedOn ? 0 : looksWithoutHolder + 1;
    if (looksWithoutHolder === LOOKS_WITHOUT_HOLDER) return { end: "stalled", state };
    await clock.wait(LOOK_MS, signal);
    if (signal.aborted) return { end: "left", state };
  }
}
