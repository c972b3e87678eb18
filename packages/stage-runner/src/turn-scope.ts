import type { RunnerHost, TurnContext, TurnFailed, TurnInterrupted, TurnSucceeded, TurnTask } from "@troupe/core";
import type { KnownFacts } from "./known-facts.js";
import type { RunFolders } from "./run-folders.js";
import type { TurnOutput } from "./turn-output.js";

/** What every part of a turn works with. */
export interface TurnScope {
  readonly task: TurnTask;
  readonly context: TurnContext;
  readonly host: RunnerHost;
  readonly folders: RunFolders;
  /** Value of `TROUPE_TURN`: `<runId>/<epoch>/<turn>/<state>`. */
  readonly marker: string;
  readonly output: TurnOutput;
  /** What an agent has told of the turn so far. */
  readonly known: KnownFacts;
  /** Notes a process of this turn for a takeover; a lack of space is no failure. `startTime`: null = to be asked for. Throws `STORE_FAILED`. */
  noteProcess(pid: number, startTime?: number | null): void;
}

export type EndedTurn = Omit<TurnFailed, "log"> | Omit<TurnInterrupted, "log">;
/** A turn's result before its log is closed. */
export type TurnEnding = Omit<TurnSucceeded, "log"> | EndedTurn;
