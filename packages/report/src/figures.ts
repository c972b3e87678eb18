import type { StageId } from "@troupe/core";

/** A stage as far as the critical path goes. */
interface Weighed {
  readonly id: StageId;
  readonly needs: readonly StageId[];
  readonly activeMs: number;
}

/**
 * The chain of stages, each needing the one before, whose active times add up to the most; the first in declared order
 * among equals. Stages without active time are left out of the ends of the chain, so a run without turns has none.
 */
export function criticalPathOf(stages: readonly Weighed[]): {
  readonly activeMs: number;
  readonly stages: readonly StageId[];
} {
  const reach = new Map<StageId, { readonly total: number; readonly before: StageId | null }>();
  let last: { readonly id: StageId; readonly total: number } | null = null;
  for (const { id, needs, activeMs } of inOrder(stages)) {
    let before: StageId | null = null;
    let most = 0;
    for (const need of needs) {
      const total = reach.get(need)?.total ?? 0;
      if (total > most) [before, most] = [need, total];
    }
    const total = most + activeMs;
    reach.set(id, { total, before });
    if (total > (last?.total ?? 0)) last = { id, total };
  }
  const path: StageId[] = [];
  for (let id = last?.id ?? null; id !== null; id = reach.get(id)?.before ?? null) path.unshift(id);
  return { activeMs: last?.total ?? 0, stages: path };
}

/** Every stage after those it needs; without recursion, for workflows of any length. */
function inOrder(stages: readonly Weighed[]): readonly Weighed[] {
  const left = new Map(stages.map(({ id, needs }) => [id, needs.length]));
  const dependents = new Map<StageId, Weighed[]>(stages.map(({ id }) => [id, []]));
  for (const stage of stages) for (const need of stage.needs) dependents.get(need)?.push(stage);
  const ready = stages.filter(({ needs }) => needs.length === 0);
  for (const { id } of ready) {
    for (const dependent of dependents.get(id) ?? []) {
      const open = (left.get(dependent.id) ?? 0) - 1;
      left.set(dependent.id, open);
      if (open === 0) ready.push(dependent);
    }
  }
  return ready;
}
