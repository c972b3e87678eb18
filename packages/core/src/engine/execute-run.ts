import { validateWorkflow } from "../model/graph.js";
import type { Lease } from "../plugin/store.js";
import { taskOf } from "../state/task.js";
import { claimEvents } from "./claim-events.js";
import { Flights } from "./flights.js";
import { Journal } from "./journal.js";
import { runLoop } from "./run-loop.js";
import type { Engine, ExecuteOptions, RunResult } from "./types.js";
import { watchJournal } from "./watch-journal.js";

/** A holder that cannot be looked at (another host, another pid namespace) counts as gone after this, in milliseconds. */
const LEASE_TTL_MS = 30_000;

/**
 * Takes a run and performs it until it has an outcome: a new one from the start, any other from where it stands.
 * Finished stages are kept, failed and cancelled ones start anew, turns of a dead holder are ended before anything
 * starts. Of edits, `planResume` says what runs again. Rejects `RUN_LOCKED`, `RUN_FINISHED`, `CLAIM_LOST` and
 * `STORE_FAILED` (also of a turn that could not keep what it made; turns in flight have been ended and are for the next
 * claim to settle as crashed), `JOURNAL_CORRUPT`, and of `changes` `WORKFLOW_INVALID`, `STAGE_UNKNOWN`, `STAGE_CHANGED` (a
 * person has to decide) and `JOURNAL_CONFLICT` (the plan is not what would be done any more); then nothing was written.
 * Every other end is an outcome.
 */
export async function executeRun(engine: Engine, options: ExecuteOptions): Promise<RunResult> {
  const { runId, command, changes } = options;
  if (changes?.definition !== undefined) validateWorkflow(changes.definition.workflow);
  await using lease = await engine.store.acquireLease(runId, { command, ttlMs: LEASE_TTL_MS });
  const journal = await Journal.open(engine, runId, options.kill);
  await options.admit?.("held", journal.state);
  await journal.claim((state) => claimEvents(engine, options, lease, state));
  const flights = new Flights(engine, journal.announcer);
  flights.attach([...journal.state.inherited].flatMap((turn) => taskOf(journal.state, turn) ?? []));
  const listening = listen(engine, options, journal, flights, lease);
  try {
    const refusal = await refusalOf(options, journal);
    if (refusal !== null) flights.tell({ type: "run.stop-requested", by: "troupe" });
    const outcome = await runLoop(journal, flights);
    if (refusal !== null) throw refusal.error;
    return { outcome, limit: journal.state.limit, state: journal.state };
  } finally {
    listening.abort();
    await flights.endAll("claim-lost"); // only after an error is anything left
  }
}

/** Why the claim may not go on; null = it may. */
async function refusalOf({ admit }: ExecuteOptions, journal: Journal): Promise<{ readonly error: unknown } | null> {
  try {
    await admit?.("claimed", journal.state);
    return null;
  } catch (error) {
    return { error };
  }
}

/** Everything from outside that moves the loop on: others' entries, a lost lease, a person who wants to stop. */
function listen(
  engine: Engine,
  { runId, stop, kill }: ExecuteOptions,
  journal: Journal,
  flights: Flights,
  lease: Lease,
): AbortController {
  const ended = new AbortController();
  const { signal } = ended;
  watchJournal(engine, { runId, seq: () => journal.seq, wake: () => flights.wake(), signal });
  when(lease.lost, signal, () => flights.wake());
  when(stop, signal, () => flights.tell({ type: "run.stop-requested", by: String(stop?.reason ?? "signal") }));
  when(kill, signal, () => flights.killAll());
  return ended;
}

function when(signal: AbortSignal | undefined, until: AbortSignal, act: () => void): void {
  if (signal?.aborted === true) act();
  else signal?.addEventListener("abort", act, { once: true, signal: until });
}
