import {
  type EventOf,
  type JournalEntry,
  type RunEvent,
  type RunState,
  reduce,
  type StageId,
  TroupeError,
  type TurnId,
} from "@troupe/core";
import type { HistoryTurn } from "./history-turn.js";
import { createIncidents } from "./incidents.js";
import type { ReportIncident, ReportRound, ReportWait, Span } from "./report.js";
import { judgementsOf } from "./rounds.js";
import { createWaits } from "./waits.js";

/** What the state of a run no longer knows of its past. */
export interface History {
  /** As of the newest entry. */
  readonly state: RunState;
  readonly turns: readonly HistoryTurn[];
  readonly rounds: readonly ReportRound[];
  readonly waits: readonly ReportWait[];
  readonly incidents: readonly ReportIncident[];
  readonly activeSpans: readonly Span[];
  readonly peakTurns: number;
  readonly peakStages: number;
  readonly isAdopted: boolean;
}

/**
 * Reads the entries of a journal, in order. Throws `JOURNAL_CORRUPT` without any, `EVENT_INVALID` or `JOURNAL_NEWER` for
 * what does not fit.
 */
export function readHistory(entries: Iterable<JournalEntry>): History {
  const reader = new HistoryReader();
  for (const entry of entries) reader.read(entry);
  return reader.end();
}

class HistoryReader {
  #state: RunState | null = null;
  readonly #turns: Map<TurnId, HistoryTurn> = new Map();
  readonly #rounds: ReportRound[] = [];
  readonly #waits = createWaits();
  readonly #incidents = createIncidents();
  readonly #spans: { from: number; to: number }[] = [];
  /** Turns in flight under the newest claim; those of a dead holder are none. */
  readonly #live: Map<TurnId, StageId> = new Map();
  #peakTurns = 0;
  #peakStages = 0;
  #isAdopted = false;

  read(entry: JournalEntry): void {
    const isFirst = this.#state === null;
    for (const event of entry.events) this.#apply(event, entry.at);
    if (isFirst) this.#isAdopted = entry.events.some(({ type }) => type === "stage.completed");
    if (this.#live.size > this.#peakTurns) this.#peakTurns = this.#live.size;
    // as many stages as turns at most: nothing to count until there are more turns than that
    if (this.#live.size > this.#peakStages)
      this.#peakStages = Math.max(this.#peakStages, new Set(this.#live.values()).size);
    if (this.#state !== null) this.#waits.look(this.#state, entry);
  }

  #apply(event: RunEvent, at: number): void {
    const since = this.#state?.activeSince ?? at;
    const before = this.#state?.activeMs ?? 0;
    this.#incidents.tell(event, at, this.#state);
    this.#state = reduce(this.#state, event, at);
    const passed = this.#state.activeMs - before;
    if (passed > 0) this.#addSpan(since, since + passed);
    this.#rounds.push(...judgementsOf(event, at, this.#turns));
    if (event.type === "turn.started") this.#start(event, at, this.#state);
    if (event.type === "turn.settled") this.#settle(event, at, this.#state);
    if (event.type === "run.claimed") this.#abandon();
  }

  #start(event: EventOf<"turn.started">, at: number, { epoch, activeMs }: RunState): void {
    const turn = {
      started: event,
      epoch,
      startedAt: at,
      activeFrom: activeMs,
      result: null,
      endedAt: null,
      activeTo: null,
    };
    this.#turns.set(event.turn, turn);
    this.#live.set(event.turn, event.stage);
  }

  #settle({ turn: id, result }: EventOf<"turn.settled">, at: number, { activeMs }: RunState): void {
    const turn = this.#turns.get(id);
    if (turn === undefined) throw new TroupeError("EVENT_INVALID", `turn ${id} has never started`);
    turn.result = result;
    turn.activeTo = activeMs;
    // of a turn that died with its runner nobody knows more than until when that was seen
    turn.endedAt ??= at;
    if (this.#live.delete(id)) return;
    if (result.status !== "interrupted") turn.endedAt = at;
  }

  /** The turns that the holder before has left: no time is active again before all of them have settled. */
  #abandon(): void {
    const last = this.#spans.at(-1)?.to ?? 0;
    for (const id of this.#live.keys()) {
      const turn = this.#turns.get(id);
      if (turn !== undefined) turn.endedAt = Math.max(turn.startedAt, last);
    }
    this.#live.clear();
  }

  #addSpan(from: number, to: number): void {
    const last = this.#spans.at(-1);
    if (last !== undefined && last.to >= from) last.to = to;
    else this.#spans.push({ from, to });
  }

  end(): History {
    if (this.#state === null) throw new TroupeError("JOURNAL_CORRUPT", "the journal has no entry");
    return {
      state: this.#state,
      turns: [...this.#turns.values()],
      rounds: this.#rounds,
      waits: this.#waits.list(),
      incidents: this.#incidents.list(),
      activeSpans: this.#spans,
      peakTurns: this.#peakTurns,
      peakStages: this.#peakStages,
      isAdopted: this.#isAdopted,
    };
  }
}
