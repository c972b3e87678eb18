import { availableParallelism } from "node:os";

/** Performs the jobs, as many at a time as there are processors, and yields what comes of each as it ends. */
export async function* sideBySide<T>(jobs: readonly (() => Promise<T>)[]): AsyncGenerator<T> {
  const width = Math.max(2, availableParallelism());
  const running = new Map<number, Promise<{ readonly index: number; readonly result: T }>>();
  let next = 0;
  while (next < jobs.length || running.size > 0) {
    for (; running.size < width && next < jobs.length; next += 1) {
      const index = next;
      const job = jobs[index];
      if (job !== undefined)
        running.set(
          index,
          job().then((result) => ({ index, result })),
        );
    }
    const { index, result } = await Promise.race(running.values());
    running.delete(index);
    yield result;
  }
}

/**
 * `count` of the values, evenly spread, from even and odd places in turn, so that of pairs not always the first is
 * taken; all when there are not more.
 */
export function spread<T>(values: readonly T[], count: number): readonly T[] {
  if (values.length <= count) return values;
  const places = Array.from({ length: count }, (_, index) => Math.floor((index * values.length) / count));
  return places.flatMap((place, index) => values[place - (place % 2) + (index % 2)] ?? values[place] ?? []);
}
