import type { Bench, BenchRow } from "./bench-row.js";
import { compared, type Figure, measured } from "./figure.js";
import { bytesBelow } from "./folder-size.js";
import { type ChildReport, inChild } from "./in-child.js";
import type { Pair } from "./statistics.js";
import { STORES, type StoreName, targetFor } from "./stores.js";

const OUTPUT_BYTES = 100_000;
const OVERHEAD_BYTES = 500;

/** Outputs that are too large for an entry: each is content of its own. */
export const largeOutputs: BenchRow = {
  name: "large-outputs",
  title: "100 stages one after the other, each with an output of 100 KB",
  run: async (bench) => {
    const figures: Figure[] = [];
    for (const store of STORES) figures.push(...(await measureOutputs(bench, store)));
    return figures;
  },
};

async function measureOutputs(bench: Bench, store: StoreName): Promise<readonly Figure[]> {
  const stages = bench.sized(100);
  const costs: Pair[] = [];
  const memory: Pair[] = [];
  const bytes: Pair[] = [];
  for (let round = 0; round < bench.rounds; round += 1) {
    const bare = await perform(store, stages, await bench.makeFolder(), 0);
    const folder = await bench.makeFolder();
    const large = await perform(store, stages, folder, OUTPUT_BYTES);
    costs.push({ value: large.ms / stages, floor: bare.ms / stages });
    memory.push({ value: large.peakBytes / 2 ** 20, floor: bare.peakBytes / 2 ** 20 });
    bytes.push({ value: (await bytesBelow(folder)) / stages - OVERHEAD_BYTES, floor: OUTPUT_BYTES });
  }
  const row = largeOutputs.name;
  return [
    compared({ row, what: `time per stage, ${store}`, unit: "ms", target: null }, "without outputs", costs),
    compared({ row, what: `memory, ${store}`, unit: "MiB", target: null }, "without outputs", memory),
    compared(
      { row, what: `bytes per stage but 500, ${store}`, unit: "B", target: targetFor(store, 1.5) },
      "output",
      bytes,
    ),
    measured(
      { row, what: `milliseconds per stage, ${store}`, unit: "ms", target: null },
      costs.map(({ value }) => value),
    ),
  ];
}

function perform(store: StoreName, stages: number, folder: string, outputBytes: number): Promise<ChildReport> {
  const shape = { stages, lanes: 1, concurrency: 1, outputBytes, stopAfter: null } as const;
  return inChild({ do: "run", store, folder, ...shape });
}
