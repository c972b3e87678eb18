import {
  briefMessage,
  lastLineOfMessage,
  type SerializedError,
  type StageDefinition,
  type StageStatus,
  type StageView,
  type StageWait,
  sanitizeLine,
  stageWait,
  type TurnKind,
  type TurnView,
  type UsageTotals,
} from "@troupe/core";
import type { RowStatus, StageRow } from "./console-model.js";
import { notePartsOf, type PartNote, partRow } from "./part-note.js";
import type { RowContext } from "./turn-news.js";

/** What the console remembers of a stage: the state that it came from moves on. */
export interface StageNote {
  readonly definition: StageDefinition;
  readonly name: string;
  readonly status: StageStatus;
  readonly round: number;
  readonly inFlight: readonly TurnView[];
  readonly retryAt: number | null;
  readonly wait: StageWait | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly lastRound: string | null;
  readonly reason: string | null;
  readonly usage: UsageTotals;
  /** Empty but while several agents do the work. */
  readonly parts: readonly PartNote[];
}

export function noteStage(view: StageView): StageNote {
  const { definition, status, round, inFlight, retryAt, startedAt, endedAt } = view;
  return {
    definition,
    name: sanitizeLine(definition.name),
    status,
    round,
    inFlight,
    retryAt,
    wait: stageWait(view),
    startedAt,
    endedAt,
    lastRound: lastRoundOf(view),
    reason: reasonOf(view),
    usage: { ...view.usage },
    parts: notePartsOf(view),
  };
}

export function stageRow(note: StageNote, context: RowContext): StageRow {
  const { definition, inFlight, retryAt, wait, parts } = note;
  const turn = inFlight[0];
  const lines = inFlight.map((flight) => context.newsOf(flight.turn)?.tail.lastLine() ?? "");
  return {
    stage: definition.id,
    name: note.name,
    status: rowStatus(note, context),
    kind: turn === undefined ? null : workName(definition, turn.kind),
    agents: inFlight.flatMap(({ agent }) => (agent === null ? [] : [sanitizeLine(agent)])),
    round: turn?.round ?? note.round,
    maxRounds: maxRoundsOf(definition),
    attempt: turn?.attempt ?? 1,
    lastRound: note.lastRound,
    startedAt: note.startedAt,
    endedAt: note.endedAt,
    waitsUntil: retryAt === null ? null : context.wallClock.until(retryAt, context.now),
    waitsFor: wait === null ? null : { isNamed: wait.isNamed, reason: describeErrorInRow(wait.error) },
    lastLine: parts.length > 0 ? "" : (lines.findLast((line) => line !== "") ?? ""), // each part has its own
    reason: note.reason,
    usage: note.usage,
    ...(parts.length > 0 ? { parts: parts.map((part) => partRow(part, context)) } : {}),
  };
}

/** What a turn of this kind is called in this stage. */
export function workName(definition: StageDefinition, kind: TurnKind): TurnKind | "command" {
  return definition.kind === "command" && kind === "work" ? "command" : kind;
}

/** null = the stage has no rounds. */
export function maxRoundsOf({ kind, checks, approval, maxRounds }: StageDefinition): number | null {
  return kind === "review" || kind === "acceptance" || checks.length > 0 || approval ? maxRounds : null;
}

/** `claude ended with exit code 1 [AGENT_FAILED]`; of an output at its end the last line. */
export function describeError({ code, message }: SerializedError): string {
  return `${briefMessage(message)} [${sanitizeLine(code)}]`;
}

/** {@link describeError} for a row, which has no room for what is said before the last line. */
function describeErrorInRow({ code, message }: SerializedError): string {
  return `${lastLineOfMessage(message)} [${sanitizeLine(code)}]`;
}

function rowStatus({ status, inFlight, retryAt }: StageNote, { epoch, newsOf }: RowContext): RowStatus {
  if (status === "waiting") return "approval";
  if (status !== "running") return status;
  if (inFlight.length === 0) return retryAt === null ? "between" : "retrying";
  if (inFlight.every((turn) => turn.epoch !== epoch)) return "leftover";
  return inFlight.every(({ turn }) => newsOf(turn)?.isQueued === true) ? "queued" : "running";
}

function lastRoundOf({ lastChecks, lastVerdict }: StageView): string | null {
  return lastChecks.some(({ passed }) => !passed) ? "checks failed" : (lastVerdict?.decision ?? null);
}

function reasonOf({ status, error, cancelledBy }: StageView): string | null {
  if (status === "failed" && error !== null) return describeErrorInRow(error);
  if (status !== "cancelled" || cancelledBy === null) return null;
  return cancelledBy.by === "stage" ? `because ${sanitizeLine(cancelledBy.stage)} failed` : "on request";
}
