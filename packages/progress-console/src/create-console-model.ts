import {
  type GroupDefinition,
  type JournalEntry,
  type ProgressEvent,
  type RunEvent,
  type RunStateView,
  type StageId,
  stageOfTurn,
  type TurnId,
  type TurnProgress,
  type TurnView,
} from "@troupe/core";
import type { ConsoleModel, GroupBlock, RunTotals, StageBlock } from "./console-model.js";
import { createGroupTally } from "./group-tally.js";
import { createOutputTail } from "./output-tail.js";
import { noteStage, type StageNote, stageRow } from "./stage-note.js";
import type { RowContext, TurnNews } from "./turn-news.js";
import type { WallClock } from "./wall-clock.js";

/** Of a larger group only the members that are at work are kept as rows; the rest is in its counts. */
const LARGE_GROUP = 100;

/** Follows a run through the events that a reporter gets. Work per event does not grow with the run. */
export interface ConsoleModelSource {
  apply(event: ProgressEvent): void;
  /** A turn in flight, as far as this source has been told. */
  turnInFlight(turn: TurnId): TurnView | null;
  /** What to show at `now` (ms since the epoch). */
  at(now: number): ConsoleModel;
}

/** A model of a run that has seen no event yet. */
export function createConsoleModel(wallClock: WallClock): ConsoleModelSource {
  return new ModelSource(wallClock);
}

class ModelSource implements ConsoleModelSource {
  readonly #wallClock: WallClock;
  /** Stages at work, and whatever has happened to the members of live groups. */
  readonly #notes: Map<StageId, StageNote> = new Map();
  readonly #active: Set<StageId> = new Set();
  readonly #groups = createGroupTally();
  readonly #news: Map<TurnId, TurnNews> = new Map();
  #positions: ReadonlyMap<StageId, number> = new Map();
  #definitions: RunStateView["definition"] | null = null;
  #totals: RunTotals | null = null;
  #epoch = 0;
  #turnsInFlight = 0;
  #updatedAt = 0;

  constructor(wallClock: WallClock) {
    this.#wallClock = wallClock;
  }

  apply(event: ProgressEvent): void {
    if (event.type === "entry") this.#applyEntry(event.entry, event.state);
    else if (event.type === "progress") this.#applyProgress(event.turn, event.update);
  }

  turnInFlight(turn: TurnId): TurnView | null {
    return this.#notes.get(stageOfTurn(turn))?.inFlight.find((flight) => flight.turn === turn) ?? null;
  }

  at(now: number): ConsoleModel {
    if (this.#totals === null) return { now, run: null, blocks: [] };
    const passedMs = this.#isTimed() ? Math.max(0, now - this.#updatedAt) : 0;
    const run = { ...this.#totals, activeMs: this.#totals.activeMs + passedMs };
    return { now, run, blocks: run.isOpen ? this.#blocks(now) : [] };
  }

  #applyEntry(entry: JournalEntry, state: RunStateView): void {
    // A claim resets stages and takes turns over, and what came before it may not have been told here.
    const isKnown = this.#definitions === state.definition && this.#totals?.runId === state.runId;
    if (!isKnown || entry.events.some(({ type }) => type === "run.claimed")) this.#readAll(state);
    else for (const stage of touchedStages(entry.events)) this.#readStage(state, stage);
    this.#epoch = state.epoch;
    this.#turnsInFlight = state.turnsInFlight;
    this.#updatedAt = entry.at;
    this.#totals = totalsOf(state);
  }

  #readAll(state: RunStateView): void {
    this.#definitions = state.definition;
    this.#positions = new Map(state.definition.workflow.stages.map(({ id }, index) => [id, index]));
    this.#notes.clear();
    this.#active.clear();
    this.#groups.recount(state);
    for (const { definition } of this.#groups.live()) {
      for (const member of definition.stages) this.#note(state, member);
    }
    for (const { definition, status } of state.stages.values()) {
      if (status !== "pending") this.#readStage(state, definition.id);
    }
    for (const turn of this.#news.keys()) if (this.turnInFlight(turn) === null) this.#news.delete(turn);
  }

  #readStage(state: RunStateView, stage: StageId): void {
    const view = state.stages.get(stage);
    if (view === undefined) return;
    const before = this.#notes.get(stage)?.inFlight ?? [];
    const { status, inFlight, definition } = view;
    const phase = this.#groups.move(stage, definition.group, status);
    const isActive = status === "running" || status === "waiting";
    if (isActive) this.#active.add(stage);
    else this.#active.delete(stage);
    if (isActive || phase === "live") this.#note(state, stage);
    else this.#notes.delete(stage);
    const members = definition.group === null ? [] : this.#groups.membersOf(definition.group);
    if (phase === "begun") for (const member of members) this.#note(state, member);
    if (phase === "over") for (const member of members) this.#notes.delete(member);
    for (const { turn } of before) if (!inFlight.some((flight) => flight.turn === turn)) this.#news.delete(turn);
    for (const { turn } of inFlight) {
      if (!this.#news.has(turn)) this.#news.set(turn, { isQueued: false, tail: createOutputTail() });
    }
  }

  #note(state: RunStateView, stage: StageId): void {
    const view = state.stages.get(stage);
    if (view !== undefined) this.#notes.set(stage, noteStage(view));
  }

  #applyProgress(turn: TurnId, update: TurnProgress): void {
    const news = this.#news.get(turn);
    if (news === undefined) return;
    if (update.type === "queued") news.isQueued = true;
    else if (update.type === "launched") news.isQueued = false;
    else if (update.type === "output") news.tail.push(update.text);
  }

  /** Active time passes while turns of this claim are in flight. */
  #isTimed(): boolean {
    if (this.#totals?.isOpen !== true || this.#turnsInFlight === 0) return false;
    for (const stage of this.#active) {
      if (this.#notes.get(stage)?.inFlight.some(({ epoch }) => epoch !== this.#epoch) === true) return false;
    }
    return true;
  }

  #blocks(now: number): readonly (StageBlock | GroupBlock)[] {
    const context: RowContext = {
      epoch: this.#epoch,
      now,
      wallClock: this.#wallClock,
      newsOf: (turn) => this.#news.get(turn),
    };
    const placed: { readonly position: number; readonly block: StageBlock | GroupBlock }[] = [];
    for (const { definition, counts } of this.#groups.live()) {
      const notes = this.#membersToShow(definition);
      const rows = notes.map((note) => stageRow(note, context));
      const { name, stages } = definition;
      const block: GroupBlock = { type: "group", name, size: stages.length, counts: { ...counts }, rows };
      placed.push({ position: this.#positionOf(stages[0]), block });
    }
    for (const stage of this.#active) {
      const note = this.#notes.get(stage);
      if (note === undefined || note.definition.group !== null) continue;
      placed.push({ position: this.#positionOf(stage), block: { type: "stage", row: stageRow(note, context) } });
    }
    return placed.toSorted((a, b) => a.position - b.position).map(({ block }) => block);
  }

  #membersToShow({ name, stages }: GroupDefinition): readonly StageNote[] {
    if (stages.length <= LARGE_GROUP) return stages.flatMap((member) => this.#notes.get(member) ?? []);
    const active = [...this.#active].flatMap((stage) => this.#notes.get(stage) ?? []);
    return active
      .filter(({ definition }) => definition.group === name)
      .toSorted((a, b) => this.#positionOf(a.definition.id) - this.#positionOf(b.definition.id));
  }

  #positionOf(stage: StageId | undefined): number {
    return this.#positions.get(stage ?? "") ?? 0;
  }
}

function touchedStages(events: readonly RunEvent[]): ReadonlySet<StageId> {
  const stages = new Set<StageId>();
  for (const event of events) {
    if ("stage" in event) stages.add(event.stage);
    else if ("turn" in event) stages.add(stageOfTurn(event.turn));
  }
  return stages;
}

function totalsOf(state: RunStateView): RunTotals {
  const ending = state.cancelRequested ? "cancelling" : state.stopRequested ? "stopping" : null;
  return {
    runId: state.runId,
    isOpen: state.status === "running",
    ending,
    stages: state.stages.size,
    counts: { ...state.counts },
    activeMs: state.activeMs,
    limits: state.definition.limits,
    usage: { ...state.usage },
  };
}
