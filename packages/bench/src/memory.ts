import type { Bench, BenchRow } from "./bench-row.js";
import { compared, type Figure } from "./figure.js";
import { inChild, peakOfBareNode } from "./in-child.js";
import type { Pair } from "./statistics.js";
import { STORES, type StoreName, targetFor } from "./stores.js";

/** How much more memory than bare Node, by number of stages. */
const TARGETS: readonly (readonly [stages: number, target: number])[] = [
  [10_000, 2],
  [100_000, 2.5],
];

/** The largest resident memory of a process that performs a run. */
export const memory: BenchRow = {
  name: "memory",
  title: "memory of a run of 10,000 and of 100,000 no-op stages: eight chains side by side",
  run: async (bench) => {
    const figures: Figure[] = [];
    for (const store of STORES) {
      for (const [stages, target] of TARGETS) figures.push(await measurePeak(bench, store, stages, target));
    }
    return figures;
  },
};

async function measurePeak(bench: Bench, store: StoreName, count: number, target: number): Promise<Figure> {
  const stages = bench.sized(count);
  const pairs: Pair[] = [];
  for (let round = 0; round < Math.ceil(bench.rounds / 5); round += 1) {
    const bare = await peakOfBareNode();
    const shape = { stages, lanes: 8, concurrency: 8, outputBytes: 0, stopAfter: null } as const;
    const run = await inChild({ do: "run", store, folder: await bench.makeFolder(), ...shape });
    pairs.push({ value: run.peakBytes / 2 ** 20, floor: bare / 2 ** 20 });
  }
  const what = `${count.toLocaleString("en")} stages, ${store}`;
  return compared({ row: memory.name, what, unit: "MiB", target: targetFor(store, target) }, "bare Node", pairs);
}
