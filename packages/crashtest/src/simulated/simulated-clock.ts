import type { Clock } from "@troupe/core";
import type { SimulatedProcess } from "./simulated-process.js";

interface Timer {
  readonly atMs: number;
  readonly ring: () => void;
}

/** 2026-01-01, in milliseconds since the epoch. */
const START_MS = 1_767_225_600_000;

/** One time for a whole machine; it passes only when everybody waits. */
export class SimulatedClock {
  #passedMs = 0;
  #timers: readonly Timer[] = [];

  get passedMs(): number {
    return this.#passedMs;
  }

  now(): number {
    return START_MS + this.#passedMs;
  }

  /** The clock as a process sees it: stopped, it does not notice that its time has come. */
  of(process: SimulatedProcess): Clock {
    return {
      now: () => this.now(),
      monotonic: () => this.#passedMs,
      wait: async (ms, signal) => {
        if (ms > 0 && signal?.aborted !== true) await this.#ring(ms, signal);
        await process.awake();
      },
    };
  }

  /** Moves on to the next time that somebody waits for; false when nobody waits. */
  advance(): boolean {
    const next = Math.min(...this.#timers.map(({ atMs }) => atMs));
    if (next === Number.POSITIVE_INFINITY) return false;
    this.#passedMs = next;
    const due = this.#timers.filter(({ atMs }) => atMs <= next);
    this.#timers = this.#timers.filter(({ atMs }) => atMs > next);
    for (const { ring } of due) ring();
    return true;
  }

  /** The machine was off for so long. */
  pass(ms: number): void {
    this.#passedMs += ms;
  }

  #ring(ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const timer: Timer = { atMs: this.#passedMs + ms, ring: resolve };
      this.#timers = [...this.#timers, timer];
      const giveUp = (): void => {
        this.#timers = this.#timers.filter((other) => other !== timer);
        resolve();
      };
      signal?.addEventListener("abort", giveUp, { once: true });
    });
  }
}
