import type { PartRow, RowStatus, StageRow } from "./console-model.js";
import { formatElapsed } from "./format.js";
import type { Tone } from "./segment.js";

/** The tone of a status. What it means is said in words beside it. */
export const STATUS_TONES: Readonly<Record<RowStatus, Tone>> = {
  pending: "dim",
  running: "busy",
  queued: "wait",
  retrying: "wait",
  approval: "wait",
  between: "wait",
  leftover: "wait",
  completed: "good",
  failed: "bad",
  cancelled: "bad",
  skipped: "dim",
};

/** What a stage is about, in words: `review by reviewer, round 2/4, last: rejected`. */
export function describeRow(row: StageRow): string {
  switch (row.status) {
    case "pending":
      return "not started";
    case "running":
      return describeWork(row);
    case "queued":
      return `waits for a slot: ${describeWork(row)}`;
    case "retrying":
      return describeWait(row);
    case "approval":
      return "waits for approval";
    case "between":
      return ["between two turns", ...rounds(row)].join(", ");
    case "leftover":
      return "ending what an earlier runner left";
    default:
      return row.reason === null ? row.status : `${row.status}: ${row.reason}`;
  }
}

/** What one of several agents does, in words. */
export function describePart({ status, attempt, waitsUntil }: PartRow): string {
  switch (status) {
    case "running":
      return attempt > 1 ? `works, attempt ${attempt}` : "works";
    case "queued":
      return "waits for a slot";
    case "retrying":
      return `waits until ${waitsUntil ?? "its time"} to try again`;
    case "between":
      return "starts again";
    case "completed":
      return "done";
    case "pending":
      return "not started";
    case "leftover":
      return "ending what an earlier runner left";
    default:
      return status;
  }
}

/** How long the stage has been running, or took; empty when it has not started. */
export function elapsedOf({ startedAt, endedAt }: Pick<StageRow, "startedAt" | "endedAt">, now: number): string {
  return startedAt === null ? "" : formatElapsed((endedAt ?? now) - startedAt);
}

/** `waits until 15:00: usage limit reached`: nothing is being tried before the time that the agent named. */
function describeWait({ waitsUntil, waitsFor }: StageRow): string {
  const isNamed = waitsFor?.isNamed === true;
  const reason = waitsFor === null ? "" : `: ${waitsFor.reason}`;
  return `waits until ${waitsUntil ?? "its time"}${isNamed ? "" : " to try again"}${reason}`;
}

function describeWork(row: StageRow): string {
  const by = row.agents.length === 0 ? "" : ` by ${row.agents.join(", ")}`;
  const attempt = row.attempt > 1 ? [`attempt ${row.attempt}`] : [];
  return [`${row.kind ?? "work"}${by}`, ...rounds(row), ...attempt].join(", ");
}

function rounds({ round, maxRounds, lastRound }: StageRow): readonly string[] {
  if (maxRounds === null) return [];
  return [`round ${round}/${maxRounds}`, ...(lastRound === null ? [] : [`last: ${lastRound}`])];
}
