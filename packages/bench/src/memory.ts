import type { Bench, BenchRow } from "./bench-row.js";
import { compared, type Figure } from "./figure.js";
import { type ChildReport, inChild, peakOfBareNode } from "./in-child.js";
import type { Pair } from "./statistics.js";
import { STORES, type StoreName, targetFor } from "./stores.js";

const LANES = 8;
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
    const figures: Figure[] = [await measureLoaded(bench)];
    for (const [stages] of TARGETS) figures.push(await measureDefinition(bench, stages));
    for (const store of STORES) {
      for (const [stages, target] of TARGETS) figures.push(await measurePeak(bench, store, stages, target));
    }
    return figures;
  },
};

/** What is there before anything is done: what of it a run needs is in each figure below. */
function measureLoaded(bench: Bench): Promise<Figure> {
  return besideBareNode(bench, "packages loaded, nothing done", null, async () =>
    inChild({ do: "load", store: "store-fs", folder: await bench.makeFolder() }),
  );
}

/** The floor of the figures below: whatever else a run holds comes on top. */
function measureDefinition(bench: Bench, count: number): Promise<Figure> {
  const what = `${count.toLocaleString("en")} stages, the definition alone`;
  return besideBareNode(bench, what, null, async () =>
    inChild({ do: "define", folder: await bench.makeFolder(), stages: bench.sized(count), lanes: LANES }),
  );
}

function measurePeak(bench: Bench, store: StoreName, count: number, target: number): Promise<Figure> {
  const what = `${count.toLocaleString("en")} stages, ${store}`;
  const shape = { lanes: LANES, concurrency: 8, outputBytes: 0, stopAfter: null } as const;
  return besideBareNode(bench, what, targetFor(store, target), async () =>
    inChild({ do: "run", store, folder: await bench.makeFolder(), stages: bench.sized(count), ...shape }),
  );
}

async function besideBareNode(
  bench: Bench,
  what: string,
  target: number | null,
  perform: () => Promise<ChildReport>,
): Promise<Figure> {
  const pairs: Pair[] = [];
  for (let round = 0; round < Math.ceil(bench.rounds / 5); round += 1) {
    const bare = await peakOfBareNode();
    pairs.push({ value: (await perform()).peakBytes / 2 ** 20, floor: bare / 2 ** 20 });
  }
  return compared({ row: memory.name, what, unit: "MiB", target }, "bare Node", pairs);
}
