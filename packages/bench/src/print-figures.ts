import { cpus } from "node:os";
import type { Figure } from "./figure.js";
import type { Spread } from "./statistics.js";

/** Where and with what the figures were taken. */
export interface BenchSite {
  readonly node: string;
  readonly machine: string;
  readonly date: string;
}

export function siteOf(now: Date): BenchSite {
  const processors = cpus();
  return {
    node: process.version,
    machine: `${processors.length} x ${processors[0]?.model ?? "unknown processor"}, ${process.platform}`,
    date: now.toISOString().slice(0, 10),
  };
}

const HEAD = ["row", "what", "figure", "floor", "ratio", "target", "met"] as const;

/** A figure as the cells of a line. */
function cellsOf({ row, what, unit, value, floor, target, isMet }: Figure): readonly string[] {
  return [
    row,
    what,
    withSpread(value, unit),
    floor === null ? "" : `${floor.name} ${shown(floor.value.median, unit)}`,
    floor === null ? "" : `${withSpread(floor.ratio, "x")}`,
    target === null ? "" : `<= ${target}${floor === null ? unitOf(unit) : " x"}`,
    isMet === null ? "" : isMet ? "yes" : "NO",
  ];
}

function withSpread(spread: Spread, unit: string): string {
  const range = spread.count === 1 ? "" : ` (${round(spread.min)}-${round(spread.max)})`;
  return `${shown(spread.median, unit)}${range}`;
}

function shown(value: number, unit: string): string {
  return `${round(value)}${unitOf(unit)}`;
}

function unitOf(unit: string): string {
  return unit === "" ? "" : ` ${unit}`;
}

/** Three digits that count. */
function round(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** Lines in columns, for a terminal. */
export function renderText(figures: readonly Figure[]): string {
  const lines = [HEAD, ...figures.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** The table of `docs/performance.md`. */
export function renderMarkdown(figures: readonly Figure[], { node, machine, date }: BenchSite): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rows = figures.map((figure) => line(cellsOf(figure)));
  return [`${date}, Node ${node}, ${machine}.`, "", line(HEAD), line(HEAD.map(() => "---")), ...rows].join("\n");
}

/** Everything that was measured, for a program. */
export function renderJson(figures: readonly Figure[], site: BenchSite): string {
  return JSON.stringify({ site, figures }, null, 2);
}
