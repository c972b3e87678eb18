/** One scenario of a suite, all its cases together. */
export interface Row extends Figures {
  readonly suite: string;
  readonly store: string;
  readonly scenario: string;
}

interface Figures {
  readonly cases: number;
  readonly points: number;
  readonly rerunStages: number;
  readonly lostOutputs: number;
  readonly processesLeft: number;
  /** All that was not as promised, in sentences; what the other figures count is in it too. */
  readonly violations: number;
  readonly tookMs: number;
}

const SUITE_WIDTH = 22;
const STORE_WIDTH = 13;
const SCENARIO_WIDTH = 26;
const HEADS = ["runs", "points", "stages run again", "outputs lost", "processes left", "faults", "seconds"] as const;

export const TABLE_HEAD: string = line(["suite", "store", "scenario"], HEADS);

export function formatRow(row: Row): string {
  return line([row.suite, row.store, row.scenario], figures(row));
}

/** What the promise is held against: a line for each store, and one for all. */
export function formatTotals(rows: readonly Row[]): string {
  const stores = [...new Set(rows.map(({ store }) => store))];
  const totals = stores.map((store): readonly [string, Figures] => [
    store,
    sum(rows.filter((row) => row.store === store)),
  ]);
  const all = sum(rows);
  const lines = [...totals, ...(stores.length > 1 ? [["all stores", all] as const] : [])];
  const { cases, points, rerunStages, lostOutputs, processesLeft, violations } = all;
  const others = Math.max(0, violations - rerunStages - lostOutputs - processesLeft);
  return [
    line(["in all", "", ""], HEADS),
    ...lines.map(([name, total]) => line([name, "", ""], figures(total))),
    "",
    `points tried ${points} in ${cases} runs, finished stages run again = ${rerunStages}, ` +
      `outputs lost = ${lostOutputs}, processes left = ${processesLeft}, other faults = ${others}`,
  ].join("\n");
}

function sum(rows: readonly Figures[]): Figures {
  const total = (key: keyof Figures): number => rows.reduce((before, row) => before + row[key], 0);
  return {
    cases: total("cases"),
    points: total("points"),
    rerunStages: total("rerunStages"),
    lostOutputs: total("lostOutputs"),
    processesLeft: total("processesLeft"),
    violations: total("violations"),
    tookMs: total("tookMs"),
  };
}

function figures({ cases, points, rerunStages, lostOutputs, processesLeft, violations, tookMs }: Figures): string[] {
  const counts = [cases, points, rerunStages, lostOutputs, processesLeft, violations].map(String);
  return [...counts, (tookMs / 1_000).toFixed(1)];
}

function line(names: readonly [string, string, string], cells: readonly string[]): string {
  const [suite, store, scenario] = names;
  const left = [suite.padEnd(SUITE_WIDTH), store.padEnd(STORE_WIDTH), scenario.padEnd(SCENARIO_WIDTH)];
  const right = cells.map((cell, index) => cell.padStart(Math.max(7, HEADS[index]?.length ?? 0)));
  return [...left, ...right].join("  ").trimEnd();
}
