import type { OutputTail } from "./output-tail.js";
import type { WallClock } from "./wall-clock.js";

/** News of a turn in flight. */
export interface TurnNews {
  isQueued: boolean;
  readonly tail: OutputTail;
}

/** What a row depends on besides its stage. */
export interface RowContext {
  readonly epoch: number;
  readonly now: number;
  readonly wallClock: WallClock;
  newsOf(turn: string): TurnNews | undefined;
}
