import type { ExpectedDurations } from "@troupe/core";
import type { Bench, BenchRow } from "./bench-row.js";
import { prepareRun, timeRun, waitingRunner } from "./engine-run.js";
import { compared, type Figure } from "./figure.js";
import type { Pair } from "./statistics.js";
import { openStore, STORES, type StoreName, targetFor } from "./stores.js";
import { group } from "./workflows.js";

const SLOTS = 4;
const MEMBERS = 19;
/** Of most members, ms; the last one in declared order takes as long as an even share of all. */
const SHORT_MS = 150;

/** A group of which the last member takes as long as a quarter of all together: to begin it last is the worst order. */
export const skewedGroup: BenchRow = {
  name: "skewed-group",
  title: "a group whose last member is the longest, 4 at a time, beside the bound of any order",
  run: async (bench) => {
    const figures: Figure[] = [];
    for (const store of STORES) {
      figures.push(await measureOrder(bench, store, { what: "longest first", isKnown: true }));
      figures.push(await measureOrder(bench, store, { what: "declared order", isKnown: false }));
    }
    return figures;
  },
};

interface Order {
  readonly what: string;
  /** Whether earlier runs have told how long the members take. */
  readonly isKnown: boolean;
}

async function measureOrder(bench: Bench, store: StoreName, { what, isKnown }: Order): Promise<Figure> {
  const durations = skewed(Math.max(2, bench.sized(MEMBERS)));
  const members = Object.keys(durations).length;
  const pairs: Pair[] = [];
  for (let round = 0; round < bench.rounds; round += 1) {
    const opened = await openStore(store, await bench.makeFolder());
    const expected = isKnown ? { expectedMs: durations } : {};
    const runner = waitingRunner(durations);
    const shape = { workflow: group(members), concurrency: SLOTS, runner };
    const engine = await prepareRun({ store: opened, ...shape, ...expected });
    pairs.push({ value: await timeRun(engine), floor: boundOf(runner.took) });
    await opened.close();
  }
  const target = isKnown ? targetFor(store, 1.05) : null;
  const draft = { row: skewedGroup.name, what: `${what}, ${store}`, unit: "ms", target };
  return compared(draft, "turns / slots, or the longest", pairs);
}

/** No order is faster than that, whatever it is: for the time that the turns really took. */
function boundOf(took: readonly number[]): number {
  return Math.max(took.reduce((sum, ms) => sum + ms, 0) / SLOTS, ...took);
}

function skewed(members: number): ExpectedDurations {
  const short = members - 1;
  const long = Math.round((short * SHORT_MS) / (SLOTS - 1));
  return Object.fromEntries(Array.from({ length: members }, (_, at) => [`S${at}`, at < short ? SHORT_MS : long]));
}
