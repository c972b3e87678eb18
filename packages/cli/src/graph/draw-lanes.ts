/** A node and what comes after it. */
export interface LaneNode {
  readonly id: string;
  readonly successors: readonly string[];
  readonly marker: string;
}

/** What lines are drawn with. */
export interface LaneStrokes {
  readonly down: string;
  readonly across: string;
  readonly crossing: string;
  /** Where an edge leaves its lane to the right, or comes back. */
  readonly branch: string;
  readonly fork: string;
  readonly lastFork: string;
  readonly join: string;
  readonly lastJoin: string;
}

export const LINE_STROKES: LaneStrokes = {
  down: "│",
  across: "─",
  crossing: "┼",
  branch: "├",
  fork: "┬",
  lastFork: "┐",
  join: "┴",
  lastJoin: "┘",
};

export const ASCII_STROKES: LaneStrokes = {
  down: "|",
  across: "-",
  crossing: "|",
  branch: "|",
  fork: ".",
  lastFork: ".",
  join: "'",
  lastJoin: "'",
};

/** One row of the drawing; `node` is the one that it shows, null = only lines. */
export interface LaneRow {
  readonly lanes: string;
  readonly node: string | null;
}

/**
 * Draws a graph as lanes from top to bottom, one row a node, as `git log --graph` does it the other way round. `nodes`
 * come in an order in which every successor is after its predecessors.
 */
export function drawLanes(nodes: readonly LaneNode[], strokes: LaneStrokes): readonly LaneRow[] {
  /** What each lane leads to; null = it is free. */
  const lanes: (string | null)[] = [];
  const rows: LaneRow[] = [];
  let endedAt: number | null = null;
  for (const { id, successors, marker } of nodes) {
    const arriving = lanes.flatMap((target, index) => (target === id ? [index] : []));
    const [column = freeLane(lanes, 0, endedAt), ...others] = arriving;
    if (others.length > 0) rows.push({ node: null, lanes: across(lanes, column, others, strokes, "join") });
    for (const other of others) lanes[other] = null;
    lanes[column] = id;
    const row = lanes.map((target, index) => (index === column ? marker : target === null ? " " : strokes.down));
    rows.push({ node: id, lanes: row.join(" ").trimEnd() });
    const [first = null, ...more] = successors;
    lanes[column] = first;
    endedAt = first === null ? column : null;
    const opened: number[] = [];
    for (const successor of more) {
      const lane = freeLane(lanes, column + 1, null);
      lanes[lane] = successor;
      opened.push(lane);
    }
    if (opened.length > 0) rows.push({ node: null, lanes: across(lanes, column, opened, strokes, "fork") });
  }
  return rows;
}

/** The first free lane; not the one whose node has just ended, which a new node below it would seem to go on with. */
function freeLane(lanes: readonly (string | null)[], from: number, notAt: number | null): number {
  const found = lanes.findIndex((target, index) => index >= from && target === null && index !== notAt);
  return found === -1 ? Math.max(lanes.length, from) : found;
}

/** The row between two nodes in which lanes leave `column` or come back to it; all of them are right of it. */
function across(
  lanes: readonly (string | null)[],
  column: number,
  ends: readonly number[],
  strokes: LaneStrokes,
  how: "fork" | "join",
): string {
  const last = Math.max(...ends);
  let text = "";
  for (const [index, target] of lanes.entries()) {
    const isBetween = index > column && index < last;
    const isEnd = ends.includes(index);
    if (index === column) text += strokes.branch;
    else if (isEnd && index === last) text += how === "fork" ? strokes.lastFork : strokes.lastJoin;
    else if (isEnd) text += how === "fork" ? strokes.fork : strokes.join;
    else if (isBetween) text += target === null ? strokes.across : strokes.crossing;
    else text += target === null ? " " : strokes.down;
    text += index >= column && index < last ? strokes.across : " ";
  }
  return text.trimEnd();
}
