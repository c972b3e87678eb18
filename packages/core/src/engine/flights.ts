import { deserializeError, serializeError, type TroupeError } from "../errors/troupe-error.js";
import type { RunEvent } from "../model/events.js";
import type { TurnId } from "../model/ids.js";
import { interruptReason } from "../model/interrupt.js";
import type { InterruptReason, TurnResult, TurnTask } from "../model/turn.js";
import type { TurnContext } from "../plugin/executor.js";
import type { Abort } from "../state/halt.js";
import type { Announcer } from "./announcer.js";
import { fitTask } from "./fit-task.js";
import { inJournalOrder } from "./pack-result.js";
import type { Engine } from "./types.js";

interface Flight {
  readonly controller: AbortController;
  readonly done: Promise<void>;
}

interface Alarm {
  /** Wall time, ms. */
  readonly at: number;
  readonly off: AbortController;
}

/** The turns in flight. Everything that has settled is handed over at once, together. */
export class Flights {
  readonly #engine: Engine;
  readonly #announcer: Announcer;
  readonly #flights: Map<TurnId, Flight> = new Map();
  readonly #kill: AbortController = new AbortController();
  #facts: RunEvent[] = [];
  /** The store failed under a turn: nothing may be taken for written any more. */
  #storeFailure: TroupeError | null = null;
  #isWoken = false;
  #alarm: Alarm | null = null;
  #wake: () => void = () => {};

  constructor(engine: Engine, announcer: Announcer) {
    this.#engine = engine;
    this.#announcer = announcer;
  }

  launch(tasks: readonly TurnTask[]): void {
    const { executor, store } = this.#engine;
    for (const task of tasks) {
      this.#fly(task, async (context) => executor.execute(await fitTask(store.blobs, task), context));
    }
  }

  /** Turns of an earlier claim: their result, or that nothing of them is alive any more. */
  attach(tasks: readonly TurnTask[]): void {
    const { executor, store } = this.#engine;
    for (const task of tasks) {
      this.#fly(task, async (context) => {
        const fitting = await fitTask(store.blobs, task);
        return (await executor.attach?.(fitting, context)) ?? interrupted("crashed");
      });
    }
  }

  abort(aborts: readonly Abort[]): void {
    for (const { turn, reason } of aborts) this.#flights.get(turn)?.controller.abort(reason);
  }

  /** A fact from outside the turns, such as that a person wants to stop. */
  tell(fact: RunEvent): void {
    this.#facts.push(fact);
    this.wake();
  }

  /** Others may have appended to the journal: `next` returns. */
  wake(): void {
    this.#isWoken = true;
    this.#wake();
  }

  /** No more patience with turns that are ending. */
  killAll(): void {
    this.#kill.abort();
  }

  /**
   * All facts by now, as soon as there is one; none when woken or when `until` (wall time, ms) has come. Rejects
   * `STORE_FAILED`, `BLOB_CORRUPT` and the like when the store failed under a turn, or what it keeps is damaged: that is no outcome of the turn, which stays in flight.
   */
  async next(until: number | null, now: () => number): Promise<readonly RunEvent[]> {
    if (!this.#isWoken && this.#facts.length === 0) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      if (until !== null) this.#setAlarm(until, now());
      await woken;
    }
    return this.take();
  }

  /** All facts by now: before the first turn perhaps that somebody wants to stop. Throws as {@link next} rejects. */
  take(): readonly RunEvent[] {
    if (this.#storeFailure !== null) throw this.#storeFailure;
    this.#isWoken = false;
    const facts = this.#facts;
    this.#facts = [];
    return facts;
  }

  /** Ends every turn and resolves when none is left. Their results are dropped: nobody may write them any more. */
  async endAll(reason: InterruptReason): Promise<void> {
    this.#silence();
    for (const { controller } of this.#flights.values()) controller.abort(reason);
    await Promise.all([...this.#flights.values()].map(({ done }) => done));
  }

  /**
   * Wakes at `until` at the latest. One alarm serves many waits: most end long before, and all of them wait for the same
   * end of the run's time. One that rings too early costs a look.
   */
  #setAlarm(until: number, now: number): void {
    if (this.#alarm !== null && this.#alarm.at <= until) return;
    this.#silence();
    const alarm = { at: until, off: new AbortController() };
    this.#alarm = alarm;
    void this.#engine.clock.wait(Math.max(0, until - now), alarm.off.signal).then(() => {
      if (this.#alarm !== alarm) return;
      this.#alarm = null;
      this.wake();
    });
  }

  #silence(): void {
    const alarm = this.#alarm;
    this.#alarm = null;
    alarm?.off.abort("silenced"); // without a reason it would make an error, stack and all
  }

  #fly(task: TurnTask, perform: (context: TurnContext) => Promise<TurnResult>): void {
    const controller = new AbortController();
    const context: TurnContext = {
      signal: controller.signal,
      kill: this.#kill.signal,
      logger: this.#engine.logger,
      progress: (update) => this.#announcer.tell({ type: "progress", turn: task.turn, update }),
    };
    const done = perform(context)
      .catch((error: unknown) =>
        controller.signal.aborted ? interrupted(interruptReason(controller.signal)) : failed(error),
      )
      .then((result) => {
        this.#flights.delete(task.turn);
        this.#settle(task.turn, result);
      });
    this.#flights.set(task.turn, { controller, done });
  }

  #settle(turn: TurnId, result: TurnResult): void {
    const failure = storeFailure(result);
    this.#storeFailure ??= failure;
    if (failure === null) this.tell({ type: "turn.settled", turn, result: inJournalOrder(result) });
    else this.wake();
  }
}

/** What only somebody who looks at the store can mend: another attempt, or another stage, would meet it too. */
const STORE_CODES: ReadonlySet<string> = new Set([
  "STORE_FAILED",
  "JOURNAL_CORRUPT",
  "JOURNAL_NEWER",
  "BLOB_CORRUPT",
  "BLOB_MISSING",
]);

/**
 * After a failed sync nobody knows what has reached the disk, and a second try proves nothing; nor does one with damaged content. It is no failure of the
 * turn's: that would spend the stage's attempts and throw away its rounds. An agent that may be asked again only could
 * not keep something of its own.
 */
function storeFailure(result: TurnResult): TroupeError | null {
  if (result.status !== "failed" || result.retry !== "never" || !STORE_CODES.has(result.error.code)) return null;
  return deserializeError(result.error);
}

function interrupted(reason: InterruptReason): TurnResult {
  return { status: "interrupted", reason, log: null, usage: null, session: null };
}

function failed(error: unknown): TurnResult {
  const serialized = serializeError(error, "TURN_FAILED");
  return { status: "failed", error: serialized, retry: "never", output: null, log: null, usage: null, session: null };
}
