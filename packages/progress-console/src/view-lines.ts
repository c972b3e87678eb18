import type { GroupBlock, PartRow, StageRow } from "./console-model.js";
import { describePart, describeRow, elapsedOf, STATUS_TONES } from "./describe-row.js";
import { formatTally, formatTurnUsage, formatUsageShort } from "./format.js";
import type { Glyphs } from "./glyphs.js";
import { columnsOf, padText, type Segment, segment, widthOf } from "./segment.js";

/** A row of the view before its columns are known. */
export type ViewRow =
  | { readonly type: "group"; readonly group: GroupBlock }
  | { readonly type: "stage"; readonly row: StageRow; readonly group: GroupBlock | null }
  | { readonly type: "part"; readonly row: PartRow; readonly group: GroupBlock | null };

/** Everything that the lines of one picture have in common. */
export interface ViewLayout {
  readonly now: number;
  readonly columns: number;
  readonly nameColumns: number;
  readonly elapsedColumns: number;
  readonly glyphs: Glyphs;
}

/** Width of the longest elapsed time, `59m 59s`: where there is room, rows do not move when a minute is over. */
const ELAPSED_COLUMNS = 7;
/** Below it the elapsed times take only what they need. */
const ROOMY_COLUMNS = 59;
/** From here on figures are said in full. */
const WIDE_COLUMNS = 99;
/** Of the last line of output at least so much is shown, or none. */
const LEAST_OUTPUT = 6;
/** Most letters that a column takes with its marks: the rest of a long line need not be measured. */
const LETTERS_PER_COLUMN = 8;
/** Before the agents below their stage. */
const PART_INDENT = "  ";
/** Share of the terminal that names may take; in a narrow one there is little else to tell rows apart. */
const NAME_SHARE = 0.35;
const NARROW_COLUMNS = 39;
const NARROW_NAME_SHARE = 0.5;

export function layOut(rows: readonly ViewRow[], now: number, columns: number, glyphs: Glyphs): ViewLayout {
  const nameWidth = (row: ViewRow): number => {
    if (row.type === "group") return 0;
    const name = glyphs.text(row.type === "stage" ? row.row.name : row.row.agent);
    return columnsOf(name) + (row.type === "stage" ? 0 : PART_INDENT.length);
  };
  const share = columns < NARROW_COLUMNS ? NARROW_NAME_SHARE : NAME_SHARE;
  const elapsed = rows.map((row) => (row.type === "group" ? 0 : elapsedOf(row.row, now).length));
  return {
    now,
    columns,
    nameColumns: Math.min(Math.max(0, ...rows.map(nameWidth)), Math.floor(columns * share)),
    elapsedColumns: columns >= ROOMY_COLUMNS ? ELAPSED_COLUMNS : Math.max(0, ...elapsed),
    glyphs,
  };
}

/** `next` is the row below it, which decides how the bracket goes on. */
export function rowLine(row: ViewRow, next: ViewRow | undefined, layout: ViewLayout): readonly Segment[] {
  if (row.type === "group") return groupLine(row.group, next, layout);
  const bracket = bracketOf(row, next, layout.glyphs);
  return [
    ...bracket,
    ...(row.type === "part" ? partLine(row.row, layout) : stageLine(row.row, widthOf(bracket), layout)),
  ];
}

/** Where the whole tally has no room, what runs and waits is left to the rows. */
function groupLine(group: GroupBlock, next: ViewRow | undefined, layout: ViewLayout): readonly Segment[] {
  const { counts, size, name } = group;
  const { glyphs, columns } = layout;
  const over = counts.completed + counts.skipped;
  const bad = [...formatTally(counts.failed, "failed"), ...formatTally(counts.cancelled, "cancelled")];
  const busy = [...formatTally(counts.running, "running"), ...formatTally(counts.waiting, "waiting")];
  const corner = next?.type === "stage" && next.group === group ? glyphs.bracket.top : glyphs.bracket.alone;
  const start = [segment(corner, "dim"), segment(glyphs.text(name), "name")];
  const tallies = [
    [`${over} of ${size} done`, ...bad, ...busy],
    [`${over}/${size} done`, ...bad],
  ];
  const lines = tallies.map((tally) => [...start, segment(`  ${tally.join(", ")}`, "dim")]);
  return lines.find((line) => widthOf(line) <= columns) ?? lines.at(-1) ?? start;
}

function bracketOf({ group }: ViewRow, next: ViewRow | undefined, { bracket }: Glyphs): readonly Segment[] {
  if (group === null) return [];
  const goesOn = next !== undefined && next.type !== "group" && next.group === group;
  return [segment(goesOn ? bracket.side : bracket.bottom, "dim")];
}

function partLine(row: PartRow, layout: ViewLayout): readonly Segment[] {
  const { glyphs, nameColumns, elapsedColumns, now } = layout;
  const tone = STATUS_TONES[row.status];
  return [
    segment(PART_INDENT),
    segment(`${glyphs.marks[row.status]} `, tone),
    segment(padText(glyphs.text(row.agent), nameColumns - PART_INDENT.length, glyphs.ellipsis), "plain"),
    segment(`  ${elapsedOf(row, now).padStart(elapsedColumns)}  `, "dim"),
    segment(glyphs.text(describePart(row)), row.status === "running" ? "plain" : tone),
    segment(row.lastLine === "" ? "" : `  ${outputText(row.lastLine, layout)}`, "dim"),
  ];
}

function stageLine(row: StageRow, indent: number, layout: ViewLayout): readonly Segment[] {
  const { glyphs, nameColumns, elapsedColumns, now } = layout;
  const tone = STATUS_TONES[row.status];
  const start = [
    segment(`${glyphs.marks[row.status]} `, tone),
    segment(padText(glyphs.text(row.name), nameColumns, glyphs.ellipsis), "name"),
    segment(`  ${elapsedOf(row, now).padStart(elapsedColumns)}  `, "dim"),
    segment(glyphs.text(describeRow(row)), row.status === "running" ? "plain" : tone),
  ];
  const left = layout.columns - indent - widthOf(start);
  const used = usageText(row, layout.columns);
  const usage = used !== "" && columnsOf(used) + 2 <= left ? `  ${used}` : "";
  const hasOutput = row.lastLine !== "" && left - columnsOf(usage) - 2 >= LEAST_OUTPUT;
  return [...start, segment(usage, "dim"), segment(hasOutput ? `  ${outputText(row.lastLine, layout)}` : "", "dim")];
}

function outputText(line: string, { columns, glyphs }: ViewLayout): string {
  return glyphs.text(line.slice(0, columns * LETTERS_PER_COLUMN));
}

const UNLIMITED = { durationMs: null, costUsd: null, tokens: null, waitMs: null, concurrency: null };

/** What the turns of the stage have used so far: `22.6k tokens, $0.61`, in little room `22.6k tok $0.61`. */
function usageText({ usage }: StageRow, columns: number): string {
  const short = formatUsageShort(usage, UNLIMITED);
  const isKnown = usage.unknownTokens === 0 && usage.unknownCost === 0;
  if (columns < WIDE_COLUMNS || !isKnown) return short.join(" ");
  return formatTurnUsage(usage).join(", ");
}
