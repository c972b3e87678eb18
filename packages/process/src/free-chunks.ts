import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Of output that came, between two collections; a small part of what the process takes anyhow. */
const COLLECT_BYTES = 512 * 1024;

/** Outside of the heap, beyond what was there after the last collection of everything. */
const MOST_GROWTH_BYTES = 4 * 1024 * 1024;

let uncollected = 0;
let collect: ((collection: Collection) => void) | undefined;
let least = 0;

/**
 * Told of each chunk that a process has printed. Node reads each into 64 KiB of its own outside of the heap, and the
 * collector, which looks at the heap, lets a hundred megabytes of them lie before it thinks of it. They all die young:
 * a collection of the youngest takes less than a millisecond and gives them back. The first one is of everything: what
 * the start of the program has left makes room for what is to come. So is one when they pile up all the same: those that
 * waited for the disk, or for a line's end, while the youngest were collected twice have become old by that.
 */
export function countChunk(bytes: number): void {
  // a short one takes as much as a long one for as long as it is being read only
  uncollected += bytes;
  if (uncollected < COLLECT_BYTES) return;
  uncollected = 0;
  const isFirst = collect === undefined;
  collect ??= findCollector();
  if (isFirst) collect({ type: "major", flavor: "last-resort" });
  else collect({ type: "minor" });
  const outside = getHeapStatistics().external_memory;
  least = isFirst ? outside : Math.min(least, outside);
  if (outside - least < MOST_GROWTH_BYTES) return;
  collect({ type: "major" });
  least = getHeapStatistics().external_memory;
}

interface Collection {
  readonly type: "major" | "minor";
  /** `last-resort` gives back whatever can be given back. */
  readonly flavor?: "last-resort";
}

/** The flag counts for contexts made after it: no other code gets to see a new global. */
function findCollector(): (collection: Collection) => void {
  setFlagsFromString("--expose-gc");
  const gc: unknown = runInNewContext("gc");
  setFlagsFromString("--no-expose-gc");
  return typeof gc === "function" ? (collection) => void Reflect.apply(gc, undefined, [collection]) : () => {};
}
