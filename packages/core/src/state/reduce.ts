import { TroupeError } from "../errors/troupe-error.js";
import type { EventOf, RunEvent } from "../model/events.js";
import { neededFor } from "../model/graph.js";
import { lookUp } from "../model/look-up.js";
import { RUN_FORMAT, type RunDefinition } from "../model/run.js";
import { RUN_TRANSITIONS, type RunStatus } from "../model/status.js";
import { isTimeActive } from "./halt.js";
import { indexStages } from "./index-stages.js";
import { misfit } from "./misfit.js";
import { reconfigure } from "./reconfigure.js";
import { concludeReview, deferApproval, denyApproval, grantApproval, requestApproval } from "./reduce-judgement.js";
import { cancelStage, completeStage, failStage, resetStage, skipStage } from "./reduce-stage.js";
import { settleTurn, startTurn } from "./reduce-turn.js";
import { initialState, type RunState } from "./run-state.js";

/**
 * The state after `event`, which happened at `at` (ms since the epoch). With `state` null the event must be
 * `run.created`. The given state is moved on in place and returned: keep no copy of it.
 * Throws `EVENT_INVALID` for an event that does not fit, `JOURNAL_NEWER` for a type that this version does not know.
 */
export function reduce(state: RunState | null, event: RunEvent, at: number): RunState {
  if (state === null) {
    if (event.type !== "run.created") throw misfit(event, "a journal begins with run.created");
    refuseNewerFormat(event.definition);
    const created = initialState(event, at);
    indexStages(created);
    return created;
  }
  passTime(state, event, at);
  apply(state, event, at);
  return state;
}

/** Facts that are appended past the holder. */
const OUTSIDE: ReadonlySet<RunEvent["type"]> = new Set([
  "run.cancel-requested",
  "approval.granted",
  "approval.denied",
  "approval.deferred",
]);

/**
 * Active time passes while turns are in flight under a living holder: what others append (a cancellation, an approval)
 * says nothing of it, and a dead holder was at work until it was last seen.
 */
function passTime(state: RunState, event: RunEvent, at: number): void {
  state.updatedAt = Math.max(state.updatedAt, at);
  if (OUTSIDE.has(event.type)) return;
  const until = event.type === "run.claimed" ? Math.min(at, event.previousSeenAt ?? state.activeSince) : at;
  if (isTimeActive(state)) state.activeMs += Math.max(0, until - state.activeSince);
  state.activeSince = Math.max(state.activeSince, at);
}

function apply(state: RunState, event: RunEvent, at: number): void {
  switch (event.type) {
    case "run.created":
      throw misfit(event, "the run exists already");
    case "run.reconfigured":
      refuseNewerFormat(event.definition);
      reconfigure(state, event);
      break;
    case "run.claimed":
      claim(state, event, at);
      break;
    case "run.stop-requested":
      state.stopRequested = true;
      break;
    case "run.cancel-requested":
      state.cancelRequested = true;
      break;
    case "turn.started":
      startTurn(state, event, at);
      break;
    case "turn.settled":
      settleTurn(state, event, at);
      break;
    case "review.concluded":
      concludeReview(state, event);
      break;
    case "approval.requested":
      requestApproval(state, event, at);
      break;
    case "approval.granted":
      grantApproval(state, event);
      break;
    case "approval.denied":
      denyApproval(state, event);
      break;
    case "approval.deferred":
      deferApproval(state, event);
      break;
    case "stage.completed":
      completeStage(state, event, at);
      break;
    case "stage.failed":
      failStage(state, event, at);
      break;
    case "stage.cancelled":
      cancelStage(state, event, at);
      break;
    case "stage.skipped":
      skipStage(state, event, at);
      break;
    case "stage.reset":
      resetStage(state, event);
      break;
    case "limit.neared":
      state.nearedLimits.set(event.limit, event.of);
      break;
    case "run.finished":
      finish(state, event);
      break;
    default:
      throw unknownType(event);
  }
}

function claim(state: RunState, event: EventOf<"run.claimed">, at: number): void {
  if (event.epoch !== state.epoch + 1) throw misfit(event, `epoch ${event.epoch} does not follow ${state.epoch}`);
  toRunStatus(state, "running", event);
  state.epoch = event.epoch;
  state.owner = event.owner;
  state.capacity = event.capacity;
  state.workspace = event.workspace;
  state.attended = event.attended === true;
  state.limit = null;
  state.stopRequested = false;
  state.until = event.until ?? null;
  state.within = event.until === undefined ? null : neededFor(state.definition.workflow, event.until);
  for (const id of state.active) {
    const record = lookUp(state.stages, id);
    record.deferred = null; // whoever is there now has not been asked
    for (const { turn } of record.inFlight) state.inherited.add(turn);
    for (const attempts of [record, ...record.parts.values()]) {
      if (attempts.waitingSince !== null) attempts.waitingSince = at; // nobody waited while nobody held the run
    }
  }
}

function finish(state: RunState, event: EventOf<"run.finished">): void {
  if (state.turnsInFlight > 0) throw misfit(event, "turns are still in flight");
  toRunStatus(state, event.outcome, event);
  state.limit = event.limit;
  state.cancelRequested = false;
  state.stopRequested = false;
}

function toRunStatus(state: RunState, to: RunStatus, event: RunEvent): void {
  if (!RUN_TRANSITIONS[state.status].includes(to)) throw misfit(event, `the run is ${state.status}`);
  state.status = to;
}

function refuseNewerFormat({ format }: RunDefinition): void {
  if (format <= RUN_FORMAT) return;
  throw new TroupeError("JOURNAL_NEWER", `the run has format ${format}, this version knows ${RUN_FORMAT}`, {
    hint: "Update troupe: the run was written by a newer version.",
  });
}

function unknownType(event: never): TroupeError {
  const { type }: { readonly type: unknown } = event;
  return new TroupeError("JOURNAL_NEWER", `this version does not know events of type ${JSON.stringify(type)}`, {
    hint: "Update troupe: the run was written by a newer version.",
  });
}
