import { hasCode, TroupeError } from "../errors/troupe-error.js";
import type { RunEvent } from "../model/events.js";
import { stageUnknown } from "../model/graph.js";
import type { RunId, StageId, TurnId } from "../model/ids.js";
import { reduce } from "../state/reduce.js";
import { type RunState, type StageRecord, summaryOf } from "../state/run-state.js";
import { loadRun } from "./load-run.js";
import { writeText } from "./text.js";
import type { Engine } from "./types.js";

type Outside = Pick<Engine, "store" | "clock" | "randomHex">;

/**
 * Asks whoever holds the run to cancel it. Needs no lease; without a living holder nothing happens until a claim with
 * `changes.cancel`. Asking twice is asking once. Rejects `RUN_FINISHED`, `RUN_NOT_FOUND`.
 */
export async function requestCancel(engine: Outside, runId: RunId, by: string, message: string | null): Promise<void> {
  await appendFact(engine, runId, (state) => {
    if (state.status !== "running") throw finished(state);
    return state.cancelRequested ? null : { type: "run.cancel-requested", by, message };
  });
}

/**
 * What a person says of a waiting result. `turn`: the result that was looked at; when that of another turn waits
 * meanwhile, the judgement does not apply. Absent = whichever waits.
 */
export type Judgement = { readonly by: string; readonly turn?: TurnId } & (
  | { readonly approved: true; readonly message: string | null }
  | { readonly approved: false; readonly message: string }
);

/**
 * Approves or rejects the result that a stage waits with. Needs no lease and may come while nobody holds the run.
 * Resolves with the turn that was judged. Rejects `NOT_WAITING` when the stage does not wait (any more) or another turn's
 * result does, `RUN_FINISHED`, `STAGE_UNKNOWN`, `RUN_NOT_FOUND`.
 */
export async function judgeStage(engine: Outside, runId: RunId, stage: StageId, judgement: Judgement): Promise<TurnId> {
  const { by, message } = judgement;
  // nothing is stored for a stage that does not wait
  let turn = waitingTurn((await loadRun(engine.store, runId)).state, stage, judgement.turn);
  const text = judgement.approved ? null : await writeText(engine.store.blobs, runId, judgement.message);
  await appendFact(engine, runId, (state) => {
    turn = waitingTurn(state, stage, judgement.turn);
    return text === null
      ? { type: "approval.granted", stage, turn, by, message }
      : { type: "approval.denied", stage, turn, by, message: text };
  });
  return turn;
}

/**
 * Leaves the question about a waiting result open: nobody at the holder's terminal is waited for any longer, and it can
 * still be judged. Rejects as {@link judgeStage}.
 */
export async function deferApproval(
  engine: Outside,
  runId: RunId,
  { stage, turn, by }: { readonly stage: StageId; readonly turn: TurnId; readonly by: string },
): Promise<void> {
  await appendFact(engine, runId, (state) => {
    waitingTurn(state, stage, turn);
    return { type: "approval.deferred", stage, turn, by };
  });
}

/** The turn whose result waits, `expected` if given. Throws `RUN_FINISHED`, `NOT_WAITING`, `STAGE_UNKNOWN`. */
function waitingTurn(state: RunState, stage: StageId, expected: TurnId | undefined): TurnId {
  const record = state.stages.get(stage);
  if (record === undefined) throw stageUnknown(stage, state.stages.keys());
  const turn = record.approved === null ? record.awaitingApproval : null;
  if (turn !== null && (expected === undefined || expected === turn)) return turn;
  if (state.status === "succeeded" || state.status === "cancelled") throw over(state);
  throw notWaiting(state, record, expected);
}

/** Appends one fact against the newest position; on a conflict it reads again and checks that the fact still applies. */
async function appendFact(engine: Outside, runId: RunId, factFor: (state: RunState) => RunEvent | null): Promise<void> {
  for (;;) {
    const { state, seq } = await loadRun(engine.store, runId);
    const fact = factFor(state);
    if (fact === null) return;
    const at = Math.max(engine.clock.now(), state.updatedAt);
    reduce(state, fact, at);
    const entry = { id: engine.randomHex(12), at, events: [fact], summary: summaryOf(state) };
    try {
      await engine.store.append(runId, seq, entry);
      return;
    } catch (error) {
      if (!hasCode(error, "JOURNAL_CONFLICT")) throw error;
    }
  }
}

function finished({ runId, status }: RunState): TroupeError {
  return new TroupeError("RUN_FINISHED", `run ${runId} is not running: it is ${status}`, {
    hint: `See it: troupe status ${runId}`,
  });
}

function over({ runId, status }: RunState): TroupeError {
  const end = status === "cancelled" ? "was cancelled" : "has succeeded";
  return new TroupeError("RUN_FINISHED", `run ${runId} ${end}: nothing of it waits for a person`, {
    hint: `See it: troupe status ${runId}`,
  });
}

function notWaiting({ runId }: RunState, record: StageRecord, expected: TurnId | undefined): TroupeError {
  const { definition, awaitingApproval, approved } = record;
  const stage = `stage ${definition.id} of run ${runId}`;
  const hint = `See what waits: troupe status ${runId}`;
  if (approved !== null)
    return new TroupeError("NOT_WAITING", `the result of ${approved} is approved already`, { hint });
  if (awaitingApproval === null || expected === undefined) {
    return new TroupeError("NOT_WAITING", `${stage} does not wait for a person: it is ${record.status}`, { hint });
  }
  const message = `the result of ${expected} waits no more: ${awaitingApproval} has taken its place in ${stage}`;
  return new TroupeError("NOT_WAITING", message, { hint });
}
