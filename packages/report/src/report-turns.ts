import type { TurnId } from "@troupe/core";
import { type HistoryTurn, stageOf } from "./history-turn.js";
import type { ReportTurn } from "./report.js";
import { shownError } from "./report-error.js";

/** A turn as the report tells it; `activeMs` is where the run's active clock stands. */
export function turnOf(
  turn: HistoryTurn,
  of: {
    readonly isHeld: boolean;
    /** Of the newest claim. */
    readonly epoch: number;
    readonly activeMs: number;
    readonly logPath: ((turn: TurnId) => string | null) | undefined;
  },
): ReportTurn {
  const { started, result } = turn;
  return {
    turn: started.turn,
    stage: stageOf(turn),
    kind: started.kind,
    round: started.round,
    attempt: started.attempt,
    agent: started.agent,
    epoch: turn.epoch,
    status: result?.status ?? (of.isHeld && turn.epoch === of.epoch ? "running" : "abandoned"),
    reason: result?.status === "interrupted" ? result.reason : null,
    startedAt: turn.startedAt,
    endedAt: turn.endedAt,
    activeFrom: turn.activeFrom,
    activeTo: turn.activeTo ?? of.activeMs,
    error: result?.status === "failed" ? shownError(result.error) : null,
    usage: result?.usage ?? null,
    // a turn in flight, or one that was cut off, may have one
    log:
      result !== null && result.status !== "interrupted" && result.log === null
        ? null
        : (of.logPath?.(started.turn) ?? null),
  };
}
