/** The first of many, and how many that leaves out. */
export interface Capped<Item> {
  readonly shown: readonly Item[];
  readonly left: number;
}

export function cap<Item>(items: readonly Item[], most: number): Capped<Item> {
  return { shown: items.slice(0, most), left: Math.max(0, items.length - most) };
}
