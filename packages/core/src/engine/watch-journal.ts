import type { RunId } from "../model/ids.js";
import type { Engine } from "./types.js";

/** How often a store that cannot watch is read, in milliseconds. */
const POLL_MS = 1_000;

interface Watch {
  readonly runId: RunId;
  /** Position of the newest entry that is known already. */
  readonly seq: () => number;
  readonly wake: () => void;
  readonly signal: AbortSignal;
}

/** Wakes the loop when somebody else may have appended. Never rejects: should watching fail, it polls. */
export function watchJournal(engine: Engine, watch: Watch): void {
  void (async () => {
    try {
      for await (const { seq } of engine.store.watch?.(watch.runId, watch.seq(), watch.signal) ?? []) {
        if (seq > watch.seq()) watch.wake();
      }
    } catch (error) {
      engine.logger.warn(`watching the journal failed, reading it every second: ${String(error)}`);
    }
    await poll(engine, watch);
  })();
}

/** The loop reads the tail each time it is woken: that costs one look at the end of a file. */
async function poll({ clock }: Engine, { wake, signal }: Watch): Promise<void> {
  while (!signal.aborted) {
    await clock.wait(POLL_MS, signal);
    if (!signal.aborted) wake();
  }
}
