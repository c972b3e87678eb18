import type { GroupDefinition, GroupName, RunStateView, StageId, StageStatus } from "@troupe/core";

type StatusCounts = Record<StageStatus, number>;

interface Tally {
  readonly definition: GroupDefinition;
  readonly counts: StatusCounts;
}

/** `begun` and `over` are said once, when it becomes so. */
type GroupPhase = "none" | "idle" | "begun" | "live" | "over";

/** How many members of each parallel group are in which state; an event costs the same in a group of any size. */
export interface GroupTally {
  /** Counts all members anew. */
  recount(state: RunStateView): void;
  /** Takes the state of one stage over and tells what it makes of its group. */
  move(stage: StageId, group: GroupName | null, status: StageStatus): GroupPhase;
  /** Groups of which a member has started and not all have ended. */
  live(): readonly Tally[];
  membersOf(group: GroupName): readonly StageId[];
}

export function createGroupTally(): GroupTally {
  const tallies = new Map<GroupName, Tally>();
  const statuses = new Map<StageId, StageStatus>();
  const live = new Set<GroupName>();
  const judge = (name: GroupName, { counts, definition }: Tally): GroupPhase => {
    const active = counts.running + counts.waiting;
    const isLive = active > 0 || (counts.pending > 0 && counts.pending < definition.stages.length);
    const wasLive = live.has(name);
    if (isLive) live.add(name);
    else live.delete(name);
    if (isLive) return wasLive ? "live" : "begun";
    return wasLive ? "over" : "idle";
  };
  return {
    recount({ definition, stages }) {
      tallies.clear();
      statuses.clear();
      live.clear();
      for (const group of definition.workflow.groups) {
        const tally = { definition: group, counts: noCounts() };
        for (const member of group.stages) {
          const status = stages.get(member)?.status ?? "pending";
          tally.counts[status] += 1;
          statuses.set(member, status);
        }
        tallies.set(group.name, tally);
        judge(group.name, tally);
      }
    },
    move(stage, group, status) {
      const tally = group === null ? undefined : tallies.get(group);
      if (group === null || tally === undefined) return "none";
      tally.counts[statuses.get(stage) ?? "pending"] -= 1;
      tally.counts[status] += 1;
      statuses.set(stage, status);
      return judge(group, tally);
    },
    live: () => [...live].flatMap((name) => tallies.get(name) ?? []),
    membersOf: (group) => tallies.get(group)?.definition.stages ?? [],
  };
}

function noCounts(): StatusCounts {
  return { pending: 0, running: 0, waiting: 0, failed: 0, cancelled: 0, completed: 0, skipped: 0 };
}
