import {
  defineRun,
  defineWorkflow,
  type GroupDefinition,
  type ProgressEvent,
  type RunDefinition,
  type RunEvent,
  type RunState,
  reduce,
  type StageDraft,
  type TurnKind,
  type TurnResult,
  type Usage,
} from "@troupe/core";

/** 15:00:00 UTC. */
export const START = Date.UTC(2025, 10, 22, 15, 0, 0);
const sha256 = "0".repeat(64);

export type EntryEvent = Extract<ProgressEvent, { type: "entry" }>;

/** A run whose state moves on with what the test says happened. */
export interface RunScript {
  readonly state: RunState;
  /** An entry `seconds` after the start. */
  entry(seconds: number, ...events: readonly RunEvent[]): EntryEvent;
}

export interface ScriptDraft {
  readonly stages: readonly StageDraft[];
  readonly groups?: readonly (Pick<GroupDefinition, "name" | "stages"> & Partial<GroupDefinition>)[];
  readonly definition?: Partial<Omit<RunDefinition, "format" | "fingerprints">>;
}

export function createRunScript({ stages, groups = [], definition = {} }: ScriptDraft): RunScript {
  const workflow = defineWorkflow({ name: "default", stages, groups });
  const objective = { title: "Add a dark mode", path: null, text: textOf("Add a dark mode") };
  const created: RunEvent = {
    type: "run.created",
    runId: "dark-mode-1",
    definition: defineRun({ workflow, objective, ...definition }),
  };
  const state = reduce(null, created, START);
  let seq = 1;
  return {
    state,
    entry(seconds, ...events) {
      const at = START + Math.round(seconds * 1000);
      for (const event of events) reduce(state, event, at);
      seq += 1;
      const { runId, createdAt } = state;
      const summary = {
        runId,
        workflow: workflow.name,
        objective: objective.title,
        status: state.status,
        createdAt,
        updatedAt: at,
      };
      // as it is now: the test may report the entry after the state has moved on
      const asOfNow = { ...structuredClone({ ...state, definition: null, graph: null }), definition: state.definition };
      return { type: "entry", entry: { seq, id: `e${seq}`, at, events, summary }, state: asOfNow };
    },
  };
}

export function claimed(epoch = 1): RunEvent {
  const owner = { pid: 1, startTime: null, bootId: null, pidNamespace: null, host: "h", command: "troupe run" };
  return {
    type: "run.claimed",
    epoch,
    owner,
    capacity: 64,
    workspace: { kind: "folder", path: "/" },
    previousSeenAt: null,
  };
}

export interface TurnDraft {
  readonly kind?: TurnKind;
  readonly round?: number;
  readonly attempt?: number;
  readonly agent?: string | null;
}

export function started(turn: string, draft: TurnDraft = {}): RunEvent {
  const { kind = "work", round = 1, attempt = 1, agent = "builder" } = draft;
  const stage = turn.slice(0, turn.lastIndexOf("."));
  return {
    type: "turn.started",
    turn,
    stage,
    kind,
    round,
    attempt,
    agent,
    fingerprint: sha256,
    inputs: [],
    session: null,
  };
}

export function settled(turn: string, result: TurnResult = succeeded()): RunEvent {
  return { type: "turn.settled", turn, result };
}

const someUsage: Usage = { inputTokens: 20_000, outputTokens: 2600, costUsd: 0.61 };

export function succeeded(parts: Partial<Extract<TurnResult, { status: "succeeded" }>> = {}): TurnResult {
  return {
    status: "succeeded",
    output: textOf("done"),
    artifacts: [],
    log: null,
    usage: someUsage,
    session: null,
    ...parts,
  };
}

export const agentError = {
  code: "AGENT_FAILED",
  message: "claude ended with exit code 1",
  hint: "troupe logs dark-mode-1 SPIKE",
} as const;

export function failed(retry: Extract<TurnResult, { status: "failed" }>["retry"] = "never"): TurnResult {
  return { status: "failed", error: agentError, retry, output: null, log: null, usage: null, session: null };
}

export function completed(stage: string, turn: string | null = `${stage}.1`): RunEvent {
  return { type: "stage.completed", stage, turn };
}

export function stageFailed(stage: string): RunEvent {
  return { type: "stage.failed", stage, turn: `${stage}.1`, error: agentError };
}

export function output(turn: string, text: string): ProgressEvent {
  return { type: "progress", turn, update: { type: "output", text } };
}

export function textOf(text: string): { sha256: string; bytes: number; text: string } {
  return { sha256, bytes: text.length, text };
}

/** A specification with its review, then three stages side by side, then a plan. */
export const teamDraft: ScriptDraft = {
  stages: [
    { id: "SPEC", workAgent: "analyst" },
    {
      id: "SPEC_REVIEW",
      kind: "review",
      workAgent: "analyst",
      reviewAgent: "reviewer",
      reviews: "SPEC",
      needs: ["SPEC"],
    },
    { id: "RESEARCH", workAgent: "builder", needs: ["SPEC_REVIEW"] },
    { id: "TEST_STRATEGY", workAgent: "tester", needs: ["SPEC_REVIEW"] },
    { id: "SPIKE", workAgent: "hacker", needs: ["SPEC_REVIEW"] },
    { id: "PLAN", workAgent: "pm", needs: ["RESEARCH", "TEST_STRATEGY", "SPIKE"] },
  ],
  groups: [{ name: "analysis", stages: ["RESEARCH", "TEST_STRATEGY", "SPIKE"], after: "SPEC_REVIEW", before: "PLAN" }],
};

/** A run of {@link teamDraft}, up to where its specification was rejected and is being mended. */
export function reviewRound(script: RunScript): readonly EntryEvent[] {
  const verdict = { decision: "rejected", reasons: ["no acceptance scenarios"], source: "text" } as const;
  return [
    script.entry(0, claimed(), started("SPEC.1", { agent: "analyst" })),
    script.entry(
      65,
      settled("SPEC.1"),
      completed("SPEC"),
      started("SPEC_REVIEW.1", { kind: "review", agent: "reviewer" }),
    ),
    script.entry(
      95,
      settled("SPEC_REVIEW.1", succeeded({ verdict })),
      { type: "review.concluded", stage: "SPEC_REVIEW", round: 1, turn: "SPEC_REVIEW.1", verdict },
      started("SPEC_REVIEW.2", { kind: "fix", agent: "analyst" }),
    ),
  ];
}

/** What follows {@link reviewRound}: approved in round 2, the group starts. */
export function groupStarts(script: RunScript): readonly EntryEvent[] {
  const verdict = { decision: "approved", reasons: [], source: "text" } as const;
  return [
    script.entry(
      120,
      settled("SPEC_REVIEW.2"),
      started("SPEC_REVIEW.3", { kind: "review", round: 2, agent: "reviewer" }),
    ),
    script.entry(
      150,
      settled("SPEC_REVIEW.3", succeeded({ verdict, usage: null })),
      { type: "review.concluded", stage: "SPEC_REVIEW", round: 2, turn: "SPEC_REVIEW.3", verdict },
      completed("SPEC_REVIEW", "SPEC_REVIEW.3"),
      started("RESEARCH.1"),
      started("TEST_STRATEGY.1", { agent: "tester" }),
      started("SPIKE.1", { agent: "hacker" }),
    ),
  ];
}

/** What follows {@link groupStarts}: one member completes, one fails, one still runs. */
export function membersEnd(script: RunScript): readonly EntryEvent[] {
  return [
    script.entry(160.25, settled("TEST_STRATEGY.1"), completed("TEST_STRATEGY")),
    script.entry(170, settled("SPIKE.1", failed()), stageFailed("SPIKE")),
  ];
}

/** What follows {@link membersEnd}: the last member completes and the run ends as failed. */
export function runEnds(script: RunScript): readonly EntryEvent[] {
  return [
    script.entry(210, settled("RESEARCH.1"), completed("RESEARCH"), {
      type: "run.finished",
      outcome: "failed",
      limit: null,
    }),
  ];
}
