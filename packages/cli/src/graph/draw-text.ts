import { type ShownStageStatus, sanitizeLine } from "@troupe/core";
import { ASCII_STROKES, drawLanes, LINE_STROKES } from "./draw-lanes.js";
import { directNeeds, type GraphStage, type WorkflowGraphReport } from "./graph-model.js";

export interface TextDrawing {
  /** Nothing but ASCII: for terminals and readers that have no lines. */
  readonly isAscii: boolean;
  readonly isColoured: boolean;
}

const MARKERS: Readonly<Record<ShownStageStatus, string>> = {
  pending: "○",
  running: "◐",
  waiting: "◐",
  interrupted: "◌",
  failed: "✗",
  cancelled: "✗",
  completed: "●",
  skipped: "·",
};

const COLOURS: Readonly<Record<ShownStageStatus, number>> = {
  pending: 2,
  running: 36,
  waiting: 33,
  interrupted: 33,
  failed: 31,
  cancelled: 31,
  completed: 32,
  skipped: 2,
};

/** The graph as lines of text: a lane for each path, one row a stage. Its states are words, not colours alone. */
export function drawText(graph: WorkflowGraphReport, { isAscii, isColoured }: TextDrawing): string {
  const needs = directNeeds(graph.stages);
  const successors = new Map<string, string[]>(graph.stages.map(({ id }) => [id, []]));
  for (const { id } of graph.stages) for (const need of needs.get(id) ?? []) successors.get(need)?.push(id);
  const nodes = graph.stages.map(({ id, status }) => ({
    id,
    successors: successors.get(id) ?? [],
    marker: isAscii ? "*" : status === null ? "●" : MARKERS[status],
  }));
  const rows = drawLanes(nodes, isAscii ? ASCII_STROKES : LINE_STROKES);
  const width = Math.max(0, ...rows.map(({ lanes }) => lanes.length)) + 2;
  const texts = columnsOf(graph.stages);
  const lines = rows.map(({ lanes, node }) => {
    if (node === null) return lanes;
    const status = graph.stages.find(({ id }) => id === node)?.status ?? null;
    const text = texts.get(node) ?? "";
    return `${lanes.padEnd(width)}${isColoured && status !== null ? `\u001b[${COLOURS[status]}m${text}\u001b[0m` : text}`;
  });
  return `${[titleOf(graph), "", ...lines].join("\n")}\n`;
}

function titleOf({ workflow, source, run }: WorkflowGraphReport): string {
  const from = `workflow ${sanitizeLine(workflow)} (${source === "built-in" ? "built-in" : sanitizeLine(source)})`;
  return run === null ? `${from[0]?.toUpperCase()}${from.slice(1)}` : `Run ${run.runId}: ${run.status}, ${from}`;
}

/** `RESEARCH  work  builder-1  [preparation]  completed`, each part in its column. */
function columnsOf(stages: readonly GraphStage[]): ReadonlyMap<string, string> {
  const cells = stages.map(({ id, kind, agents, group, status, optional }) => [
    id,
    `${kind}${optional ? ", optional" : ""}`,
    agents.join(", "),
    group === null ? "" : `[${group}]`,
    status ?? "",
  ]);
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(0, ...cells.map((row) => row[column]?.length ?? 0)));
  return new Map(
    cells.map((row) => {
      const shown = row.flatMap((cell, column) => (widths[column] === 0 ? [] : [cell.padEnd(widths[column] ?? 0)]));
      return [row[0] ?? "", shown.join("  ").trimEnd()];
    }),
  );
}
