import { TroupeError } from "../errors/troupe-error.js";
import type { RunEvent } from "../model/events.js";
import type { StageId } from "../model/ids.js";
import type { RunState, StageRecord } from "./run-state.js";

/** The error for an event that does not fit the state: the journal was written by something else, or by hand. */
export function misfit(event: RunEvent, problem: string): TroupeError {
  return new TroupeError("EVENT_INVALID", `event ${event.type} does not fit the run: ${problem}`, {
    hint: "The journal is damaged or was changed by hand.",
  });
}

/** The record of the stage that an event names. Throws `EVENT_INVALID`. */
export function recordOf(state: RunState, event: RunEvent, id: StageId): StageRecord {
  const record = state.stages.get(id);
  if (record === undefined) throw misfit(event, `there is no stage ${id}`);
  return record;
}
