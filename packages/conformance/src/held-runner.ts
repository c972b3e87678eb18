import {
  defineStage,
  type GroupLimit,
  type TurnContext,
  type TurnResult,
  type TurnRunner,
  type TurnTask,
} from "@troupe/core";

/** A runner whose turns run until the case lets them go. */
export interface HeldRunner extends TurnRunner {
  /** Stages whose turn was started, in order; one that was started twice stands here twice. */
  readonly started: readonly string[];
  readonly running: number;
  /** Most turns that ever ran at once. */
  readonly peak: number;
  release(stage: string, result: TurnResult): void;
}

export function createHeldRunner(): HeldRunner {
  const started: string[] = [];
  const held = new Map<string, (result: TurnResult) => void>();
  let peak = 0;
  return {
    started,
    get running() {
      return held.size;
    },
    get peak() {
      return peak;
    },
    run(task: TurnTask) {
      const { promise, resolve } = Promise.withResolvers<TurnResult>();
      started.push(task.stage.id);
      held.set(task.stage.id, resolve);
      peak = Math.max(peak, held.size);
      return promise;
    },
    release(stage, result) {
      held.get(stage)?.(result);
      held.delete(stage);
    },
  };
}

const emptyText = { sha256: "0".repeat(64), bytes: 0, text: "" };

/** The first turn of a stage of this name. */
export function turnTask(stage: string, group: GroupLimit | null = null): TurnTask {
  return {
    runId: "conformance",
    epoch: 1,
    turn: `${stage}.1`,
    stage: defineStage({ id: stage }),
    kind: "work",
    round: 1,
    attempt: 1,
    agent: null,
    group,
    objective: emptyText,
    template: null,
    inputs: [],
    owned: [],
    underReview: null,
    feedback: [],
    checks: [],
    lastChecks: [],
    skipped: [],
    before: null,
    beforeTurn: null,
    session: null,
    values: {},
    workspace: { kind: "folder", path: "/" },
  };
}

export function turnContext(signal: AbortSignal = new AbortController().signal): TurnContext {
  return {
    signal,
    kill: new AbortController().signal,
    logger: { debug: () => {}, info: () => {}, warn: () => {} },
    progress: () => {},
  };
}

export function succeeded(text: string): TurnResult {
  const output = { sha256: "0".repeat(64), bytes: text.length, text };
  return { status: "succeeded", output, artifacts: [], log: null, usage: null, session: null };
}
