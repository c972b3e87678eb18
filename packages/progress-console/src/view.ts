import stringWidth from "string-width";
import type { ConsoleModel, GroupBlock, PartRow, RowStatus, RunTotals, StageRow } from "./console-model.js";
import { describePart, describeRow, elapsedOf, markOf } from "./describe-row.js";
import { formatActive, formatTally, formatUsage } from "./format.js";
import { fitSegments, padText, paint, type Segment, segment } from "./segment.js";

export interface ViewSize {
  readonly columns: number;
  readonly rows: number;
  /** Without it the lines are plain text. */
  readonly isColoured?: boolean;
}

/** A row of the view before its columns are known. */
type Row =
  | { readonly type: "group"; readonly group: GroupBlock }
  | { readonly type: "stage"; readonly row: StageRow; readonly group: GroupBlock | null }
  | { readonly type: "part"; readonly row: PartRow; readonly group: GroupBlock | null };

/** Width of the longest elapsed time, `59m 59s`. */
const ELAPSED_COLUMNS = 7;
/** Before the agents below their stage. */
const PART_INDENT = "  ";
/** Share of the terminal that names may take. */
const NAME_SHARE = 0.35;

/**
 * The live region as lines, at most `size.rows` of at most `size.columns`: a row per stage that is at work, groups in
 * brackets, a footer. What does not fit is counted (`+ n more`): members that have not started go first, then those
 * that are over.
 */
export function view(model: ConsoleModel, size: ViewSize): string[] {
  if (model.run === null || size.rows < 1 || size.columns < 1) return [];
  const { shown, hidden } = choose(rowsOf(model), size.rows - 1);
  const nameColumns = Math.min(Math.max(0, ...shown.map(nameWidth)), Math.floor(size.columns * NAME_SHARE));
  const lines = shown.map((row, index) =>
    row.type === "group"
      ? groupLine(row.group, shown[index + 1])
      : [
          ...bracketOf(row, shown[index + 1]),
          ...(row.type === "part"
            ? partLine(row.row, model.now, nameColumns)
            : stageLine(row.row, model.now, nameColumns)),
        ],
  );
  if (hidden > 0 && size.rows > 1) lines.push([segment(`  + ${hidden} more`, "dim")]);
  lines.push(footerLine(model.run));
  return lines.map((line) => paint(fitSegments(line, size.columns), size.isColoured === true));
}

function rowsOf({ blocks }: ConsoleModel): readonly Row[] {
  return blocks.flatMap((block): readonly Row[] => {
    if (block.type === "stage") return stageRows(block.row, null);
    return [{ type: "group", group: block }, ...block.rows.flatMap((row) => stageRows(row, block))];
  });
}

/** A stage, and below it the agents that share its work. */
function stageRows(row: StageRow, group: GroupBlock | null): readonly Row[] {
  return [
    { type: "stage", row, group },
    ...(row.parts ?? []).map((part) => ({ type: "part", row: part, group }) as const),
  ];
}

function nameWidth(row: Row): number {
  if (row.type === "group") return 0;
  return row.type === "stage" ? stringWidth(row.row.name) : stringWidth(row.row.agent) + PART_INDENT.length;
}

function choose(rows: readonly Row[], space: number): { readonly shown: readonly Row[]; readonly hidden: number } {
  if (rows.length <= space) return { shown: rows, hidden: 0 };
  const room = Math.max(0, space - 1); // the last line counts what is missing
  const dropped = new Set<Row>();
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
  const stages = (among: readonly Row[]): number => among.filter((row) => row.type === "stage").length;
  return { shown, hidden: stages(rows) - stages(shown) };
}

/** The lower, the sooner a row is left out. */
function rankOf(status: RowStatus): number {
  if (status === "pending") return 0;
  if (status === "completed" || status === "skipped" || status === "cancelled") return 1;
  return status === "failed" ? 2 : 3;
}

function isEmptied(group: GroupBlock, rows: readonly Row[], dropped: ReadonlySet<Row>): boolean {
  return rows.every((row) => row.type === "group" || row.group !== group || dropped.has(row));
}

function groupLine(group: GroupBlock, next: Row | undefined): readonly Segment[] {
  const { counts, size, name } = group;
  const over = counts.completed + counts.skipped;
  const parts = [
    `${over} of ${size} done`,
    ...formatTally(counts.running, "running"),
    ...formatTally(counts.waiting, "waiting"),
    ...formatTally(counts.failed, "failed"),
    ...formatTally(counts.cancelled, "cancelled"),
  ];
  const corner = next?.type === "stage" && next.group === group ? "┌ " : "─ ";
  return [segment(corner, "dim"), segment(name, "name"), segment(`  ${parts.join(", ")}`, "dim")];
}

function bracketOf({ group }: Row, next: Row | undefined): readonly Segment[] {
  if (group === null) return [];
  return [segment(next !== undefined && next.type !== "group" && next.group === group ? "│ " : "└ ", "dim")];
}

function partLine(row: PartRow, now: number, nameColumns: number): readonly Segment[] {
  const [mark, tone] = markOf(row.status);
  return [
    segment(PART_INDENT),
    segment(`${mark} `, tone),
    segment(padText(row.agent, nameColumns - PART_INDENT.length), "plain"),
    segment(`  ${elapsedOf(row, now).padStart(ELAPSED_COLUMNS)}  `, "dim"),
    segment(describePart(row), row.status === "running" ? "plain" : tone),
    segment(row.lastLine === "" ? "" : `  ${row.lastLine}`, "dim"),
  ];
}

function stageLine(row: StageRow, now: number, nameColumns: number): readonly Segment[] {
  const [mark, tone] = markOf(row.status);
  return [
    segment(`${mark} `, tone),
    segment(padText(row.name, nameColumns), "name"),
    segment(`  ${elapsedOf(row, now).padStart(ELAPSED_COLUMNS)}  `, "dim"),
    segment(describeRow(row), row.status === "running" ? "plain" : tone),
    segment(row.lastLine === "" ? "" : `  ${row.lastLine}`, "dim"),
  ];
}

function footerLine(run: RunTotals): readonly Segment[] {
  const { counts, limits } = run;
  const failed = formatTally(counts.failed, "failed").map((text) => segment(text, "bad"));
  const plain = [
    ...formatTally(counts.cancelled, "cancelled"),
    formatActive(run.activeMs, limits),
    ...formatUsage(run.usage, limits),
  ].map((text) => segment(text, "dim"));
  const ending = run.ending === null ? [] : [segment(run.ending, "wait")];
  const done = segment(`${counts.completed + counts.skipped}/${run.stages} stages done`, "name");
  return [...ending, done, ...failed, ...plain].flatMap((part, index) =>
    index === 0 ? [part] : [segment(" · ", "dim"), part],
  );
}
