import {
  type JournalEntry,
  type RunEvent,
  type RunStateView,
  type StageId,
  type StageView,
  type StageWait,
  stageOfTurn,
  stageWait,
} from "@troupe/core";
import { type EventLine, stageLabel } from "./event-line.js";
import { segment } from "./segment.js";
import { describeError } from "./stage-note.js";
import type { WallClock } from "./wall-clock.js";

/** What can be done about a wait at the terminal of the run. */
export const HOW_TO_STOP: string = "Ctrl+C stops the run and keeps it";

/** A wait that is over sooner needs no advice. */
const LONG_MS = 60_000;

/** What is said of stages that wait for a time, such as the end of a limit, beside the lines of events. */
export interface WaitNews {
  /** After the lines of an entry: waits that none of them has told, and what can be done where nothing else goes on. */
  after(entry: JournalEntry, state: RunStateView): readonly EventLine[];
}

/** Each wait is told once, also one that began under an earlier runner. */
export function createWaitNews(wallClock: WallClock): WaitNews {
  const told = new Map<StageId, number>();
  const waiting = createWaiting();
  let advisedUntil: number | null = null;
  return {
    after({ at, events }, state) {
      const lines: EventLine[] = [];
      const waits = waiting.after(events, state);
      // a failed turn's own line says how long its stage waits
      const settled = events.flatMap((event) => (event.type === "turn.settled" ? [stageOfTurn(event.turn)] : []));
      for (const { id, view, wait } of waits) {
        const isNews = told.get(id) !== wait.until && !settled.includes(id);
        told.set(id, wait.until);
        if (!isNews) continue;
        const until = `waits until ${wallClock.until(wait.until, at)}${wait.isNamed ? "" : " to try again"}`;
        lines.push(line(`${stageLabel(id, view)}: ${until}: ${describeError(wait.error)}`));
      }
      const until = firstEnd(state, waits);
      if (until !== null && until !== advisedUntil && until - at >= LONG_MS) {
        lines.push(
          line(
            `nothing else can go on before ${wallClock.until(until, at)}. ${HOW_TO_STOP}, troupe resume ${state.runId} goes on with it; troupe cancel ${state.runId} gives it up`,
          ),
        );
      }
      advisedUntil = until;
      return lines;
    },
  };
}

interface WaitingStage {
  readonly id: StageId;
  readonly view: StageView;
  readonly wait: StageWait;
}

/** Knows which stages wait without a look at all of them for each entry. */
function createWaiting(): { after(events: readonly RunEvent[], state: RunStateView): readonly WaitingStage[] } {
  const waiting = new Map<StageId, WaitingStage>();
  let isKnown = false;
  const look = (id: StageId, view: StageView | undefined): void => {
    const wait = view === undefined ? null : stageWait(view);
    if (view === undefined || wait === null) waiting.delete(id);
    else waiting.set(id, { id, view, wait });
  };
  return {
    after(events, { stages }) {
      const touched = events.map(stageOf);
      if (isKnown && touched.every((id) => id !== null)) for (const id of touched) look(id, stages.get(id));
      else {
        waiting.clear(); // an event of the run may have changed any of them
        for (const [id, view] of stages) look(id, view);
      }
      isKnown = true;
      return [...waiting.values()];
    },
  };
}

/** null = it is of the whole run. */
function stageOf(event: RunEvent): StageId | null {
  if ("stage" in event) return event.stage;
  return "turn" in event ? stageOfTurn(event.turn) : null;
}

/** When the first wait ends, if nothing but waits is going on; null = something is. */
function firstEnd(
  { status, turnsInFlight }: RunStateView,
  waits: readonly { readonly wait: { readonly until: number } }[],
): number | null {
  if (status !== "running" || turnsInFlight > 0 || waits.length === 0) return null;
  return Math.min(...waits.map(({ wait }) => wait.until));
}

function line(text: string): EventLine {
  return { segments: [segment(text, "wait")], isLasting: true };
}
