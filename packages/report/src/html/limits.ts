import { type Capped, cap } from "../cap-rows.js";
import { showNumber } from "../show-usage.js";
import { html, type Markup } from "./markup.js";

/** How much of a run the page shows. */
export interface PageLimits {
  /** Stages drawn in the graph; a larger one is left out as a whole. */
  readonly graph: number;
  /** Rows of the tables of stages and the timeline. */
  readonly stages: number;
  /** Bars in one row of the timeline, and rows in a stage's table of turns. */
  readonly turns: number;
  /** Stages with their turns. */
  readonly details: number;
  /** Rows of every other table and list. */
  readonly rows: number;
  /** Characters of one foreign text. */
  readonly characters: number;
}

/** What the parts of one page have in common. */
export interface PageView extends PageLimits {
  /** Stages whose turns are on the page. */
  readonly linked: ReadonlySet<string>;
}

/** From the most generous to what fits whatever the run is. */
export const PAGE_LIMITS: readonly PageLimits[] = [
  { graph: 160, stages: 400, turns: 60, details: 400, rows: 400, characters: 2_000 },
  { graph: 160, stages: 300, turns: 30, details: 200, rows: 200, characters: 1_000 },
  { graph: 120, stages: 200, turns: 20, details: 80, rows: 100, characters: 600 },
  { graph: 80, stages: 120, turns: 10, details: 40, rows: 50, characters: 400 },
  { graph: 40, stages: 60, turns: 5, details: 15, rows: 20, characters: 250 },
  { graph: 0, stages: 20, turns: 3, details: 0, rows: 8, characters: 120 },
];

/** Those that matter most to a reader come first when not all have room; among equals the order stays. */
export function capByWeight<Item>(items: readonly Item[], most: number, weight: (item: Item) => number): Capped<Item> {
  if (items.length <= most) return { shown: items, left: 0 };
  const kept = new Set(
    items
      .map((item, index) => ({ index, weight: weight(item) }))
      .toSorted((one, other) => other.weight - one.weight || one.index - other.index)
      .slice(0, most)
      .map(({ index }) => index),
  );
  return { shown: items.filter((_, index) => kept.has(index)), left: items.length - most };
}

export { cap };

/** Says that something is missing here and where it is. */
export function leftOut(left: number, what: string, runId: string): Markup | null {
  if (left <= 0) return null;
  return html`<p class="left-out" role="note">${showNumber(left, what)} left out here to keep the page small. All of it: <code>troupe report ${runId} --format json</code></p>`;
}
