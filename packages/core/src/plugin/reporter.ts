import type { JournalEntry } from "../model/events.js";
import type { RunId, TurnId } from "../model/ids.js";
import type { RunStateView } from "../model/view.js";
import type { TurnProgress } from "./executor.js";

/** `entry` is durable before it is reported; `state` is the state after it. */
export type ProgressEvent =
  | { readonly type: "entry"; readonly entry: JournalEntry; readonly state: RunStateView }
  | { readonly type: "progress"; readonly turn: TurnId; readonly update: TurnProgress }
  /** An agent asks a person, at the terminal or, with `elsewhere`, by `troupe answer` only; transient, never in the journal. */
  | {
      readonly type: "question";
      readonly runId: RunId;
      readonly turn: TurnId;
      readonly question: string;
      readonly elsewhere: boolean;
    }
  | { readonly type: "notice"; readonly level: "info" | "warning" | "error"; readonly message: string };

/** Never throws, never blocks (one that does harms no run); ignores types it does not know; `close` has 2 s. */
export interface ProgressReporter {
  report(event: ProgressEvent): void;
  close?(): Promise<void>;
}
