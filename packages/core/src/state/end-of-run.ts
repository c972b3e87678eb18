import { TroupeError } from "../errors/troupe-error.js";
import type { EventOf, LimitName } from "../model/events.js";
import { lookUp } from "../model/look-up.js";
import { nearAt } from "../model/spending.js";
import { type RunOutcome, satisfiesNeed } from "../model/status.js";
import { activeMsAt, type Halt, isOverdue, isTimeActive, isWithin } from "./halt.js";
import { delaysOf } from "./parts.js";
import type { RunState } from "./run-state.js";
import { turnStarts } from "./starts.js";

/**
 * The end of the run, when nothing is in flight and nothing more can follow; else nothing. `succeeded` only if every
 * stage is completed or was skipped by rule. A failure weighs more than a limit, which is named beside it: more money
 * alone would not make the run succeed. Nor does a limit count that keeps nothing from going on while a person is asked.
 */
export function endOfRun(state: RunState, halt: Halt | null, now: number): readonly EventOf<"run.finished">[] {
  if (state.turnsInFlight > 0) return [];
  if (state.counts.completed + state.counts.skipped === state.stages.size) return finished("succeeded");
  if (halt?.by === "cancel") return finished("cancelled");
  if (isPartDone(state)) return finished("interrupted");
  if (halt?.by === "stop") return finished("interrupted");
  if (isAttended(state)) return [];
  if (halt !== null && state.failed.size > 0) return finished("failed", halt.limit);
  if (halt !== null && !isOnlyWaiting(state, now)) return finished("limited", halt.limit);
  const delayed = [...state.delayed].filter((id) => isWithin(state, id));
  const overdue = delayed.filter((id) => isOverdue(state, id, now));
  if (delayed.length > overdue.length) return [];
  const limit = overdue.length > 0 ? "wait" : null;
  if (state.failed.size > 0) return finished("failed", limit);
  if (limit !== null) return finished("limited", limit);
  if (state.counts.waiting > 0) return finished("waiting");
  // Waiting for nothing would hang: say so instead.
  throw new TroupeError("INTERNAL", `nothing of run ${state.runId} can go on, and nothing has failed`, {
    details: { counts: { ...state.counts } },
  });
}

/** A limit that is reached keeps nothing from going on: only persons do. */
function isOnlyWaiting(state: RunState, now: number): boolean {
  if (state.counts.waiting === 0 || [...state.delayed].some((id) => isWithin(state, id))) return false;
  return turnStarts(state, now).length === 0;
}

/** The claim was for a part of the run, and that part is done. */
function isPartDone({ within, stages }: RunState): boolean {
  return within !== null && [...within].every((id) => satisfiesNeed(lookUp(stages, id).status));
}

/** Somebody is being asked, and the answer may let the run go on: neither a failure nor a limit ends it before. */
function isAttended({ attended, counts, active, stages }: RunState): boolean {
  if (!attended || counts.waiting === 0) return false;
  return [...active].some((id) => {
    const { awaitingApproval, approved, deferred } = lookUp(stages, id);
    return awaitingApproval !== null && approved === null && deferred !== awaitingApproval;
  });
}

function finished(outcome: RunOutcome, limit: LimitName | null = null): readonly EventOf<"run.finished">[] {
  return [{ type: "run.finished", outcome, limit }];
}

/** When to look at the state again though nothing has happened: wall time in ms; null = never. */
export function nextLook(state: RunState, now: number): number | null {
  if (state.status !== "running") return null;
  const times: number[] = [];
  for (const id of state.delayed) {
    for (const { retryAt } of delaysOf(lookUp(state.stages, id))) {
      if (retryAt !== null && retryAt > now) times.push(retryAt);
    }
  }
  const { durationMs } = state.definition.limits;
  if (isTimeActive(state) && durationMs !== null) {
    const left = [nearAt(durationMs), durationMs].map((mark) => mark - activeMsAt(state, now));
    times.push(...left.filter((ms) => ms > 0).map((ms) => now + ms));
  }
  return times.length === 0 ? null : Math.min(...times);
}
