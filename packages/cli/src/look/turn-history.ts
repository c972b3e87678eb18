import {
  type AgentId,
  type ArtifactRef,
  type CheckResult,
  type InterruptReason,
  type JournalEntry,
  type LogRef,
  type RunEvent,
  type SerializedError,
  type StageId,
  stageOfTurn,
  type TextRef,
  type TurnId,
  type TurnKind,
  type TurnUsage,
  type Verdict,
} from "@troupe/core";

/** What a person has said of a turn's result. */
export interface TurnJudgement {
  readonly decision: "approved" | "rejected";
  /** Who it was, as they were known to their system. */
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A turn from its start to its result. */
export interface TurnRecord {
  readonly turn: TurnId;
  readonly stage: StageId;
  readonly kind: TurnKind;
  readonly round: number;
  readonly attempt: number;
  readonly agent: AgentId | null;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** null = it has not ended. */
  readonly endedAt: number | null;
  readonly status: "running" | "succeeded" | "failed" | "interrupted";
  /** Why it was interrupted. */
  readonly reason: InterruptReason | null;
  readonly error: SerializedError | null;
  /** As the review was concluded by it; null = it judged nothing. */
  readonly verdict: Verdict | null;
  /** null = no person has judged it. */
  readonly judgement: (TurnJudgement & { readonly message: TextRef | string | null }) | null;
  readonly checks: readonly CheckResult[];
  readonly output: TextRef | null;
  readonly artifacts: readonly ArtifactRef[];
  readonly usage: TurnUsage | null;
  readonly log: LogRef | null;
}

/** Every turn of a run in the order in which they started. */
export function turnsOf(entries: readonly JournalEntry[]): readonly TurnRecord[] {
  const turns = new Map<TurnId, TurnRecord>();
  for (const { at, events } of entries) for (const event of events) note(turns, event, at);
  return [...turns.values()];
}

function note(turns: Map<TurnId, TurnRecord>, event: RunEvent, at: number): void {
  if (event.type === "turn.started") {
    turns.set(event.turn, started(event, at));
    return;
  }
  const before = "turn" in event && event.turn !== null ? turns.get(event.turn) : undefined;
  if (before === undefined) return;
  if (event.type === "turn.settled") turns.set(before.turn, settled(before, event, at));
  if (event.type === "review.concluded") turns.set(before.turn, { ...before, verdict: event.verdict });
  if (event.type !== "approval.granted" && event.type !== "approval.denied") return;
  const decision = event.type === "approval.granted" ? "approved" : "rejected";
  turns.set(before.turn, { ...before, judgement: { decision, by: event.by, at, message: event.message } });
}

function started(event: Extract<RunEvent, { type: "turn.started" }>, at: number): TurnRecord {
  const { turn, kind, round, attempt, agent } = event;
  const unjudged = { verdict: null, judgement: null, checks: [] } as const;
  const nothing = { ...unjudged, reason: null, error: null, output: null, artifacts: [] } as const;
  return {
    turn,
    stage: stageOfTurn(turn),
    kind,
    round,
    attempt,
    agent,
    startedAt: at,
    endedAt: null,
    status: "running",
    ...nothing,
    usage: null,
    log: null,
  };
}

function settled(before: TurnRecord, { result }: Extract<RunEvent, { type: "turn.settled" }>, at: number): TurnRecord {
  const ended = { ...before, endedAt: at, status: result.status, usage: result.usage, log: result.log };
  switch (result.status) {
    case "succeeded": {
      const { output, artifacts, verdict = null, checks = [] } = result;
      return { ...ended, output, artifacts, verdict, checks };
    }
    case "failed":
      return { ...ended, error: result.error, output: result.output };
    case "interrupted":
      return { ...ended, reason: result.reason };
  }
}
