/** One scenario of a suite, all its cases together. */
export interface Row {
  readonly suite: string;
  readonly store: string;
  readonly scenario: string;
  readonly cases: number;
  readonly points: number;
  readonly rerunStages: number;
  readonly lostOutputs: number;
  readonly processesLeft: number;
  readonly violations: number;
  readonly tookMs: number;
}

const WIDTHS = [20, 14, 20, 7, 8, 11, 9, 11, 9, 9] as const;

function line(cells: readonly string[]): string {
  const isText = (index: number): boolean => index < 3;
  return cells
    .map((cell, index) => (isText(index) ? cell.padEnd(WIDTHS[index] ?? 0) : cell.padStart(WIDTHS[index] ?? 0)))
    .join(" ")
    .trimEnd();
}

export const TABLE_HEAD: string = line([
  ...["suite", "store", "scenario"],
  ...["cases", "points", "run again", "lost", "left over", "faults", "seconds"],
]);

export function formatRow(row: Row): string {
  return line([row.suite, row.store, row.scenario, ...figures(row)]);
}

/** The sentence that the promise is held against. */
export function formatTotals(rows: readonly Row[]): string {
  const sum = (key: Exclude<keyof Row, "suite" | "store" | "scenario">): number =>
    rows.reduce((total, row) => total + row[key], 0);
  return [
    "",
    `points tried ${sum("points")} in ${sum("cases")} runs, finished stages run again = ${sum("rerunStages")}, ` +
      `outputs lost = ${sum("lostOutputs")}, processes left = ${sum("processesLeft")}, ` +
      `other faults = ${sum("violations") - sum("rerunStages") - sum("lostOutputs") - sum("processesLeft")}`,
  ].join("\n");
}

function figures(row: Row): readonly string[] {
  const { cases, points, rerunStages, lostOutputs, processesLeft, violations, tookMs } = row;
  const counts = [cases, points, rerunStages, lostOutputs, processesLeft, violations].map(String);
  return [...counts, (tookMs / 1_000).toFixed(1)];
}
