import type { EventOf, RunEvent } from "../model/events.js";
import { misfit, recordOf } from "./misfit.js";
import { resetParts } from "./parts.js";
import { requeue } from "./queues.js";
import { NO_ENTRIES, NOTHING, type RunState, type StageRecord } from "./run-state.js";
import { toStatus } from "./stage-status.js";

export function completeStage(state: RunState, event: EventOf<"stage.completed">, at: number): void {
  const record = recordOf(state, event, event.stage);
  record.startedAt ??= at;
  record.endedAt = at;
  record.awaitingApproval = null;
  toStatus(state, record, "completed", event);
}

export function failStage(state: RunState, event: EventOf<"stage.failed">, at: number): void {
  const record = recordOf(state, event, event.stage);
  record.startedAt ??= at;
  record.endedAt = at;
  record.error = event.error;
  toStatus(state, record, "failed", event);
}

export function cancelStage(state: RunState, event: EventOf<"stage.cancelled">, at: number): void {
  const record = recordOf(state, event, event.stage);
  record.endedAt = at;
  record.cancelledBy = event.cause;
  record.awaitingApproval = null;
  record.approved = null;
  toStatus(state, record, "cancelled", event);
}

export function skipStage(state: RunState, event: EventOf<"stage.skipped">, at: number): void {
  const record = recordOf(state, event, event.stage);
  record.endedAt = at;
  record.skippedBy = event.by;
  toStatus(state, record, "skipped", event);
}

export function resetStage(state: RunState, event: EventOf<"stage.reset">): void {
  const record = recordOf(state, event, event.stage);
  if (record.inFlight.length === 0) {
    startAnew(state, record, event);
    return;
  }
  const isEnding = record.inFlight.every(({ turn }) => state.inherited.has(turn));
  if (!isEnding) throw misfit(event, `a turn of ${event.stage} is in flight`);
  record.pendingReset = event.cause;
  requeue(state, record); // nobody of several agents starts any more
}

/** Turn numbers, feedback, artifact versions and what lies about unfinished stay; rounds, attempts and sessions do not. */
export function startAnew(state: RunState, record: StageRecord, event: RunEvent): void {
  record.pendingReset = null;
  record.skippedBy = null;
  record.round = 0;
  record.startedAt = null;
  record.endedAt = null;
  record.error = null;
  record.cancelledBy = null;
  record.awaitingApproval = null;
  record.approved = null;
  record.lastVerdict = null;
  record.lastChecks = NOTHING;
  record.failureReport = null;
  record.last = null;
  record.outputTurn = null;
  record.starts = 0;
  record.failures = 0;
  record.limits = 0;
  record.crashes = 0;
  record.waitingSince = null;
  record.sessions = NO_ENTRIES;
  resetParts(record);
  toStatus(state, record, "pending", event);
}
