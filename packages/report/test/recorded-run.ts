// A run led by hand and recorded as the engine would have recorded it: facts in, one entry with all that follows.
import {
  type ArtifactRef,
  type CheckResult,
  decide,
  defineWorkflow,
  type GroupDefinition,
  type JournalEntry,
  planResume,
  type RunDefinition,
  type RunEvent,
  type RunLimits,
  type RunState,
  reduce,
  type StageDraft,
  type TextRef,
  type TurnFailed,
  type TurnSucceeded,
  type Usage,
} from "@troupe/core";

const NO_LIMITS: RunLimits = { durationMs: null, costUsd: null, tokens: null, waitMs: null, concurrency: null };
export const START: number = Date.UTC(2026, 10, 20, 9, 0, 0);
export const MINUTE: number = 60_000;
export const HOUR: number = 3_600_000;

export interface RunDraft {
  readonly runId?: string;
  readonly name?: string;
  readonly title?: string;
  readonly stages: readonly StageDraft[];
  readonly groups?: readonly (Pick<GroupDefinition, "name" | "stages"> & Partial<GroupDefinition>)[];
  readonly limits?: Partial<RunLimits>;
  readonly skip?: readonly string[];
  readonly capacity?: number;
}

function textOf(text: string): TextRef {
  return { sha256: "0".repeat(64), bytes: Buffer.byteLength(text), text };
}

function definitionOf({
  name = "release",
  title = "Try it",
  stages,
  groups,
  limits,
  skip = [],
}: RunDraft): RunDefinition {
  const workflow = defineWorkflow({ name, stages, ...(groups === undefined ? {} : { groups }) });
  return {
    format: 3,
    workflow,
    source: "stages.yaml",
    objective: { title, path: "objective.md", text: textOf(title) },
    templates: [],
    agents: [],
    inputs: {},
    skip,
    limits: { ...NO_LIMITS, ...limits },
    flags: { skip, limits: {}, inputs: {}, checks: [], agents: {}, shareTree: false },
    fingerprints: Object.fromEntries(
      workflow.stages.map(({ id, description }) => [id, `shape of ${id} ${description}`]),
    ),
  };
}

/** What a turn left. */
interface Left extends Partial<TurnSucceeded> {
  readonly files?: readonly string[];
  readonly cost?: number;
  readonly tokens?: number;
}

export class RecordedRun {
  readonly entries: JournalEntry[] = [];
  now = START;
  #state: RunState;
  readonly #capacity: number | null;

  /** `adopted`: its first stage is finished in the very first entry, and nobody works on it. */
  constructor(draft: RunDraft, start: "claimed" | "adopted" = "claimed") {
    const { runId = "release-2026-11-20-a1b2c3" } = draft;
    this.#capacity = draft.capacity ?? null;
    const created: RunEvent = { type: "run.created", runId, definition: definitionOf(draft) };
    this.#state = reduce(null, created, this.now);
    if (start === "adopted") {
      this.#adopt(created);
      return;
    }
    this.#append([created]);
    this.claim();
  }

  get state(): RunState {
    return this.#state;
  }

  after(ms: number): this {
    this.now += ms;
    return this;
  }

  /** Facts, all at once, and what follows from them, as one entry. */
  tell(...facts: readonly RunEvent[]): this {
    const events: RunEvent[] = [];
    const apply = (event: RunEvent): void => {
      this.#state = reduce(this.#state, event, this.now);
      events.push(event);
    };
    for (const fact of facts) apply(fact);
    for (;;) {
      const next = decide(this.#state, this.now);
      if (next.length === 0) break;
      for (const event of next) apply(event);
    }
    if (events.length > 0) this.#append(events);
    return this;
  }

  claim(
    more: { readonly previousSeenAt?: number | null; readonly command?: string; readonly pid?: number } = {},
  ): this {
    const { previousSeenAt = null, command = "troupe run objective.md", pid = 4100 + this.#state.epoch } = more;
    const { events } = planResume(this.#state, null, { changed: "keep" });
    return this.#take({ command, pid }, previousSeenAt, events);
  }

  #take(
    by: { readonly command: string; readonly pid: number },
    previousSeenAt: number | null,
    events: readonly RunEvent[],
  ): this {
    const claim = { ...by, epoch: this.#state.epoch + 1, capacity: this.#capacity };
    return this.tell(claimOf(claim, previousSeenAt), ...events);
  }

  succeed(turn: string, { files = [], cost, tokens, ...more }: Left = {}): this {
    const artifacts: readonly ArtifactRef[] = files.map((name, index) => ({
      name,
      sha256: `${turn}${name}${index}`
        .replace(/[^0-9a-f]/g, "")
        .padEnd(64, "7")
        .slice(0, 64),
      bytes: 1_000 + 137 * name.length,
    }));
    const result: TurnSucceeded = {
      status: "succeeded",
      output: textOf(`answer of ${turn}`),
      artifacts,
      log: { turn, bytes: 100, truncated: false },
      usage: usageOf(cost, tokens),
      session: null,
      ...more,
    };
    return this.tell({ type: "turn.settled", turn, result });
  }

  judge(turn: string, decision: "approved" | "rejected", reasons: readonly string[] = [], more: Left = {}): this {
    return this.succeed(turn, { verdict: { decision, reasons, source: "tool" }, ...more });
  }

  check(turn: string, ...checks: readonly (Partial<CheckResult> & { readonly passed: boolean })[]): this {
    const results = checks.map((one) => ({
      command: "npm test",
      exitCode: one.passed ? 0 : 1,
      durationMs: 42_000,
      ...one,
    }));
    return this.succeed(turn, { checks: results });
  }

  fail(
    turn: string,
    message: string,
    more: { code?: TurnFailed["error"]["code"]; retry?: TurnFailed["retry"]; hint?: string } = {},
  ): this {
    const { code = "AGENT_FAILED", retry = "never", hint = null } = more;
    const result: TurnFailed = {
      status: "failed",
      error: { code, message, hint },
      retry,
      output: null,
      log: { turn, bytes: 100, truncated: false },
      usage: null,
      session: null,
    };
    return this.tell({ type: "turn.settled", turn, result });
  }

  interrupt(turn: string, reason: "crashed" | "stopped" | "limit" | "cancelled" | "fail-fast"): this {
    return this.tell({
      type: "turn.settled",
      turn,
      result: { status: "interrupted", reason, log: null, usage: null, session: null },
    });
  }

  /** Another definition is adopted by whoever takes the run over; what it changes runs again. */
  edit(draft: RunDraft): this {
    const definition = definitionOf(draft);
    const { events } = planResume(this.#state, definition, { changed: "rerun" });
    return this.#take({ command: "troupe resume --rerun-changed", pid: 4100 + this.#state.epoch }, null, events);
  }

  /** As `adoptRun` of the engine writes it: one entry, in which no time passes. */
  #adopt(created: RunEvent): void {
    const events: RunEvent[] = [created];
    const apply = (event: RunEvent): void => {
      this.#state = reduce(this.#state, event, this.now);
      events.push(event);
    };
    const [stage = ""] = this.#state.stages.keys();
    const turn = `${stage}.1`;
    const output = textOf("as it was");
    apply(claimOf({ epoch: 1, command: "troupe import .", pid: 4100, capacity: null }, null));
    apply({
      type: "turn.started",
      turn,
      stage,
      kind: "work",
      round: 1,
      attempt: 1,
      agent: "builder-1",
      fingerprint: "",
      inputs: [],
      session: null,
    });
    apply({
      type: "turn.settled",
      turn,
      result: { status: "succeeded", output, artifacts: [], log: null, usage: null, session: null },
    });
    apply({ type: "stage.completed", stage, turn });
    apply({ type: "run.finished", outcome: "interrupted", limit: null });
    this.#append(events);
  }

  #append(events: readonly RunEvent[]): void {
    const { runId, definition, status, createdAt, updatedAt } = this.#state;
    const summary = {
      runId,
      workflow: definition.workflow.name,
      objective: definition.objective.title,
      status,
      createdAt,
      updatedAt,
    };
    const seq = this.entries.length + 1;
    // what is recorded must not change when the state moves on
    this.entries.push(structuredClone({ seq, id: `entry-${seq}`, at: this.now, events, summary }));
  }
}

function claimOf(
  { epoch, command, pid, capacity }: { epoch: number; command: string; pid: number; capacity: number | null },
  previousSeenAt: number | null,
): RunEvent {
  return {
    type: "run.claimed",
    epoch,
    owner: { pid, startTime: null, bootId: null, pidNamespace: null, host: "build-7", command },
    capacity,
    workspace: { kind: "folder", path: "/home/ada/project" },
    previousSeenAt,
  };
}

function usageOf(costUsd: number | undefined, tokens: number | undefined): Usage | null {
  if (costUsd === undefined && tokens === undefined) return null;
  const inputTokens = tokens === undefined ? null : Math.round(tokens * 0.8);
  return {
    inputTokens,
    outputTokens: tokens === undefined || inputTokens === null ? null : tokens - inputTokens,
    costUsd: costUsd ?? null,
  };
}
