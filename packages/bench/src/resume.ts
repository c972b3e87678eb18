import type { BenchRow } from "./bench-row.js";
import { type Figure, measured } from "./figure.js";
import { inChild } from "./in-child.js";
import { STORES, targetFor } from "./stores.js";

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
      const times: number[] = [];
      for (let round = 0; round < bench.rounds; round += 1) {
        times.push((await inChild({ do: "resume", store, folder, after })).ms);
      }
      const what = `first new turn, ${store}`;
      figures.push(measured({ row: resume.name, what, unit: "ms", target: targetFor(store, 100) }, times));
    }
    return figures;
  },
};
