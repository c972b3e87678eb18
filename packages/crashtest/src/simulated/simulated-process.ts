import type { Owner } from "@troupe/core";

/** What a call of a process gets that is dead: nobody is there to see it, so it only has to have no effect. */
class DeadProcessError extends Error {
  override name = "DeadProcessError";
}

/** A process of the simulated machine: it runs, is stopped, or is dead for ever. */
export class SimulatedProcess {
  readonly owner: Owner;
  readonly #death: AbortController = new AbortController();
  #woken: PromiseWithResolvers<void> | null = null;

  constructor(owner: Owner) {
    this.owner = owner;
  }

  /** Aborts when the process dies. */
  get died(): AbortSignal {
    return this.#death.signal;
  }

  get isDead(): boolean {
    return this.#death.signal.aborted;
  }

  get isStopped(): boolean {
    return this.#woken !== null;
  }

  die(): void {
    this.#death.abort();
    this.wake(); // what waited finds itself dead
  }

  stop(): void {
    if (!this.isDead) this.#woken ??= Promise.withResolvers();
  }

  wake(): void {
    this.#woken?.resolve();
    this.#woken = null;
  }

  /** Passes while the process runs, waits while it is stopped, rejects once it is dead. */
  async enter(): Promise<void> {
    await this.awake();
    if (this.isDead) throw new DeadProcessError("the process is dead");
  }

  /** Also when it is dead. */
  async awake(): Promise<void> {
    await null; // no call is answered at once: others get their turn
    while (this.#woken !== null) await this.#woken.promise;
  }
}
