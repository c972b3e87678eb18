import { type StageView, sanitizeLine, type TurnResult, type TurnView, type WorkPartView } from "@troupe/core";
import type { PartRow, RowStatus } from "./console-model.js";
import type { RowContext } from "./turn-news.js";

/** What the console remembers of one agent's part of the work. */
export interface PartNote {
  readonly agent: string;
  readonly turn: TurnView | null;
  readonly last: { readonly turn: TurnView; readonly status: TurnResult["status"]; readonly at: number } | null;
  readonly retryAt: number | null;
}

/** The parts of a stage whose work several agents do; none once all have done theirs. */
export function notePartsOf({ status, parts }: StageView): readonly PartNote[] {
  const notes = [...parts.values()].map(notePart);
  const isDone = notes.every(({ last }) => last?.status === "succeeded");
  return status !== "running" || isDone || notes.length < 2 ? [] : notes;
}

function notePart({ agent, turn, last, retryAt }: WorkPartView): PartNote {
  const ended = last === null ? null : { turn: last.turn, status: last.result.status, at: last.at };
  return { agent: sanitizeLine(agent), turn, last: ended, retryAt };
}

export function partRow(note: PartNote, context: RowContext): PartRow {
  const { agent, turn, last, retryAt } = note;
  return {
    agent,
    status: partStatus(note, context),
    attempt: turn?.attempt ?? last?.turn.attempt ?? 1,
    startedAt: (turn ?? last?.turn)?.startedAt ?? null,
    endedAt: turn === null ? (last?.at ?? null) : null,
    waitsUntil: retryAt === null ? null : context.wallClock.until(retryAt, context.now),
    lastLine: turn === null ? "" : (context.newsOf(turn.turn)?.tail.lastLine() ?? ""),
  };
}

function partStatus({ turn, last, retryAt }: PartNote, { epoch, newsOf }: RowContext): RowStatus {
  if (turn !== null && turn.epoch !== epoch) return "leftover";
  if (turn !== null) return newsOf(turn.turn)?.isQueued === true ? "queued" : "running";
  if (retryAt !== null) return "retrying";
  if (last === null) return "pending";
  if (last.status === "interrupted") return "between";
  return last.status === "succeeded" ? "completed" : "failed";
}
