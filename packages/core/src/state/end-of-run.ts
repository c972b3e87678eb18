import { TroupeError } from "../errors/troupe-error.js";
import type { EventOf, LimitName } from "../model/events.js";
import { lookUp } from "../model/look-up.js";
import type { RunOutcome } from "../model/status.js";
import { activeMsAt, type Halt, isOverdue, isTimeActive } from "./halt.js";
import type { RunState } from "./run-state.js";

/**
 * The end of the run, when nothing is in flight and nothing more can follow; else nothing. `succeeded` only if every
 * stage is completed or was skipped by rule.
 */
export function endOfRun(state: RunState, halt: Halt | null, now: number): readonly EventOf<"run.finished">[] {
  if (state.turnsInFlight > 0) return [];
  if (state.counts.completed + state.counts.skipped === state.stages.size) return finished("succeeded");
  if (halt?.by === "cancel") return finished("cancelled");
  if (halt?.by === "stop") return finished("interrupted");
  if (halt !== null) return finished("limited", halt.limit);
  const overdue = [...state.delayed].filter((id) => isOverdue(state, id, now));
  if (state.delayed.size > overdue.length) return [];
  if (state.failed.size > 0) return finished("failed");
  if (overdue.length > 0) return finished("limited", "wait");
  if (state.counts.waiting > 0) return finished("waiting");
  // Waiting for nothing would hang: say so instead.
  throw new TroupeError("INTERNAL", `nothing of run ${state.runId} can go on, and nothing has failed`, {
    details: { counts: { ...state.counts } },
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
    const at = lookUp(state.stages, id).retryAt;
    if (at !== null && at > now) times.push(at);
  }
  const { durationMs } = state.definition.limits;
  const left = durationMs === null ? 0 : durationMs - activeMsAt(state, now);
  if (isTimeActive(state) && left > 0) times.push(now + left);
  return times.length === 0 ? null : Math.min(...times);
}
