import { hasCode, TroupeError } from "../errors/troupe-error.js";
import type { RunEvent } from "../model/events.js";
import { stageUnknown } from "../model/graph.js";
import type { RunId, StageId } from "../model/ids.js";
import { reduce } from "../state/reduce.js";
import { type RunState, summaryOf } from "../state/run-state.js";
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

/** What a person says of a waiting result. */
export type Judgement =
  | { readonly approved: true; readonly by: string; readonly message: string | null }
  | { readonly approved: false; readonly by: string; readonly message: string };

/**
 * Approves or rejects the result that a stage waits with. Needs no lease and may come while nobody holds the run.
 * Rejects `NOT_WAITING` when the stage does not wait (any more), `STAGE_UNKNOWN`, `RUN_NOT_FOUND`.
 */
export async function judgeStage(engine: Outside, runId: RunId, stage: StageId, judgement: Judgement): Promise<void> {
  const text = judgement.approved ? null : await writeText(engine.store.blobs, runId, judgement.message);
  await appendFact(engine, runId, (state) => {
    const record = state.stages.get(stage);
    if (record === undefined) throw stageUnknown(stage, state.stages.keys());
    const turn = record.approved === null ? record.awaitingApproval : null;
    if (turn === null) throw notWaiting(state, stage);
    return text === null
      ? { type: "approval.granted", stage, turn, by: judgement.by, message: judgement.message }
      : { type: "approval.denied", stage, turn, by: judgement.by, message: text };
  });
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

function notWaiting({ runId }: RunState, stage: StageId): TroupeError {
  return new TroupeError("NOT_WAITING", `stage ${stage} of run ${runId} does not wait for a person`, {
    hint: `See what waits: troupe status ${runId}`,
  });
}
