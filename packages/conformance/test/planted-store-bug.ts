import type { StateStore } from "@troupe/core";
import { createMemoryStore } from "@troupe/core/memory";
import { expect, test } from "vitest";
import { storeCases } from "../src/store-cases.js";

/** A store with one planted bug, and a case that must catch it. */
export interface PlantedBug {
  readonly bug: string;
  /** The name of the case. */
  readonly caughtBy: string;
  /** What the bug replaces in a good store. */
  readonly plant: (good: StateStore) => Partial<StateStore>;
}

const cases = storeCases({
  reopen: "in memory",
  damage: "in memory",
  damageContent: "in memory",
  childAppender: "in memory",
  childHolder: "in memory",
  childLogger: "in memory",
});

/** A test for each bug: its case passes the good store and fails the one with the bug. */
export function testPlantedBugs(bugs: readonly PlantedBug[]): void {
  test.concurrent.for(bugs)("the kit fails a store that $bug", async ({ caughtBy, plant }) => {
    const found = cases.find(({ name }) => name === caughtBy);
    expect(found, `a case named "${caughtBy}"`).toBeDefined();
    await found?.run({ store: createMemoryStore() });
    const good = createMemoryStore();
    await expect(found?.run({ store: { ...good, ...plant(good) } })).rejects.toThrow();
  });
}

/** Everything an iterable yields. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
