import type { StageId } from "./ids.js";

/** How long stages took in earlier runs, in milliseconds. */
export type ExpectedDurations = Readonly<Record<StageId, number>>;

/**
 * The order in which stages that become ready at the same moment go: the longest first, so that none that is long is
 * begun when the others are done (Graham 1969: at most 4/3 of the best that can be had). A stage of which nothing is
 * known goes before all others, since it may be the longest; among equals, and where nothing is known at all, the
 * declared order stays.
 */
export function longestFirst<Item>(
  items: readonly Item[],
  idOf: (item: Item) => StageId,
  expectedMs: ExpectedDurations | undefined,
): readonly Item[] {
  if (expectedMs === undefined || items.length < 2) return items;
  const expected = new Map(Object.entries(expectedMs));
  const lengthOf = (item: Item): number => expected.get(idOf(item)) ?? Number.POSITIVE_INFINITY;
  return items.toSorted((a, b) => compare(lengthOf(b), lengthOf(a)));
}

/** Two that are unknown are equal: their difference would be no number. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
