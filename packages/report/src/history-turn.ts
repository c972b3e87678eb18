import { type EventOf, type StageId, stageOfTurn, type TurnResult } from "@troupe/core";

/** A turn with its place on the wall clock and on the clock of the run's active time. */
export interface HistoryTurn {
  readonly started: EventOf<"turn.started">;
  readonly epoch: number;
  readonly startedAt: number;
  readonly activeFrom: number;
  result: TurnResult | null;
  endedAt: number | null;
  activeTo: number | null;
}

/** The stage of a turn, whatever has become of it. */
export function stageOf({ started }: HistoryTurn): StageId {
  return stageOfTurn(started.turn);
}
