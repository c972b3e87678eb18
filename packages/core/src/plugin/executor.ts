import type { TurnResult, TurnTask } from "../model/turn.js";
import type { Logger } from "./logger.js";

/** News of a turn in flight; transient, never in the journal. */
export type TurnProgress =
  | { readonly type: "queued" }
  | { readonly type: "launched" }
  /** Output of the agent or command, raw: sanitise before showing. Of much at once its end; the log has it all. */
  | { readonly type: "output"; readonly text: string }
  | { readonly type: "tool"; readonly phase: "start" | "end" }
  | { readonly type: "process"; readonly pid: number };

/** What an earlier owner had noted of a turn that it did not finish. */
export type AbandonedTurn = Pick<TurnResult, "log" | "usage" | "session">;

/** What a turn can tell and hear while it runs. */
export interface TurnContext {
  /** Aborts when the turn must end; `reason` is a {@link InterruptReason} (see `interruptReason`). */
  readonly signal: AbortSignal;
  /** Aborts after `signal` when there is no more patience: kill at once, skip the grace periods. */
  readonly kill: AbortSignal;
  readonly logger: Logger;
  /** Never throws. */
  progress(update: TurnProgress): void;
}

/**
 * Where turns run, and how many at once. It does not retry and does not reorder. `execute` settles only when nothing
 * of the turn is running any more; a throwing runner becomes a failed result.
 */
export interface StageExecutor {
  /** Turns it can run now; Infinity where a queue elsewhere decides (it then reports `queued` as progress). */
  readonly capacity: number;
  execute(task: TurnTask, context: TurnContext): Promise<TurnResult>;
  /**
   * After a takeover: the result of a turn that an earlier owner started; null = nothing of it is alive (any more).
   * Required of an executor whose turns may outlive this process; one that runs turns here asks
   * {@link TurnRunner.endAbandoned} first.
   */
  attach?(task: TurnTask, context: TurnContext): Promise<TurnResult | null>;
  close?(): Promise<void>;
}

/** What a turn does. */
export interface TurnRunner {
  /** Expected failures are results, not rejections; after an abort anything but success is `interrupted`. */
  run(task: TurnTask, context: TurnContext): Promise<TurnResult>;
  /**
   * Ends whatever an earlier owner of the run left running of this turn and resolves when nothing of it is alive, with
   * what was noted of the turn; null = nothing. Without it an executor takes for granted that a turn dies with its
   * runner's process.
   */
  endAbandoned?(task: TurnTask, context: TurnContext): Promise<AbandonedTurn | null>;
  close?(): Promise<void>;
}
