import { type RunEvent, stageOfTurn, type TextRef, type TurnId } from "@troupe/core";
import type { HistoryTurn } from "./history-turn.js";
import type { ReportRound } from "./report.js";
import { showBytes } from "./show-usage.js";

/** What an event judges: a review's verdict, what checks found, the word of a person. */
export function judgementsOf(
  event: RunEvent,
  at: number,
  turns: ReadonlyMap<TurnId, HistoryTurn>,
): readonly ReportRound[] {
  switch (event.type) {
    case "review.concluded": {
      const { stage, round, turn, verdict } = event;
      const decision = verdict.source === "none" ? "none" : verdict.decision;
      return [
        {
          stage,
          round,
          turn,
          at,
          by: "review",
          decision,
          source: verdict.source,
          reasons: verdict.reasons,
          checks: [],
        },
      ];
    }
    case "turn.settled": {
      const { turn, result } = event;
      if (result.status !== "succeeded" || result.checks === undefined) return [];
      const decision = result.checks.every(({ passed }) => passed) ? "approved" : "rejected";
      const round = roundOf(turn, turns);
      const { checks } = result;
      return [{ stage: stageOfTurn(turn), round, turn, at, by: "checks", decision, source: null, reasons: [], checks }];
    }
    case "approval.granted":
    case "approval.denied": {
      const { stage, turn, message, by } = event;
      const said = typeof message === "object" && message !== null ? wordsOf(message) : message;
      return [
        {
          stage,
          turn,
          at,
          round: roundOf(turn, turns),
          by: "person",
          decision: event.type === "approval.granted" ? "approved" : "rejected",
          source: "person",
          reasons: [said === null || said === "" ? `by ${by}` : `${by}: ${said}`],
          checks: [],
        },
      ];
    }
    default:
      return [];
  }
}

function roundOf(turn: TurnId, turns: ReadonlyMap<TurnId, HistoryTurn>): number {
  return turns.get(turn)?.started.round ?? 0;
}

function wordsOf({ text, bytes }: TextRef): string {
  return text ?? `a text of ${showBytes(bytes)}`;
}
