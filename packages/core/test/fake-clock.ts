import type { Clock } from "@troupe/core";

interface Timer {
  readonly at: number;
  readonly resolve: () => void;
}

/** Time that passes when the test says so. */
export class FakeClock implements Clock {
  #passed = 0;
  #timers: Timer[] = [];
  readonly #start: number;

  constructor(start = 1_000_000) {
    this.#start = start;
  }

  now(): number {
    return this.#start + this.#passed;
  }

  monotonic(): number {
    return this.#passed;
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (ms <= 0 || signal?.aborted === true) return resolve();
      this.#timers.push({ at: this.#passed + ms, resolve });
      signal?.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  /** Times from now at which somebody wants to be woken, sorted; those that were given up too. */
  get waits(): readonly number[] {
    return this.#timers.map(({ at }) => at - this.#passed).sort((a, b) => a - b);
  }

  advance(ms: number): void {
    this.#passed += ms;
    const due = this.#timers.filter(({ at }) => at <= this.#passed);
    this.#timers = this.#timers.filter(({ at }) => at > this.#passed);
    for (const { resolve } of due) resolve();
  }
}
