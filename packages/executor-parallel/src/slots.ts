import PQueue from "p-queue";

/**
 * So many jobs at once. One that finds a slot free has it at once; only those that wait go through p-queue, which does
 * more with each job than starting a turn costs. They come first, in their order.
 */
export class Slots {
  readonly #most: number;
  /** Those that wait, and those that have waited and are running. */
  readonly #queue: PQueue;
  /** Jobs running that did not have to wait. */
  #unqueued = 0;

  constructor(most: number) {
    this.#most = most;
    this.#queue = new PQueue({ concurrency: most });
  }

  get isFree(): boolean {
    return this.#queue.size === 0 && this.#unqueued + this.#queue.pending < this.#most;
  }

  /** Begins a job for which there is a slot now: see {@link isFree}. It must not reject. */
  take<Result>(job: () => Promise<Result>): Promise<Result> {
    this.#unqueued += 1;
    const settled = job();
    void settled.then(() => {
      this.#unqueued -= 1;
      if (this.#queue.size > 0) this.#share();
    });
    return settled;
  }

  /** Begins a job when there is a slot, at once if that is now. It must not reject. */
  add(job: () => Promise<unknown>): void {
    if (this.isFree) {
      void this.take(job);
      return;
    }
    this.#share();
    void this.#queue.add(job);
  }

  /** The queue has the slots that are not taken past it. */
  #share(): void {
    const left = this.#most - this.#unqueued;
    if (left === 0) {
      this.#queue.pause();
      return;
    }
    this.#queue.concurrency = left;
    this.#queue.start();
  }
}
