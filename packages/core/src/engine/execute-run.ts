import { TroupeError } from "../errors/troupe-error.js";
import type { RunEvent } from "../model/events.js";
import { validateWorkflow } from "../model/graph.js";
import type { RunDefinition } from "../model/run.js";
import type { Lease } from "../plugin/store.js";
import { planResume } from "../state/plan-resume.js";
import type { RunState } from "../state/run-state.js";
import { taskOf } from "../state/task.js";
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
 * starts. Rejects `RUN_LOCKED`, `RUN_FINISHED`, `CLAIM_LOST` (its turns have been ended), `STORE_FAILED`,
 * `JOURNAL_CORRUPT`, `WORKFLOW_INVALID` (of `changes`); every other end is an outcome.
 */
export async function executeRun(engine: Engine, options: ExecuteOptions): Promise<RunResult> {
  const { runId, command, changes } = options;
  if (changes?.definition !== undefined) validateWorkflow(changes.definition.workflow);
  await using lease = await engine.store.acquireLease(runId, { command, ttlMs: LEASE_TTL_MS });
  const journal = await Journal.open(engine, runId, options.kill);
  await journal.claim((state) => claimEvents(engine, options, lease, state));
  const flights = new Flights(engine, journal.announcer);
  flights.attach([...journal.state.inherited].flatMap((turn) => taskOf(journal.state, turn) ?? []));
  const listening = listen(engine, options, journal, flights, lease);
  try {
    const outcome = await runLoop(journal, flights);
    return { outcome, limit: journal.state.limit, state: journal.state };
  } finally {
    listening.abort();
    await flights.endAll("claim-lost"); // only after an error is anything left
  }
}

function claimEvents(
  engine: Engine,
  { workspace, changes }: ExecuteOptions,
  lease: Lease,
  state: RunState,
): readonly RunEvent[] {
  const { capacity } = engine.executor;
  const { definition, cancel, reset } = changes ?? {};
  if (state.status === "succeeded") throw alreadyFinished(state.runId);
  if (definition !== undefined) refuseWithoutTurns(definition, state);
  return [
    {
      type: "run.claimed",
      epoch: state.epoch + 1,
      owner: lease.owner,
      capacity: Number.isFinite(capacity) ? capacity : null,
      workspace,
      previousSeenAt: lease.previous?.renewedAt ?? null,
    },
    // before the new definition: what it leaves out is reset once more
    ...(cancel === undefined ? planResume(state, reset).resets : []),
    ...(definition === undefined ? [] : [{ type: "run.reconfigured", definition } as const]),
    ...(cancel === undefined ? [] : [{ type: "run.cancel-requested", ...cancel } as const]),
  ];
}

/** A stage whose turn was cut off has to be there when that turn is ended. */
function refuseWithoutTurns({ workflow }: RunDefinition, state: RunState): void {
  const kept = new Set(workflow.stages.map(({ id }) => id));
  for (const { definition, inFlight } of state.stages.values()) {
    const [turn] = inFlight;
    if (turn === undefined || kept.has(definition.id)) continue;
    const message = `the new workflow has no stage ${definition.id}, and its turn ${turn.turn} was cut off`;
    throw new TroupeError("WORKFLOW_INVALID", message, {
      hint: `Keep ${definition.id} for one more: troupe resume ${state.runId}`,
      details: { stage: definition.id, turn: turn.turn },
    });
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

function alreadyFinished(runId: string): TroupeError {
  return new TroupeError("RUN_FINISHED", `run ${runId} has succeeded: there is nothing left to do`, {
    hint: `See what it left: troupe status ${runId}`,
  });
}
