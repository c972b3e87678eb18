import { timeBareLoop } from "./bare-loop.js";
import type { Bench, BenchRow } from "./bench-row.js";
import { idleRunner, prepareRun, RUN_ID, timeRun } from "./engine-run.js";
import { compared, type Figure, measured } from "./figure.js";
import { timeRawAppends } from "./raw-append.js";
import type { Pair } from "./statistics.js";
import { openStore, STORES, type StoreName, targetFor } from "./stores.js";
import { chains } from "./workflows.js";

/** Bytes of the entry that settles one stage of a chain and starts the next. */
const ENTRY_BYTES = 900;

/** A chain of stages whose turns do nothing. */
export const sequential: BenchRow = {
  name: "sequential",
  title: "1,000 no-op stages one after the other",
  run: async (bench) => {
    const figures: Figure[] = [];
    for (const store of STORES) figures.push(...(await measureChain(bench, store)));
    return figures;
  },
};

async function measureChain(bench: Bench, name: StoreName): Promise<readonly Figure[]> {
  const stages = bench.sized(1_000);
  const pairs: Pair[] = [];
  const bare: Pair[] = [];
  const syncs: number[] = [];
  for (let round = 0; round < bench.rounds; round += 1) {
    const folder = await bench.makeFolder();
    const floor = (await timeRawAppends(folder, stages, ENTRY_BYTES)) / stages;
    const loop = (await timeBareLoop(folder, stages, 1)) / stages;
    const store = await openStore(name, folder);
    const engine = await prepareRun({ store, workflow: chains(stages, 1), concurrency: 1, runner: idleRunner });
    const value = (await timeRun(engine)) / stages;
    pairs.push({ value, floor });
    bare.push({ value, floor: loop });
    let entries = 0;
    for await (const _ of store.read(RUN_ID)) entries += 1;
    syncs.push(entries / stages);
    await store.close();
  }
  const row = sequential.name;
  return [
    compared(
      { row, what: `time per stage, ${name}`, unit: "ms", target: targetFor(name, 1.5) },
      "append + fdatasync",
      pairs,
    ),
    compared({ row, what: `beside a bare loop, ${name}`, unit: "ms", target: null }, "queue, JSON, sync", bare),
    measured({ row, what: `entries per stage, ${name}`, unit: "", target: targetFor(name, 1.01) }, syncs),
  ];
}
