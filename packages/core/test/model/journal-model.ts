import { isDeepStrictEqual } from "node:util";
import { packEvents, unpackEvents } from "../../src/engine/pack-events.js";
import type { RunEvent } from "../../src/model/events.js";
import type { RunDefinition } from "../../src/model/run.js";
import { decide } from "../../src/state/decide.js";
import { activeMsAt } from "../../src/state/halt.js";
import { indexStages } from "../../src/state/index-stages.js";
import { reduce } from "../../src/state/reduce.js";
import type { RunState } from "../../src/state/run-state.js";
import { type ClaimFacts, hold } from "./claim-facts.js";
import { checkOutcome } from "./outcome-invariants.js";
import { Spending } from "./spending.js";
import { Tallies } from "./tally.js";
import { checkLimits, checkStart } from "./turn-invariants.js";

const OUTSIDE: ReadonlySet<string> = new Set([
  "run.cancel-requested",
  "approval.granted",
  "approval.denied",
  "approval.deferred",
]);

/** As a store keeps them. */
function textOf(events: readonly RunEvent[], at: number): string {
  return JSON.stringify({ at, events: packEvents(events) ?? events });
}

/** What is durable, and the checks of every event that gets there. */
export class JournalModel {
  readonly #texts: string[] = [];
  readonly #tallies: Tallies = new Tallies();
  readonly #spending: Spending = new Spending();
  /** The state after all durable entries, moved on one by one. */
  #durable: RunState;
  #claim: ClaimFacts = {
    plan: { stages: [], vanished: [], asks: false, events: [] },
    denied: new Set(),
    at: 0,
  };
  #countedUntil: number;
  #activeMs = 0;

  constructor(definition: RunDefinition, at: number) {
    const event: RunEvent = { type: "run.created", runId: "run", definition };
    this.#texts.push(textOf([event], at));
    this.#durable = reduce(null, event, at);
    this.#countedUntil = at;
  }

  get state(): RunState {
    return this.#durable;
  }

  /** The state as another process builds it from the entries. */
  rebuild(): RunState {
    let state: RunState | null = null;
    for (const text of this.#texts) {
      const { at, events }: { readonly at: number; readonly events: readonly unknown[] } = JSON.parse(text);
      for (const event of unpackEvents(events)) state = reduce(state, event, at);
    }
    hold(state !== null, "a journal has a first entry");
    return state;
  }

  /** That as {@link rebuild} gives it, compared with all other ways to get there. */
  verify(): RunState {
    const state = this.rebuild();
    hold(isDeepStrictEqual(state, this.#durable), "the state rebuilt from the entries is the state moved on");
    checkIndex(state);
    return state;
  }

  beginClaim(claim: ClaimFacts): void {
    this.#claim = claim;
  }

  append(events: readonly RunEvent[], at: number): void {
    this.#texts.push(textOf(events, at));
    this.#countActiveTime(events, at);
    for (const event of events) {
      if (event.type === "turn.started")
        this.#spending.checkStart(event.turn, this.#durable.definition.limits, this.#activeMs);
      if (event.type === "turn.started") checkStart(this.#durable, event, at, this.#tallies, this.#claim);
      else checkOutcome(this.#durable, event, at, this.#tallies, this.#claim);
      const { limits } = this.#durable.definition;
      if (event.type === "limit.neared") this.#spending.checkWarning(event, limits, this.#activeMs);
      if (event.type === "approval.denied") this.#claim.denied.add(event.stage);
      this.#durable = reduce(this.#durable, event, at);
      this.#tallies.note(event, at);
      this.#spending.note(event);
      if (event.type === "turn.started") checkLimits(this.#durable);
    }
    this.#checkSpending(events);
    hold(Math.abs(this.#durable.activeMs - this.#activeMs) < 1e-6, "active time is the time that turns were in flight");
  }

  #checkSpending(events: readonly RunEvent[]): void {
    this.#spending.checkParts(this.#durable);
    const isCommit = events.some(({ type }) => type === "turn.started");
    if (isCommit) this.#spending.checkWarned(this.#durable.definition.limits, this.#activeMs);
  }

  /** Counts what `passTime` counts, from the outside: time under a living holder with a turn of its own in flight. */
  #countActiveTime(events: readonly RunEvent[], at: number): void {
    const [first] = events;
    if (first === undefined || OUTSIDE.has(first.type)) return;
    const seenAt = first.type === "run.claimed" ? (first.previousSeenAt ?? this.#countedUntil) : at;
    const isActive = this.#durable.turnsInFlight > 0 && this.#durable.inherited.size === 0;
    if (isActive) this.#activeMs += Math.max(0, Math.min(at, seenAt) - this.#countedUntil);
    this.#countedUntil = Math.max(this.#countedUntil, at);
  }
}

/** The events that follow from the state, as one commit takes them; the state is moved on. */
export function consequencesOf(state: RunState, facts: readonly RunEvent[], at: number): readonly RunEvent[] {
  const events = [...facts];
  for (const fact of facts) reduce(state, fact, at);
  for (let round = 0; round < 200; round += 1) {
    const more = decide(state, at);
    if (more.length === 0) return events;
    hold(state.inherited.size === 0, "nothing follows before inherited turns have settled");
    for (const event of more) reduce(state, event, at);
    events.push(...more);
  }
  throw new Error("does not hold: consequences come to an end");
}

/** Active time never runs backwards, at whatever moment it is looked at. */
export function activeClock(): (state: RunState, now: number) => void {
  let before = 0;
  return (state, now) => {
    const activeMs = activeMsAt(state, now);
    hold(activeMs >= before, `active time went from ${before} to ${activeMs}`);
    before = activeMs;
  };
}

/** Counters, sets and queues are those that a count of all stages gives. */
function checkIndex(state: RunState): void {
  const counted = structuredClone(state);
  indexStages(counted);
  hold(isDeepStrictEqual(withoutZeros(counted), withoutZeros(state)), "the index is that of a full count");
}

function withoutZeros(state: RunState): RunState {
  const drop = <Key>(map: ReadonlyMap<Key, number>) => new Map([...map].filter(([, count]) => count !== 0));
  return { ...state, failedByGroup: drop(state.failedByGroup), inFlightByGroup: drop(state.inFlightByGroup) };
}
