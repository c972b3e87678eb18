import type { StageId } from "@troupe/core";

export type Needs = ReadonlyMap<StageId, readonly StageId[]>;

/**
 * Stages so that each comes after what it needs: Kahn's algorithm (https://doi.org/10.1145/368996.369025). What is in a
 * circle of needs, or waits for one, is left out.
 */
export function inDependencyOrder(order: readonly StageId[], needs: Needs): readonly StageId[] {
  const left = new Map(order.map((id) => [id, needs.get(id)?.length ?? 0]));
  const dependents = new Map<StageId, StageId[]>(order.map((id) => [id, []]));
  for (const id of order) for (const need of needs.get(id) ?? []) dependents.get(need)?.push(id);
  const free = order.filter((id) => left.get(id) === 0);
  for (const id of free) {
    for (const next of dependents.get(id) ?? []) {
      const count = (left.get(next) ?? 0) - 1;
      left.set(next, count);
      if (count === 0) free.push(next);
    }
  }
  return free;
}
