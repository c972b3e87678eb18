import type { StageExecutor, TurnRunner } from "@troupe/core";

/** What an executor's author hands in: how to make one. */
export interface ExecutorSubject {
  /** A fresh executor that lets at most `concurrency` turns of `runner` run at once. */
  create(options: {
    readonly runner: TurnRunner;
    readonly concurrency: number;
  }): StageExecutor | Promise<StageExecutor>;
}
