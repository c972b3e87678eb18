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
  readonly pausedMs?: () => number;
  readonly signals: readonly AbortSignal[];
}

/** How often it is looked whether a limit that stands still moves on. */
const PAUSE_MS = 50;

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
    let pausedMs = 0;
    const deadline = (): number => {
      const before = pausedMs;
      pausedMs = limits.pausedMs?.() ?? 0;
      const end = startedAt + timeoutMs + pausedMs;
      // as long as it is paused the end moves with time, and what is left may be next to nothing
      return pausedMs === before ? end : Math.max(end, clock.monotonic() + PAUSE_MS);
    };
    void watchDeadline(clock, stopped.signal, deadline).then((over) => over && resolve("timeout"));
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
      stopped.abort("over"); // with a reason of its own no error is made, which nobody would see
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
