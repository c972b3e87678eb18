import type { CaseResult, CrashSuite, SuiteOptions } from "./crash-suite.js";
import { formatRow, formatTotals, type Row, TABLE_HEAD } from "./table.js";

/** Faults shown in full; of the others only how many there are. */
const MAX_SHOWN = 20;

/**
 * Runs suites one after the other and prints a line for each scenario, what was not as promised, and in the end what it
 * comes to for each store; resolves to whether all was as promised.
 */
export async function runSuites(
  suites: readonly CrashSuite[],
  options: SuiteOptions,
  print: (line: string) => void,
): Promise<boolean> {
  const rows: Row[] = [];
  const failed: CaseResult[] = [];
  const left: string[] = [];
  print(TABLE_HEAD);
  for (const suite of suites) {
    const reason = await suite.unavailable();
    if (reason === null) await runSuite(suite, options, { rows, failed, print });
    else left.push(`not run: ${suite.name} on ${suite.store}: ${reason}`);
  }
  if (rows.length === 0) {
    for (const reason of [...left, "Nothing was run."]) print(reason);
    return false;
  }
  showFaults(failed, print);
  for (const text of left.length === 0 ? [""] : ["", ...left, ""]) print(text);
  print(formatTotals(rows));
  return failed.length === 0;
}

function showFaults(failed: readonly CaseResult[], print: (line: string) => void): void {
  for (const { id, violations } of failed.slice(0, MAX_SHOWN)) {
    print(["", id, ...violations.map((text) => `  ${text}`), `  repeat it: pnpm crash --only '${id}'`].join("\n"));
  }
  if (failed.length > MAX_SHOWN) print(`\nand ${failed.length - MAX_SHOWN} more cases`);
}

interface Report {
  readonly rows: Row[];
  readonly failed: CaseResult[];
  readonly print: (line: string) => void;
}

async function runSuite(suite: CrashSuite, options: SuiteOptions, { rows, failed, print }: Report): Promise<void> {
  const byScenario = new Map<string, Row>();
  const stray: string[] = [];
  const note = (error: unknown): void => void stray.push(`unhandled: ${String(error)}`);
  let since = performance.now();
  process.on("unhandledRejection", note);
  try {
    for await (const found of suite.run(options)) {
      const result = { ...found, violations: [...found.violations, ...stray.splice(0)] };
      const now = performance.now();
      const before = byScenario.get(result.scenario) ?? emptyRow(suite, result.scenario);
      byScenario.set(result.scenario, addTo(before, result, now - since));
      since = now;
      if (result.violations.length > 0) failed.push(result);
    }
  } finally {
    process.off("unhandledRejection", note);
  }
  for (const row of byScenario.values()) print(formatRow(row));
  rows.push(...byScenario.values());
}

function emptyRow({ name: suite, store }: CrashSuite, scenario: string): Row {
  const none = { cases: 0, points: 0, rerunStages: 0, lostOutputs: 0, processesLeft: 0, violations: 0, tookMs: 0 };
  return { suite, store, scenario, ...none };
}

function addTo(row: Row, result: CaseResult, tookMs: number): Row {
  return {
    ...row,
    cases: row.cases + 1,
    points: row.points + result.points,
    rerunStages: row.rerunStages + result.rerunStages,
    lostOutputs: row.lostOutputs + result.lostOutputs,
    processesLeft: row.processesLeft + result.processesLeft,
    violations: row.violations + result.violations.length,
    tookMs: row.tookMs + tookMs,
  };
}
