// A run led by hand: facts in, and what follows as short lines. Pure, with a clock that the test moves.
import type {
  ArtifactRef,
  ResetCause,
  ResumeChoices,
  RunEvent,
  TextRef,
  TurnFailed,
  TurnSucceeded,
  TurnTask,
  WorkflowDraft,
} from "@troupe/core";
import { defineWorkflow, type RunDefinition, type RunLimits } from "@troupe/core";
import { decide } from "../src/state/decide.js";
import { planResume } from "../src/state/plan-resume.js";
import { reduce } from "../src/state/reduce.js";
import type { RunState, StageRecord } from "../src/state/run-state.js";
import { taskOf } from "../src/state/task.js";

export const OWNER = { pid: 1, startTime: null, bootId: null, pidNamespace: null, host: "here", command: "troupe run" };
export const NO_LIMITS: RunLimits = { durationMs: null, costUsd: null, tokens: null, waitMs: null, concurrency: null };

export function textOf(text: string): TextRef {
  return { sha256: `sha256 of ${text}`, bytes: text.length, text };
}

export function definitionOf(
  stages: WorkflowDraft["stages"],
  groups: NonNullable<WorkflowDraft["groups"]> = [],
  more: Partial<RunDefinition> = {},
): RunDefinition {
  return {
    format: 2,
    workflow: defineWorkflow({ name: "by-hand", stages, groups }),
    source: "test",
    objective: { title: "Do it", path: null, text: textOf("Do it") },
    templates: [],
    agents: [],
    inputs: {},
    skip: [],
    limits: NO_LIMITS,
    flags: { skip: [], limits: {}, inputs: {}, checks: [], agents: {}, shareTree: false },
    fingerprints: {},
    ...more,
  };
}

export interface HandClaim {
  readonly capacity?: number | null;
  readonly previousSeenAt?: number | null;
  readonly attended?: boolean;
  readonly from?: string;
  readonly until?: string;
  /** What is finished stays unless said otherwise. */
  readonly changed?: NonNullable<ResumeChoices["changed"]>;
  readonly definition?: RunDefinition;
  /** Just these and nothing that depends on them, as no plan would. */
  readonly reset?: readonly { readonly stage: string; readonly cause: ResetCause }[];
}

export class HandRun {
  readonly state: RunState;
  now = 1_000;
  #lines: string[] = [];

  constructor(definition: RunDefinition, capacity: number | null = null) {
    this.state = reduce(null, { type: "run.created", runId: "run-1", definition }, this.now);
    this.claim({ capacity });
  }

  /** What followed since the last look. */
  lines(): readonly string[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }

  stage(id: string): StageRecord {
    const record = this.state.stages.get(id);
    if (record === undefined) throw new Error(`no stage ${id}`);
    return record;
  }

  task(turn: string): TurnTask {
    const task = taskOf(this.state, turn);
    if (task === null) throw new Error(`${turn} is not in flight`);
    return task;
  }

  /** Facts, all at once, and what follows from them. */
  tell(...facts: readonly RunEvent[]): this {
    for (const fact of facts) reduce(this.state, fact, this.now);
    return this.look();
  }

  /** Time has passed. */
  look(ms = 0): this {
    this.now += ms;
    for (;;) {
      const events = decide(this.state, this.now);
      if (events.length === 0) return this;
      for (const event of events) {
        reduce(this.state, event, this.now);
        this.#lines.push(lineOf(event));
      }
    }
  }

  succeed(turn: string, more: Partial<TurnSucceeded> & { readonly files?: readonly string[] } = {}): this {
    const { files = [], ...rest } = more;
    const artifacts: readonly ArtifactRef[] = files.map((name) => ({ name, sha256: `${name} of ${turn}`, bytes: 1 }));
    return this.tell({
      type: "turn.settled",
      turn,
      result: {
        status: "succeeded",
        output: textOf(turn),
        artifacts,
        log: null,
        usage: null,
        session: null,
        ...rest,
      },
    });
  }

  /** A review turn that concludes. */
  judge(turn: string, decision: "approved" | "rejected", more: Partial<TurnSucceeded> = {}): this {
    return this.succeed(turn, { verdict: { decision, reasons: [], source: "tool" }, ...more });
  }

  /** A check turn with one command. */
  check(turn: string, passed: boolean): this {
    return this.succeed(turn, {
      checks: [{ command: "npm test", passed, exitCode: passed ? 0 : 1, durationMs: 5 }],
    });
  }

  fail(turn: string, retry: TurnFailed["retry"] = "never"): this {
    const error = { code: "AGENT_FAILED", message: `${turn} broke`, hint: null } as const;
    return this.tell({
      type: "turn.settled",
      turn,
      result: { status: "failed", error, retry, output: null, log: null, usage: null, session: null },
    });
  }

  interrupt(turn: string, reason: "crashed" | "stopped" | "limit" | "cancelled" | "fail-fast"): this {
    return this.tell({
      type: "turn.settled",
      turn,
      result: { status: "interrupted", reason, log: null, usage: null, session: null },
    });
  }

  /** Another process takes the run over, with what a resume resets and brings along. */
  claim({
    capacity = null,
    previousSeenAt = null,
    attended = false,
    definition,
    changed = "keep",
    from,
    until,
    reset = [],
  }: HandClaim = {}): this {
    const choices = { changed, ...(from === undefined ? {} : { from }) };
    const { events } = planResume(this.state, definition ?? null, choices);
    return this.tell(
      {
        type: "run.claimed",
        epoch: this.state.epoch + 1,
        owner: OWNER,
        capacity,
        workspace: { kind: "folder", path: "/tree" },
        previousSeenAt,
        ...(until === undefined ? {} : { until }),
        ...(attended ? { attended } : {}),
      },
      ...events,
      ...reset.map((one) => ({ type: "stage.reset", ...one }) as const),
    );
  }

  /** The holder dies and everything of its turns is found dead. */
  crash(): this {
    this.claim();
    for (const turn of [...this.state.inherited]) this.interrupt(turn, "crashed");
    return this;
  }
}

function lineOf(event: RunEvent): string {
  switch (event.type) {
    case "turn.started":
      return `${event.turn} ${event.kind} round ${event.round} attempt ${event.attempt}`;
    case "stage.failed":
      return `${event.stage} failed ${event.error.code}`;
    case "stage.cancelled":
      return `${event.stage} cancelled by ${event.cause.by === "stage" ? event.cause.stage : "request"}`;
    case "stage.completed":
    case "stage.skipped":
    case "stage.reset":
      return `${event.stage} ${event.type.slice("stage.".length)}`;
    case "review.concluded":
      return `${event.turn} ${event.verdict.decision} (${event.verdict.source})`;
    case "approval.requested":
      return `${event.turn} awaits approval`;
    case "limit.neared":
      return `${event.isAtLeast ? "at least " : ""}${event.used} of ${event.of} (${event.limit})`;
    case "run.finished":
      return `run ${event.outcome}${event.limit === null ? "" : ` (${event.limit})`}`;
    default:
      return event.type;
  }
}
