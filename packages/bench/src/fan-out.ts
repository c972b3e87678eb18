import type { Bench, BenchRow } from "./bench-row.js";
import { compared, type Figure, measured } from "./figure.js";
import { inChild } from "./in-child.js";
import type { Pair } from "./statistics.js";
import { STORES, type StoreName, targetFor } from "./stores.js";

/** A group of stages whose turns do nothing. Each measurement has its own process: nothing is warmed up. */
export const fanOut: BenchRow = {
  name: "fan-out",
  title: "a group of 1,000 no-op stages, 8 at a time",
  run: async (bench) => {
    const figures: Figure[] = [];
    for (const store of STORES) figures.push(...(await measureGroup(bench, store)));
    figures.push(await measureBareLoop(bench));
    return figures;
  },
};

/** What of the target is left when nothing but the queue, the JSON and the syncs are paid for. */
async function measureBareLoop(bench: Bench): Promise<Figure> {
  const jobs = bench.sized(1_000);
  const pairs: Pair[] = [];
  for (let round = 0; round < bench.rounds; round += 1) {
    const floor = await inChild({ do: "queue", jobs, concurrency: 8 });
    const loop = await inChild({ do: "bare-loop", folder: await bench.makeFolder(), jobs, concurrency: 8 });
    pairs.push({ value: loop.ms, floor: floor.ms });
  }
  return compared({ row: fanOut.name, what: "the bare loop itself", unit: "ms", target: null }, "p-queue", pairs);
}

async function measureGroup(bench: Bench, store: StoreName): Promise<readonly Figure[]> {
  const stages = bench.sized(1_000);
  const pairs: Pair[] = [];
  const bare: Pair[] = [];
  const syncs: number[] = [];
  for (let round = 0; round < bench.rounds; round += 1) {
    const floor = await inChild({ do: "queue", jobs: stages, concurrency: 8 });
    const folder = await bench.makeFolder();
    const loop = await inChild({ do: "bare-loop", folder, jobs: stages, concurrency: 8 });
    const shape = { stages, lanes: null, concurrency: 8, outputBytes: 0, stopAfter: null } as const;
    const run = await inChild({ do: "run", store, folder, ...shape });
    pairs.push({ value: run.ms, floor: floor.ms });
    bare.push({ value: run.ms, floor: loop.ms });
    syncs.push(run.appends / stages);
  }
  const row = fanOut.name;
  return [
    compared({ row, what: `whole group, ${store}`, unit: "ms", target: targetFor(store, 3) }, "p-queue", pairs),
    compared({ row, what: `beside a bare loop, ${store}`, unit: "ms", target: null }, "queue, JSON, sync", bare),
    measured({ row, what: `syncs per stage, ${store}`, unit: "", target: targetFor(store, 0.25) }, syncs),
  ];
}
