import { lookUp } from "../model/look-up.js";
import { addTotals, addTurnUsage, NO_USAGE } from "../model/spending.js";
import type { TurnUsage } from "../model/turn.js";
import type { TurnView } from "../model/view.js";
import { type GroupRecord, newGroup, type RunState, type SpendingRecord, type StageRecord } from "./run-state.js";

/** Called when a turn of the stage has got into flight. */
export function beginSpending(state: RunState, record: StageRecord): void {
  record.activeFrom ??= state.activeMs;
  const group = groupOf(state, record);
  if (group !== undefined) group.activeFrom ??= state.activeMs;
}

/** Called when a turn has settled and is not in flight any more. Each turn counts, whatever became of it. */
export function endSpending(state: RunState, record: StageRecord, turn: TurnView, usage: TurnUsage | null): void {
  const group = groupOf(state, record);
  if (record.inFlight.length === 0) pause(record, state.activeMs);
  if (group !== undefined && state.inFlightByGroup.get(group.name) === 0) pause(group, state.activeMs);
  if (turn.agent === null) return; // commands cost nothing
  state.usage = addTurnUsage(state.usage, usage);
  record.usage = addTurnUsage(record.usage, usage);
  if (group !== undefined) group.usage = addTurnUsage(group.usage, usage);
}

/**
 * The groups of another definition, with what their present members have used. A new group has been active as long as
 * its longest member at least: how far the others overlapped it is not known any more.
 */
export function regroup(state: RunState): void {
  const before = state.groups;
  state.groups = new Map();
  for (const { name, stages } of state.graph.groups.values()) {
    const members = stages.map((id) => lookUp(state.stages, id));
    const group = before.get(name) ?? {
      ...newGroup(name),
      activeMs: Math.max(0, ...members.map((member) => member.activeMs)),
    };
    pause(group, state.activeMs);
    group.usage = members.reduce((sum, { usage }) => addTotals(sum, usage), NO_USAGE);
    if (members.some(({ inFlight }) => inFlight.length > 0)) group.activeFrom = state.activeMs;
    state.groups.set(name, group);
  }
}

function pause(record: SpendingRecord, runActiveMs: number): void {
  if (record.activeFrom === null) return;
  record.activeMs += runActiveMs - record.activeFrom;
  record.activeFrom = null;
}

/** None for a stage that a new definition has left out, whose turn is still being ended. */
function groupOf(state: RunState, record: StageRecord): GroupRecord | undefined {
  const { group, id } = record.definition;
  return group === null || state.stages.get(id) !== record ? undefined : state.groups.get(group);
}
