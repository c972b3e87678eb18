import type { BenchRow } from "./bench-row.js";
import { type Figure, measured } from "./figure.js";
import { type ConsoleReport, watchConsole } from "./watch-console.js";

const RUNNING = 64;

/** The live view while many stages run and talk. */
export const liveConsole: BenchRow = {
  name: "console",
  title: "the live view with 64 running stages, each with ten lines of output a second",
  run: async (bench) => {
    const reports: ConsoleReport[] = [];
    const seconds = bench.sized(10);
    for (let round = 0; round < Math.ceil(bench.rounds / 3); round += 1) {
      reports.push(await watchConsole(RUNNING, seconds));
    }
    const figure = (what: string, unit: string, target: number, of: (report: ConsoleReport) => number): Figure =>
      measured({ row: liveConsole.name, what, unit, target }, reports.map(of));
    return [
      figure("redraws in a second", "", 10, ({ redraws }) => redraws),
      figure("of one core, beside the same run unwatched", "%", 2, ({ percent }) => percent),
    ];
  },
};
