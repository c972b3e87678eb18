import { unreachable } from "../errors/troupe-error.js";
import type { RunEvent } from "../model/events.js";
import type { StageId } from "../model/ids.js";
import { lookUp } from "../model/look-up.js";
import { endOfRun } from "./end-of-run.js";
import { failedFast, haltAt, warningsAt } from "./halt.js";
import { nextOutcome } from "./next-step.js";
import type { RunState, StageRecord } from "./run-state.js";
import { effortlessOutcomes, turnStarts } from "./starts.js";
import type { OutcomeStep } from "./step.js";

/**
 * The events that follow from the state at `now` (ms since the epoch), in one batch: apply them and ask again until
 * none follows. Reads the state only. Nothing follows before every turn of an earlier claim has settled.
 */
export function decide(state: RunState, now: number): readonly RunEvent[] {
  if (state.status !== "running" || state.epoch === 0 || state.inherited.size > 0) return [];
  const outcomes = outcomesOf(state, state.outcomes);
  if (outcomes.length > 0) return outcomes;
  const halt = haltAt(state, now);
  const cancelled = halt?.by === "cancel" ? cancelActive(state) : cancelSiblings(state);
  if (cancelled.length > 0) return cancelled;
  if (halt === null || halt.by === "limit") {
    const effortless = outcomesOf(state, effortlessOutcomes(state)); // costs nothing, so no limit bars it
    if (effortless.length > 0) return effortless;
  }
  if (halt === null) {
    const starts = turnStarts(state, now);
    if (starts.length > 0) return starts;
  }
  const end = endOfRun(state, halt, now);
  if (end.length > 0) return end;
  return halt === null || halt.by === "limit" ? warningsAt(state, now) : []; // the end speaks for itself
}

function outcomesOf(state: RunState, stages: Iterable<StageId>): readonly RunEvent[] {
  const events: RunEvent[] = [];
  for (const id of stages) events.push(eventOf(id, nextOutcome(state, lookUp(state.stages, id))));
  return events;
}

function eventOf(stage: StageId, step: OutcomeStep): RunEvent {
  switch (step.do) {
    case "conclude":
      return { type: "review.concluded", stage, round: step.round, turn: step.turn, verdict: step.verdict };
    case "ask":
      return { type: "approval.requested", stage, turn: step.turn };
    case "complete":
      return { type: "stage.completed", stage, turn: step.turn };
    case "fail":
      return { type: "stage.failed", stage, turn: step.turn, error: step.error };
    case "skip":
      return { type: "stage.skipped", stage, by: step.by };
    default:
      return unreachable(step);
  }
}

/** Started stages of which nothing is in flight; those in flight follow when they have settled. */
function cancelActive(state: RunState): readonly RunEvent[] {
  const idle = [...state.active].filter((id) => lookUp(state.stages, id).inFlight.length === 0);
  return idle.map((stage) => ({ type: "stage.cancelled", stage, cause: { by: "request" } }));
}

/** Members of a `fail_fast` group with a failure: not started, between turns, in retry delay or waiting for a person. */
function cancelSiblings(state: RunState): readonly RunEvent[] {
  const events: RunEvent[] = [];
  for (const [name, count] of state.failedByGroup) {
    if (count === 0 || name === null || !failedFast(state, name)) continue;
    const members = lookUp(state.graph.groups, name).stages.map((id) => lookUp(state.stages, id));
    const causes = members.filter(({ status }) => status === "failed").slice(0, 1); // one is named for all
    for (const { definition } of causes) {
      const cause = { by: "stage", stage: definition.id } as const;
      const others = members.filter(isCancellable).map((record) => record.definition.id);
      events.push(...others.map((stage) => ({ type: "stage.cancelled", stage, cause }) as const));
    }
  }
  return events;
}

function isCancellable({ status, inFlight }: StageRecord): boolean {
  return inFlight.length === 0 && (status === "pending" || status === "running" || status === "waiting");
}
