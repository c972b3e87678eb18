import type { Bench, BenchRow } from "./bench-row.js";
import { compared, type Figure, measured } from "./figure.js";
import { inChild } from "./in-child.js";
import type { Pair } from "./statistics.js";
import { STORES, type StoreName, targetFor } from "./stores.js";

/** Stages behind the finished ones. */
const LEFT = 8;

/** A run that has got far and goes on. */
export const resume: BenchRow = {
  name: "resume",
  title: "10,000 finished stages, then the first new turn",
  run: async (bench) => {
    const figures: Figure[] = [];
    for (const store of STORES) {
      const after = bench.sized(10_000);
      const folder = await bench.makeFolder();
      const shape = { stages: after + LEFT, lanes: 1, concurrency: 1, outputBytes: 0, stopAfter: after } as const;
      await inChild({ do: "run", store, folder, ...shape });
      figures.push(...(await measureResume(bench, store, folder, after)));
    }
    return figures;
  },
};

async function measureResume(
  bench: Bench,
  store: StoreName,
  folder: string,
  after: number,
): Promise<readonly Figure[]> {
  const times: number[] = [];
  const beside: Pair[] = [];
  const costs: Pair[] = [];
  for (let round = 0; round < bench.rounds; round += 1) {
    const parsing = store === "store-fs" ? await inChild({ do: "parse", folder }) : null;
    const { ms, cpuMs } = await inChild({ do: "resume", store, folder, after });
    times.push(ms);
    if (parsing === null) continue;
    beside.push({ value: ms, floor: parsing.ms });
    costs.push({ value: cpuMs, floor: parsing.cpuMs });
  }
  const row = { row: resume.name, unit: "ms" };
  const first = measured({ ...row, what: `first new turn, ${store}`, target: targetFor(store, 100) }, times);
  if (costs.length === 0) return [first];
  const floor = "JSON.parse of each line";
  const what = `processor time, start-up as well, ${store}`;
  return [
    first,
    compared({ ...row, what: `beside parsing alone, ${store}`, target: null }, floor, beside),
    compared({ ...row, what, target: null }, floor, costs),
  ];
}
