import type { Bench, BenchRow } from "./bench-row.js";
import { compared, type Figure, measured } from "./figure.js";
import { bytesBelow } from "./folder-size.js";
import { type ChildReport, inChild } from "./in-child.js";
import type { Pair } from "./statistics.js";
import { STORES, type StoreName, targetFor } from "./stores.js";

const SIZES = [10_000, 100_000] as const;

/** Larger and larger workflows, each in a process of its own. */
export const growth: BenchRow = {
  name: "growth",
  title: "10,000 and 100,000 no-op stages beside 1,000: eight chains side by side",
  run: async (bench) => {
    const figures: Figure[] = [];
    for (const store of STORES) for (const size of SIZES) figures.push(...(await grow(bench, store, size)));
    return figures;
  },
};

async function grow(bench: Bench, store: StoreName, size: (typeof SIZES)[number]): Promise<readonly Figure[]> {
  const stages = bench.sized(size);
  const base = bench.sized(1_000);
  const costs: Pair[] = [];
  const bytes: number[] = [];
  const rounds = size === 100_000 ? Math.ceil(bench.rounds / 3) : bench.rounds;
  for (let round = 0; round < rounds; round += 1) {
    const small = await perform(store, base, await bench.makeFolder());
    const folder = await bench.makeFolder();
    const large = await perform(store, stages, folder);
    costs.push({ value: large.ms / stages, floor: small.ms / base });
    bytes.push((await bytesBelow(folder)) / stages);
  }
  const row = growth.name;
  const of = `${size.toLocaleString("en")} stages, ${store}`;
  return [
    compared({ row, what: `time per stage, ${of}`, unit: "ms", target: targetFor(store, 1.2) }, "1,000 stages", costs),
    measured({ row, what: `bytes per stage, ${of}`, unit: "B", target: targetFor(store, 500) }, bytes),
  ];
}

function perform(store: StoreName, stages: number, folder: string): Promise<ChildReport> {
  const shape = { stages, lanes: 8, concurrency: 8, outputBytes: 0, stopAfter: null } as const;
  return inChild({ do: "run", store, folder, ...shape });
}
