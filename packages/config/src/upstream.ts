import type { StageId } from "@troupe/core";
import { inDependencyOrder, type Needs } from "./dependency-order.js";

/** Who waits for whom, over any number of stages between. */
export interface Upstream {
  /** True when `id` starts only after `other` is done, and when that cannot be told: it was reported already. */
  waitsFor(id: StageId, other: StageId): boolean;
  /** For each of these stages the first one before it that may run at the same time; of pairs that `counts` only. */
  firstOverlaps(
    ids: readonly StageId[],
    counts: (earlier: StageId, later: StageId) => boolean,
  ): ReadonlyMap<StageId, StageId>;
}

/** `uncertain` stages, what waits for them, and what waits for itself, are taken to wait for everything. */
export function createUpstream(order: readonly StageId[], needs: Needs, uncertain: ReadonlySet<StageId>): Upstream {
  const indexes = new Map(order.map((id, index) => [id, index]));
  const sets = ancestorSets(order, needs, uncertain, indexes);
  const waits = (own: Uint32Array | null | undefined, index: number | undefined): boolean => {
    if (own === null || own === undefined || index === undefined) return true;
    return ((own[index >>> 5] ?? 0) & (1 << (index & 31))) !== 0;
  };
  return {
    waitsFor: (id, other) => waits(sets.get(id), indexes.get(other)),
    firstOverlaps(ids, counts) {
      const overlaps = new Map<StageId, StageId>();
      const places = ids.map((id) => ({ id, index: indexes.get(id), set: sets.get(id) }));
      for (const [position, later] of places.entries()) {
        for (let before = 0; before < position; before++) {
          const earlier = places[before];
          if (earlier === undefined || waits(later.set, earlier.index) || waits(earlier.set, later.index)) continue;
          if (!counts(earlier.id, later.id)) continue;
          overlaps.set(later.id, earlier.id);
          break;
        }
      }
      return overlaps;
    },
  };
}

/** One bit for each stage that a stage waits for; null = cannot be told. */
function ancestorSets(
  order: readonly StageId[],
  needs: Needs,
  uncertain: ReadonlySet<StageId>,
  indexes: ReadonlyMap<StageId, number>,
): ReadonlyMap<StageId, Uint32Array | null> {
  const sets = new Map<StageId, Uint32Array | null>();
  for (const id of inDependencyOrder(order, needs)) {
    const above = (needs.get(id) ?? []).map((need) => ({ index: indexes.get(need) ?? 0, set: sets.get(need) }));
    const isKnown = !uncertain.has(id) && above.every(({ set }) => set !== null);
    sets.set(id, isKnown ? union(order.length, above) : null);
  }
  return sets;
}

function union(
  size: number,
  above: readonly { readonly index: number; readonly set: Uint32Array | null | undefined }[],
): Uint32Array {
  const bits = new Uint32Array((size >>> 5) + 1);
  for (const { index, set } of above) {
    for (const [word, value] of (set ?? []).entries()) bits[word] = (bits[word] ?? 0) | value;
    bits[index >>> 5] = (bits[index >>> 5] ?? 0) | (1 << (index & 31));
  }
  return bits;
}
