import type { EventOf, LimitName } from "../model/events.js";
import type { StageId, TurnId } from "../model/ids.js";
import { lookUp } from "../model/look-up.js";
import type { LimitUse } from "../model/run.js";
import { isNear, isReached, limitUses } from "../model/spending.js";
import type { InterruptReason } from "../model/turn.js";
import { delaysOf } from "./parts.js";
import type { RunState } from "./run-state.js";

/** Why nothing new starts in the whole run. */
export type Halt =
  | { readonly by: "cancel" }
  | { readonly by: "stop" }
  | { readonly by: "limit"; readonly limit: LimitName };

/** A turn in flight that has to end. */
export interface Abort {
  readonly turn: TurnId;
  readonly reason: InterruptReason;
}

/** Turns of the present claim are in flight; those of a dead holder do not count while they are being ended. */
export function isTimeActive(state: RunState): boolean {
  return state.turnsInFlight > 0 && state.inherited.size === 0;
}

/** Active time of all claims until `now`, in milliseconds. */
export function activeMsAt(state: RunState, now: number): number {
  return isTimeActive(state) ? state.activeMs + Math.max(0, now - state.activeSince) : state.activeMs;
}

/** What stops the run at `now`; the strongest wins. Null = nothing. */
export function haltAt(state: RunState, now: number): Halt | null {
  if (state.cancelRequested) return { by: "cancel" };
  if (state.stopRequested) return { by: "stop" };
  const reached = usesAt(state, now).find(isReached);
  return reached === undefined ? null : { by: "limit", limit: reached.limit };
}

/** The warnings that are due at `now`: one for each limit, and again only for another value of it. */
export function warningsAt(state: RunState, now: number): readonly EventOf<"limit.neared">[] {
  const due = usesAt(state, now).filter((use) => isNear(use) && state.nearedLimits.get(use.limit) !== use.of);
  return due.map((use) => ({ type: "limit.neared", ...use }));
}

function usesAt(state: RunState, now: number): readonly LimitUse[] {
  return limitUses(state.definition.limits, state.usage, activeMsAt(state, now));
}

/** A stage that would have to wait longer than the run may, for a time that its failure named and that is still to come. */
export function isOverdue(state: RunState, id: StageId, now: number): boolean {
  const { waitMs } = state.definition.limits;
  if (waitMs === null) return false;
  return delaysOf(lookUp(state.stages, id)).every(({ retryAt, waitingSince }) => {
    if (waitingSince === null || retryAt === null) return false;
    return retryAt > now && retryAt - waitingSince > waitMs;
  });
}

/** The turns in flight that have to end: for cost and tokens they may finish. */
export function abortsAt(state: RunState, now: number): readonly Abort[] {
  if (state.turnsInFlight === 0) return [];
  const halt = haltAt(state, now);
  const reason = halt === null ? null : reasonOf(halt);
  const aborts: Abort[] = [];
  for (const { inFlight } of state.leaving.values()) {
    aborts.push(...inFlight.map(({ turn }) => ({ turn, reason: reason ?? "cancelled" }))); // nobody wants its result
  }
  if (reason === null && state.failed.size === 0) return aborts;
  for (const id of state.active) {
    const record = lookUp(state.stages, id);
    const why = reason ?? (failedFast(state, record.definition.group) ? "fail-fast" : null);
    if (why !== null) aborts.push(...record.inFlight.map(({ turn }) => ({ turn, reason: why })));
  }
  return aborts;
}

function reasonOf(halt: Halt): InterruptReason | null {
  if (halt.by === "cancel") return "cancelled";
  if (halt.by === "stop") return "stopped";
  return halt.limit === "duration" ? "limit" : null;
}

/** Whether the newest claim performs the stage. */
export function isWithin({ within }: RunState, id: StageId): boolean {
  return within === null || within.has(id);
}

/** A member of the group has failed and the group's policy is to end the others. */
export function failedFast(state: RunState, group: string | null): boolean {
  if (group === null || !state.failedByGroup.get(group)) return false;
  return lookUp(state.graph.groups, group).onFailure === "fail_fast";
}
