import { AssertionError } from "node:assert";

/** The promise's value, or an `AssertionError` when it takes longer: a case must fail, not hang. */
export async function within<Value>(ms: number, what: string, promise: PromiseLike<Value>): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new AssertionError({ message: `${what} took more than ${ms} ms` })), ms);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves when `isTrue` says so, asking every few milliseconds; an `AssertionError` when it takes longer than `ms`. */
export async function until(ms: number, what: string, isTrue: () => boolean): Promise<void> {
  const deadline = performance.now() + ms;
  while (!isTrue()) {
    if (performance.now() > deadline) throw new AssertionError({ message: `${what}: not within ${ms} ms` });
    await pause(5);
  }
}

/** Time for something that must not happen to happen. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
