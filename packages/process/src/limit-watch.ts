import type { Clock } from "@troupe/core";

/** What makes a process end before it ends by itself. */
export type LimitReached = "timeout" | "idle-timeout" | "aborted";

export interface LimitWatch {
  /** The first limit that was reached; never settles when `stop` comes before. */
  readonly reached: Promise<LimitReached>;
  /** Output came: idle time starts anew. */
  touch(): void;
  /** No more limits. */
  stop(): void;
}

export interface Limits {
  readonly clock: Clock;
  /** null = unbounded. */
  readonly timeoutMs: number | null;
  readonly idleTimeoutMs: number | null;
  readonly toolRunning: () => boolean;
  readonly signals: readonly AbortSignal[];
}

export function watchLimits(limits: Limits): LimitWatch {
  const { clock, timeoutMs, idleTimeoutMs, signals } = limits;
  const stopped = new AbortController();
  const { promise: reached, resolve } = Promise.withResolvers<LimitReached>();
  const startedAt = clock.monotonic();
  let activeAt = startedAt;
  const abort = (): void => resolve("aborted");
  for (const signal of signals) {
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
  }
  if (timeoutMs !== null) {
    void watchDeadline(clock, stopped.signal, () => startedAt + timeoutMs).then((over) => over && resolve("timeout"));
  }
  if (idleTimeoutMs !== null) {
    const deadline = (): number => {
      // asked at least once per idle time: as long as a tool runs, each time counts as a sign of life
      if (limits.toolRunning()) activeAt = clock.monotonic();
      return activeAt + idleTimeoutMs;
    };
    void watchDeadline(clock, stopped.signal, deadline).then((over) => over && resolve("idle-timeout"));
  }
  return {
    reached,
    touch: () => {
      activeAt = clock.monotonic();
    },
    stop: () => {
      stopped.abort();
      for (const signal of signals) signal.removeEventListener("abort", abort);
    },
  };
}

/** True when a deadline that may move has passed, false when `stopped` came first. */
async function watchDeadline(clock: Clock, stopped: AbortSignal, deadline: () => number): Promise<boolean> {
  while (!stopped.aborted) {
    const left = deadline() - clock.monotonic();
    if (left <= 0) return true;
    await clock.wait(left, stopped);
  }
  return false;
}
