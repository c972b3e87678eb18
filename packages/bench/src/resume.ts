import type { BenchRow } from "./bench-row.js";
import { compared, type Figure, measured } from "./figure.js";
import { inChild } from "./in-child.js";
import type { Pair } from "./statistics.js";
import { STORES, targetFor } from "./stores.js";

const PARSING = "JSON.parse of each line";
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
      const pairs: Pair[] = [];
      for (let round = 0; round < bench.rounds; round += 1) {
        const floor = store === "store-fs" ? (await inChild({ do: "parse", folder })).ms : 0;
        pairs.push({ value: (await inChild({ do: "resume", store, folder, after })).ms, floor });
      }
      const what = `first new turn, ${store}`;
      const row = { row: resume.name, unit: "ms" };
      const times = pairs.map(({ value }) => value);
      figures.push(measured({ ...row, what, target: targetFor(store, 100) }, times));
      if (store === "store-fs") {
        figures.push(compared({ ...row, what: `${what}, beside the floor`, target: null }, PARSING, pairs));
      }
    }
    return figures;
  },
};
