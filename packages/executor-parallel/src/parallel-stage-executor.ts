import {
  interruptReason,
  type StageExecutor,
  serializeError,
  TroupeError,
  type TurnContext,
  type TurnProgress,
  type TurnResult,
  type TurnRunner,
  type TurnTask,
} from "@troupe/core";
import PQueue from "p-queue";
import { GroupQueues } from "./group-queues.js";

/** Turns at once when nothing else is said. */
export const DEFAULT_CONCURRENCY: number = 4;

/** What {@link ParallelStageExecutor} is made of. */
export interface ParallelStageExecutorOptions {
  /** Does the turns; closed with the executor. */
  readonly runner: TurnRunner;
  /** Turns at once over all runs and groups, a positive integer; {@link DEFAULT_CONCURRENCY} when not given. */
  readonly concurrency?: number;
}

/**
 * Runs turns side by side in this process: at most `concurrency` at once, and of a group with a limit at most that
 * many. It neither retries nor reorders. A turn keeps its slot until its runner has settled, whatever is aborted.
 */
export class ParallelStageExecutor implements StageExecutor {
  readonly capacity: number;
  readonly #runner: TurnRunner;
  readonly #all: PQueue;
  readonly #groups: GroupQueues = new GroupQueues();
  readonly #unsettled: Set<Promise<TurnResult>> = new Set();
  #closing: Promise<void> | null = null;

  /** Throws `PLUGIN_OPTIONS_INVALID` when `concurrency` is not a positive integer. */
  constructor(options: ParallelStageExecutorOptions) {
    const { runner, concurrency = DEFAULT_CONCURRENCY } = options;
    if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
      throw new TroupeError("PLUGIN_OPTIONS_INVALID", `concurrency must be a positive integer, not ${concurrency}`);
    }
    this.capacity = concurrency;
    this.#runner = runner;
    this.#all = new PQueue({ concurrency });
  }

  /**
   * Runs the turn when there is a slot, at once if there is one now; reports `queued` only when it waits, `launched`
   * when it starts. Never rejects: a runner that throws becomes a failed result (`TURN_FAILED` unless the error has a
   * code of its own) that is not retried, or an interrupted one after an abort. An abort while the turn waits settles
   * it at once and its runner is never called; an abort while it runs settles it when its runner has settled.
   */
  execute(task: TurnTask, context: TurnContext): Promise<TurnResult> {
    const settled = this.#closing === null ? this.#enqueue(task, context) : Promise.resolve(closedResult(task));
    this.#unsettled.add(settled);
    void settled.then(() => this.#unsettled.delete(settled));
    return settled;
  }

  /** {@link execute} for each task: one result per task, in their order; a failure stops none of the others. */
  executeAll(tasks: readonly TurnTask[], context: TurnContext): Promise<readonly TurnResult[]> {
    return Promise.all(tasks.map((task) => this.execute(task, context)));
  }

  /**
   * A turn of an earlier owner died with that owner's process, or the runner ends what is left of it: interrupted as
   * crashed with what was noted of it, null when nothing was. Rejects as `endAbandoned` of the runner does; then
   * something may still be alive.
   */
  async attach(task: TurnTask, context: TurnContext): Promise<TurnResult | null> {
    const noted = (await this.#runner.endAbandoned?.(task, context)) ?? null;
    if (noted === null) return null;
    return { status: "interrupted", reason: "crashed", log: noted.log, usage: noted.usage, session: noted.session };
  }

  /** Settles when every turn has, then closes the runner. It aborts nothing; what comes later is refused. */
  close(): Promise<void> {
    this.#closing ??= this.#closeWhenIdle();
    return this.#closing;
  }

  #enqueue(task: TurnTask, context: TurnContext): Promise<TurnResult> {
    const { signal } = context;
    if (signal.aborted) return Promise.resolve(interruptedResult(signal));
    const { promise: settled, resolve } = Promise.withResolvers<TurnResult>();
    const report = guardProgress(context);
    let phase: "waiting" | "started" | "left" = "waiting";
    let isListening = false; // only a turn that waits can leave
    const leave = (): void => {
      phase = "left";
      resolve(interruptedResult(signal));
    };
    // p-queue must not see the signal: it would free the slot while the runner still works.
    const start = async (): Promise<void> => {
      if (phase === "left") return;
      if (isListening) signal.removeEventListener("abort", leave);
      phase = "started";
      report({ type: "launched" });
      resolve(this.#run(task, { signal, kill: context.kill, logger: context.logger, progress: report }));
      await settled;
    };
    // The group's queue is the outer one: a turn that waits for its group must not hold a slot of all. It waits for
    // `settled`, not for its place in the inner queue, so that leaving frees the group's slot at once.
    const startInGroup = (): Promise<unknown> => {
      if (phase !== "left") void this.#all.add(start);
      return settled;
    };
    const limit = task.group?.maxConcurrent ?? null;
    if (limit === null) void this.#all.add(start);
    else void this.#groups.add(task, limit, startInGroup);
    if (phase === "waiting") {
      isListening = true;
      signal.addEventListener("abort", leave, { once: true });
      report({ type: "queued" });
    }
    return settled;
  }

  async #run(task: TurnTask, context: TurnContext): Promise<TurnResult> {
    try {
      return await this.#runner.run(task, context);
    } catch (error) {
      if (context.signal.aborted) return interruptedResult(context.signal);
      return failedResult(error);
    }
  }

  async #closeWhenIdle(): Promise<void> {
    await Promise.all(this.#unsettled);
    await this.#runner.close?.();
  }
}

function guardProgress(context: TurnContext): (update: TurnProgress) => void {
  return (update) => {
    try {
      context.progress(update);
    } catch {
      // News for a display: losing it must not cost the turn.
    }
  };
}

function interruptedResult(signal: AbortSignal): TurnResult {
  return { status: "interrupted", reason: interruptReason(signal), log: null, usage: null, session: null };
}

function failedResult(error: unknown): TurnResult {
  return {
    status: "failed",
    error: serializeError(error, "TURN_FAILED"),
    retry: "never",
    output: null,
    log: null,
    usage: null,
    session: null,
  };
}

function closedResult(task: TurnTask): TurnResult {
  return failedResult(new TroupeError("INTERNAL", `${task.turn} came after the executor was closed`));
}
