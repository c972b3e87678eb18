import {
  defineStage,
  type GroupLimit,
  type TurnContext,
  type TurnProgress,
  type TurnResult,
  type TurnTask,
} from "@troupe/core";

const emptyText = { sha256: "0".repeat(64), bytes: 0, text: "" };

export function turnTask(stage: string, group: GroupLimit | null = null, runId = "run-1"): TurnTask {
  return {
    runId,
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

export function turnTasks(count: number, group: GroupLimit | null = null): readonly TurnTask[] {
  return Array.from({ length: count }, (_, index) => turnTask(`S${index + 1}`, group));
}

export interface RecordingContext extends TurnContext {
  readonly updates: readonly TurnProgress[];
}

export function recordingContext(signal: AbortSignal = new AbortController().signal): RecordingContext {
  const updates: TurnProgress[] = [];
  return {
    signal,
    kill: new AbortController().signal,
    logger: { debug: () => {}, info: () => {}, warn: () => {} },
    progress: (update) => {
      updates.push(update);
    },
    updates,
  };
}

export function succeeded(text: string): TurnResult {
  return {
    status: "succeeded",
    output: { sha256: "0".repeat(64), bytes: text.length, text },
    artifacts: [],
    log: null,
    usage: null,
    session: null,
  };
}

export function interrupted(reason: Extract<TurnResult, { status: "interrupted" }>["reason"]): TurnResult {
  return { status: "interrupted", reason, log: null, usage: null, session: null };
}
