import type { StageId } from "@troupe/core";
import { inDependencyOrder, type Needs } from "./dependency-order.js";

export interface Circles {
  /** One circle for each knot of stages that wait for each other, each stage followed by one that it needs. */
  readonly circles: readonly (readonly StageId[])[];
  /** Stages that are in no circle and wait for one. */
  readonly behind: readonly StageId[];
}

/** The circles in a graph of needs. Each begins at a stage that `isFirst` prefers, the earliest in the order. */
export function circlesIn(order: readonly StageId[], needs: Needs, isFirst: (id: StageId) => boolean): Circles {
  const startable = new Set(inDependencyOrder(order, needs));
  const stuck = new Set(order.filter((id) => !startable.has(id)));
  if (stuck.size === 0) return { circles: [], behind: [] };
  const knots = knotsIn(
    order.filter((id) => stuck.has(id)),
    needs,
  );
  const circles = knots.map((knot) => shortestCircle(order.filter((id) => knot.has(id)).find(isFirst), knot, needs));
  return { circles, behind: order.filter((id) => stuck.has(id) && !knots.some((knot) => knot.has(id))) };
}

/** Strongly connected components of two stages or more (Tarjan, https://doi.org/10.1137/0201010). */
function knotsIn(stages: readonly StageId[], needs: Needs): readonly ReadonlySet<StageId>[] {
  const found = new Map<StageId, { readonly index: number; low: number; isOpen: boolean }>();
  const open: StageId[] = [];
  const knots: ReadonlySet<StageId>[] = [];
  const visit = (id: StageId): number => {
    const own = { index: found.size, low: found.size, isOpen: true };
    found.set(id, own);
    open.push(id);
    for (const need of needs.get(id) ?? []) {
      const other = found.get(need);
      if (other === undefined) own.low = Math.min(own.low, visit(need));
      else if (other.isOpen) own.low = Math.min(own.low, other.index);
    }
    if (own.low === own.index) {
      const knot = new Set(open.splice(open.indexOf(id)));
      for (const member of knot) {
        const record = found.get(member);
        if (record !== undefined) record.isOpen = false;
      }
      if (knot.size > 1) knots.push(knot);
    }
    return own.low;
  };
  for (const id of stages) if (!found.has(id)) visit(id);
  return knots;
}

/** From `start` along its needs back to it, over as few stages as can be. */
function shortestCircle(start: StageId | undefined, knot: ReadonlySet<StageId>, needs: Needs): readonly StageId[] {
  const from = start ?? [...knot][0] ?? "";
  const cameFrom = new Map<StageId, StageId>();
  const queue = [from];
  for (const id of queue) {
    for (const need of needs.get(id) ?? []) {
      if (need === from) return pathTo(id, from, cameFrom);
      if (!knot.has(need) || cameFrom.has(need)) continue;
      cameFrom.set(need, id);
      queue.push(need);
    }
  }
  return [...knot];
}

function pathTo(end: StageId, from: StageId, cameFrom: ReadonlyMap<StageId, StageId>): readonly StageId[] {
  const path = [end];
  for (let id = end; id !== from; ) {
    id = cameFrom.get(id) ?? from;
    path.unshift(id);
  }
  return path;
}
