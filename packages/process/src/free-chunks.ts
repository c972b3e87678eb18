import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Of output that came, between two collections; a small part of what the process takes anyhow. */
const COLLECT_BYTES = 8 * 1024 * 1024;

let uncollected = 0;
let collect: (() => void) | undefined;

/**
 * Told of each chunk that a process has printed. Node reads each into 64 KiB of its own outside of the heap, and the
 * collector, which looks at the heap, lets a hundred megabytes of them lie before it thinks of it. They all die young:
 * a collection of the youngest takes less than a millisecond and gives them back.
 */
export function countChunk(bytes: number): void {
  // a short one takes as much as a long one for as long as it is being read only
  uncollected += bytes;
  if (uncollected < COLLECT_BYTES) return;
  uncollected = 0;
  collect ??= findCollector();
  collect();
}

/** The flag counts for contexts made after it: no other code gets to see a new global. */
function findCollector(): () => void {
  setFlagsFromString("--expose-gc");
  const gc: unknown = runInNewContext("gc");
  setFlagsFromString("--no-expose-gc");
  return typeof gc === "function" ? () => void Reflect.apply(gc, undefined, [{ type: "minor" }]) : () => {};
}
