import type { TurnContext, TurnResult, TurnRunner, TurnTask } from "@troupe/core";
import { succeeded } from "./turns.js";

/** A runner whose turns run until the test lets them go. */
export interface HeldRunner extends TurnRunner {
  /** Stages started, in order. */
  readonly started: readonly string[];
  readonly running: number;
  readonly peak: number;
  readonly closed: number;
  /** Settles a running turn, by default as succeeded. */
  release(stage: string, result?: TurnResult): void;
}

export function createHeldRunner(): HeldRunner {
  const started: string[] = [];
  const held = new Map<string, (result: TurnResult) => void>();
  let peak = 0;
  let closed = 0;
  return {
    started,
    get running() {
      return held.size;
    },
    get peak() {
      return peak;
    },
    get closed() {
      return closed;
    },
    run(task: TurnTask, _context: TurnContext) {
      const { promise, resolve } = Promise.withResolvers<TurnResult>();
      started.push(task.stage.id);
      held.set(task.stage.id, resolve);
      peak = Math.max(peak, held.size);
      return promise;
    },
    release(stage, result = succeeded(stage)) {
      const resolve = held.get(stage);
      if (resolve === undefined) throw new Error(`${stage} does not run`);
      held.delete(stage);
      resolve(result);
    },
    close() {
      closed += 1;
      return Promise.resolve();
    },
  };
}
