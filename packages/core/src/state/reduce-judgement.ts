import type { EventOf } from "../model/events.js";
import type { Verdict } from "../model/turn.js";
import { misfit, recordOf } from "./misfit.js";
import { requeue } from "./queues.js";
import type { RunState, SettledTurn, StageRecord } from "./run-state.js";
import { toStatus } from "./stage-status.js";

export function concludeReview(state: RunState, event: EventOf<"review.concluded">): void {
  const record = recordOf(state, event, event.stage);
  const last = lastTurn(record, event);
  if (last.result.status !== "succeeded") throw misfit(event, `${event.turn} did not succeed`);
  const { verdict } = event;
  judge(record, last, verdict);
  if (verdict.decision === "rejected") {
    const source = verdict.source === "none" ? "no-verdict" : "review";
    record.feedback = [...record.feedback, { source, round: event.round, text: last.result.output }];
  }
  requeue(state, record);
}

export function requestApproval(state: RunState, event: EventOf<"approval.requested">, at: number): void {
  const record = recordOf(state, event, event.stage);
  lastTurn(record, event);
  record.awaitingApproval = event.turn;
  record.endedAt = at;
  toStatus(state, record, "waiting", event);
}

export function grantApproval(state: RunState, event: EventOf<"approval.granted">): void {
  const record = waiting(state, event);
  record.approved = event.turn;
  requeue(state, record);
}

export function denyApproval(state: RunState, event: EventOf<"approval.denied">): void {
  const record = waiting(state, event);
  const last = lastTurn(record, event);
  record.awaitingApproval = null;
  record.endedAt = null;
  record.feedback = [...record.feedback, { source: "person", round: last.turn.round, text: event.message }];
  judge(record, last, { decision: "rejected", reasons: [], source: "person" });
  toStatus(state, record, "running", event);
}

export function deferApproval(state: RunState, event: EventOf<"approval.deferred">): void {
  waiting(state, event).deferred = event.turn;
}

function judge(record: StageRecord, last: SettledTurn, verdict: Verdict): void {
  record.last = { ...last, verdict };
  record.lastVerdict = verdict;
}

function waiting(
  state: RunState,
  event: EventOf<"approval.granted" | "approval.denied" | "approval.deferred">,
): StageRecord {
  const record = recordOf(state, event, event.stage);
  if (record.awaitingApproval !== event.turn || record.approved !== null) {
    throw misfit(event, `stage ${event.stage} does not wait for a judgement of ${event.turn}`);
  }
  return record;
}

function lastTurn(
  record: StageRecord,
  event: EventOf<"review.concluded" | "approval.requested" | "approval.denied">,
): SettledTurn {
  if (record.last === null || record.last.turn.turn !== event.turn)
    throw misfit(event, `${event.turn} is not the newest turn`);
  return record.last;
}
