import type { GroupName } from "../model/ids.js";
import { nextStep } from "./next-step.js";
import { isShared, partStep } from "./parts.js";
import type { ReadyStages, RunState, StageRecord } from "./run-state.js";
import type { Step } from "./step.js";

/** Puts a stage where `decide` will find it. Called for whatever an event has touched; the queues are an index only. */
export function requeue(state: RunState, record: StageRecord): void {
  leave(state, record);
  const step = nextStep(state, record);
  record.retryAt = step?.do === "delay" ? step.at : null;
  for (const part of record.parts.values()) {
    const own = isShared(record) ? partStep(state, record, part) : null;
    part.retryAt = own?.do === "delay" ? own.at : null;
  }
  enter(state, record, step);
}

function leave(state: RunState, record: StageRecord): void {
  const { id, group } = record.definition;
  switch (record.queue) {
    case "none":
      return;
    case "outcome":
      state.outcomes.delete(id);
      break;
    case "delayed":
      state.delayed.delete(id);
      break;
    default:
      removeReady(state, group, id);
  }
  record.queue = "none";
}

function enter(state: RunState, record: StageRecord, step: Step | null): void {
  if (step === null) return;
  const { id, group } = record.definition;
  if (step.do === "delay") {
    state.delayed.add(id);
    record.queue = "delayed";
  } else if (record.status === "pending") {
    const ready = readyOf(state, group);
    (step.do === "turn" ? ready.fresh : ready.effortless).add(id);
    record.queue = "turn";
  } else if (step.do === "turn") {
    readyOf(state, group).resuming.add(id);
    record.queue = "turn";
  } else {
    state.outcomes.add(id);
    record.queue = "outcome";
  }
}

function readyOf(state: RunState, group: GroupName | null): ReadyStages {
  const there = state.ready.get(group);
  if (there !== undefined) return there;
  const made: ReadyStages = { resuming: new Set(), fresh: new Set(), effortless: new Set() };
  state.ready.set(group, made);
  return made;
}

function removeReady(state: RunState, group: GroupName | null, id: string): void {
  const ready = readyOf(state, group);
  ready.fresh.delete(id);
  ready.resuming.delete(id);
  ready.effortless.delete(id);
  if (ready.fresh.size + ready.resuming.size + ready.effortless.size === 0) state.ready.delete(group);
}
