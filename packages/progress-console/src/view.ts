import type { ConsoleModel, GroupBlock, RowStatus, StageRow } from "./console-model.js";
import { footerLine } from "./footer-line.js";
import { type Glyphs, UNICODE_GLYPHS } from "./glyphs.js";
import { fitSegments, paint, segment } from "./segment.js";
import { layOut, rowLine, type ViewRow } from "./view-lines.js";

/** The room that there is, and how it is drawn. */
export interface ViewSize {
  readonly columns: number;
  readonly rows: number;
  /** Without it the lines are plain text. */
  readonly isColoured?: boolean;
  /** Default: Unicode. */
  readonly glyphs?: Glyphs;
}

/**
 * The live region as lines, at most `size.rows` of at most `size.columns`: a row per stage that is at work, groups in
 * brackets, a footer. What does not fit is counted (`+ n more`): members that have not started go first, then those
 * that are over.
 */
export function view(model: ConsoleModel, size: ViewSize): string[] {
  if (model.run === null || size.rows < 1 || size.columns < 1) return [];
  const glyphs = size.glyphs ?? UNICODE_GLYPHS;
  const { shown, hidden } = choose(rowsOf(model), size.rows - 1);
  const layout = layOut(shown, model.now, size.columns, glyphs);
  const lines = shown.map((row, index) => rowLine(row, shown[index + 1], layout));
  if (hidden > 0 && size.rows > 1) lines.push([segment(`  + ${hidden} more`, "dim")]);
  lines.push(footerLine(model.run, size.columns, glyphs));
  return lines.map((line) => paint(fitSegments(line, size.columns, glyphs.ellipsis), size.isColoured === true));
}

function rowsOf({ blocks }: ConsoleModel): readonly ViewRow[] {
  return blocks.flatMap((block): readonly ViewRow[] => {
    if (block.type === "stage") return stageRows(block.row, null);
    return [{ type: "group", group: block }, ...block.rows.flatMap((row) => stageRows(row, block))];
  });
}

/** A stage, and below it the agents that share its work. */
function stageRows(row: StageRow, group: GroupBlock | null): readonly ViewRow[] {
  return [
    { type: "stage", row, group },
    ...(row.parts ?? []).map((part) => ({ type: "part", row: part, group }) as const),
  ];
}

function choose(
  rows: readonly ViewRow[],
  space: number,
): { readonly shown: readonly ViewRow[]; readonly hidden: number } {
  if (rows.length <= space) return { shown: rows, hidden: 0 };
  const room = Math.max(0, space - 1); // the last line counts what is missing
  const dropped = new Set<ViewRow>();
  for (const rank of [0, 1, 2, 3]) {
    for (const row of rows.toReversed()) {
      if (rows.length - dropped.size <= room) break;
      const isDue =
        row.type === "group"
          ? rank === 3 && isEmptied(row.group, rows, dropped)
          : (row.type === "part" ? Math.min(2, rankOf(row.row.status)) : rankOf(row.row.status)) === rank;
      if (isDue) dropped.add(row);
    }
  }
  const shown = rows.filter((row) => !dropped.has(row)).slice(0, room);
  const stages = (among: readonly ViewRow[]): number => among.filter((row) => row.type === "stage").length;
  return { shown, hidden: stages(rows) - stages(shown) };
}

/** The lower, the sooner a row is left out. */
function rankOf(status: RowStatus): number {
  if (status === "pending") return 0;
  if (status === "completed" || status === "skipped" || status === "cancelled") return 1;
  return status === "failed" ? 2 : 3;
}

function isEmptied(group: GroupBlock, rows: readonly ViewRow[], dropped: ReadonlySet<ViewRow>): boolean {
  return rows.every((row) => row.type === "group" || row.group !== group || dropped.has(row));
}
