import { itemAt } from "./look-up.js";

/** Edges between nodes that are numbered from 0, in four bytes each: one list of all, cut where the next node begins. */
export interface Edges {
  readonly starts: Uint32Array;
  readonly targets: Uint32Array;
}

/** What comes behind each of `count` nodes: of each edge its two ends, `from` before `to`; those of a node keep their order. */
export function edgesOf(count: number, ends: readonly number[]): Edges {
  const starts = new Uint32Array(count + 1);
  for (let end = 0; end < ends.length; end += 2) {
    const next = itemAt(ends, end) + 1;
    starts[next] = itemAt(starts, next) + 1;
  }
  for (let node = 1; node <= count; node += 1) starts[node] = itemAt(starts, node) + itemAt(starts, node - 1);
  const targets = new Uint32Array(ends.length / 2);
  const free = starts.slice();
  for (let end = 0; end < ends.length; end += 2) {
    const from = itemAt(ends, end);
    const place = itemAt(free, from);
    free[from] = place + 1;
    targets[place] = itemAt(ends, end + 1);
  }
  return { starts, targets };
}

/** Calls `visit` with each node behind one. */
export function eachBehind({ starts, targets }: Edges, node: number, visit: (target: number) => void): void {
  const end = itemAt(starts, node + 1);
  for (let place = itemAt(starts, node); place < end; place += 1) visit(itemAt(targets, place));
}
