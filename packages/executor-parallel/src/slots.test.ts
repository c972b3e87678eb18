import { expect, test, vi } from "vitest";
import { Slots } from "./slots.js";

/** Jobs that begin in the order of `begun` and end when they are told to. */
function heldJobs() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const job = (name: string) => (): Promise<void> => {
    begun.push(name);
    return new Promise((resolve) => ends.set(name, resolve));
  };
  return { begun, job, end: (name: string) => ends.get(name)?.() };
}

test("jobs begin at once while there is a slot, the others in their order as slots become free", async () => {
  const { begun, job, end } = heldJobs();
  const slots = new Slots(2);
  for (const name of ["a", "b", "c", "d", "e"]) slots.add(job(name));
  expect([begun, slots.isFree]).toEqual([["a", "b"], false]);
  end("b");
  await vi.waitFor(() => expect(begun).toEqual(["a", "b", "c"]), { timeout: 30_000 });
  end("c");
  await vi.waitFor(() => expect(begun).toEqual(["a", "b", "c", "d"]), { timeout: 30_000 });
  end("a");
  await vi.waitFor(() => expect(begun).toEqual(["a", "b", "c", "d", "e"]), { timeout: 30_000 });
  end("d");
  await vi.waitFor(() => expect(slots.isFree).toBe(true), { timeout: 30_000 });
  slots.add(job("f")); // beside one that has waited
  slots.add(job("g"));
  expect([begun.at(-1), slots.isFree]).toEqual(["f", false]);
  end("e");
  await vi.waitFor(() => expect(begun.at(-1)).toBe("g"), { timeout: 30_000 });
});

test("whatever begins and ends, and when, never more than the slots are taken, and every job is done", async () => {
  let running = 0;
  let peak = 0;
  let done = 0;
  const slots = new Slots(3);
  const job = (hops: number) => async (): Promise<void> => {
    running += 1;
    peak = Math.max(peak, running);
    for (let hop = 0; hop < hops; hop += 1) await Promise.resolve();
    running -= 1;
    done += 1;
  };
  for (let n = 0; n < 500; n += 1) {
    slots.add(job((n * 7) % 11));
    if (n % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await vi.waitFor(() => expect(done).toBe(500), { timeout: 30_000 });
  expect([peak, running]).toEqual([3, 0]);
});
