import { isDeepStrictEqual } from "node:util";
import type { RunEvent } from "../../src/model/events.js";
import type { TurnId } from "../../src/model/ids.js";
import type { RunDefinition } from "../../src/model/run.js";
import type { RunOutcome } from "../../src/model/status.js";
import type { InterruptReason, TurnTask } from "../../src/model/turn.js";
import { nextLook } from "../../src/state/end-of-run.js";
import { abortsAt } from "../../src/state/halt.js";
import { planResume } from "../../src/state/plan-resume.js";
import type { RunState } from "../../src/state/run-state.js";
import { taskOf } from "../../src/state/task.js";
import { hold } from "./claim-facts.js";
import { activeClock, consequencesOf, JournalModel } from "./journal-model.js";
import { checkPlan } from "./plan-invariants.js";
import { openQuestions, randomAnswer, randomChanges, randomRequest } from "./random-requests.js";
import { abortedResult, interruption, randomResult } from "./random-result.js";
import { randomDefinition } from "./random-workflow.js";
import type { Tape } from "./tape.js";

interface Flight {
  readonly task: TurnTask;
  readonly isInherited: boolean;
  aborted: InterruptReason | null;
}

/** A claim ends with an outcome, or its holder dies. */
type ClaimEnd = RunOutcome | "crashed";

/** One run in a world where everything may happen. Its journal checks what gets into it. */
export class Simulation {
  readonly #tape: Tape;
  readonly #journal: JournalModel;
  readonly #flights: Map<TurnId, Flight> = new Map();
  #state: RunState;
  readonly #first: RunDefinition;
  #now = 1_000_000;

  constructor(shape: Tape, tape: Tape) {
    this.#tape = tape;
    this.#first = randomDefinition(shape);
    this.#journal = new JournalModel(this.#first, this.#now);
    this.#state = this.#journal.rebuild();
  }

  /** Claims until the run has succeeded: first as it comes, then all goes well. Returns the state at the end. */
  run(rough: number, smooth: number): RunState {
    for (let claim = 0; claim < rough + smooth; claim += 1) {
      if (claim === rough) this.#tape.end();
      const end = this.#perform(claim >= rough);
      const live = this.#state;
      this.#state = this.#journal.verify();
      hold(end === "crashed" || isDeepStrictEqual(live, this.#state), "the live state is that of the journal");
      hold(end === "crashed" || this.#state.status === end, "the journal tells the outcome");
      if (this.#state.status === "succeeded" || (claim >= rough && isBeyondHelp(this.#state))) return this.#state;
    }
    throw new Error(`does not hold: a run that goes well ends, this one is ${this.#state.status}`);
  }

  #perform(isSmooth: boolean): ClaimEnd {
    this.#claim(isSmooth);
    const watchActiveTime = activeClock();
    let facts: readonly RunEvent[] = [];
    for (let step = 0; step < 800; step += 1) {
      if (!this.#commit(facts)) return this.#crash();
      watchActiveTime(this.#state, this.#now);
      const { status } = this.#state;
      if (status !== "running") return status;
      for (const { turn, reason } of abortsAt(this.#state, this.#now)) this.#abort(turn, reason);
      this.#checkAborts();
      const next = this.#happen();
      if (next === null) return this.#crash();
      facts = next;
    }
    throw new Error("does not hold: a claim comes to an end");
  }

  #crash(): "crashed" {
    this.#flights.clear();
    return "crashed";
  }

  /** What another process does before it starts anything, some dead time after the last one. */
  #claim(isSmooth: boolean): void {
    const diedAt = this.#now;
    this.#now += this.#tape.pick(0, 5, 40_000, 1_000_000);
    for (let asked = 0; asked < 3; asked += 1) this.#request(isSmooth);
    const state = this.#journal.rebuild();
    const { definition, choices } = randomChanges(this.#tape, state, this.#first, isSmooth);
    const asked = planResume(state, definition, choices);
    const plan = asked.asks ? planResume(state, definition, { ...choices, changed: "rerun" }) : asked;
    checkPlan(state, plan);
    const events: readonly RunEvent[] = [
      {
        type: "run.claimed",
        epoch: state.epoch + 1,
        owner: { pid: 1, startTime: null, bootId: null, pidNamespace: null, host: "here", command: "run" },
        capacity: this.#tape.pick(null, 1, 2, 3),
        workspace: { kind: "folder", path: "/tree" },
        previousSeenAt: this.#tape.pick(null, diedAt, state.updatedAt),
        ...(!isSmooth && this.#tape.chance(25) ? { attended: true as const } : {}),
      },
      ...plan.events,
    ];
    const at = this.#moment(state);
    this.#journal.beginClaim({ plan, denied: new Set(), at });
    this.#journal.append(events, at);
    this.#state = this.#journal.rebuild();
    for (const turn of this.#state.inherited) this.#launch(turn, true);
  }

  /** As `Journal.commit`: facts and what follows, in one entry. False = the holder died. */
  #commit(facts: readonly RunEvent[]): boolean {
    let at = this.#moment(this.#state);
    let events = consequencesOf(this.#state, facts, at);
    if (events.length > 0 && this.#tape.chance(3) && this.#request(false)) {
      // a conflict: the facts stay, what follows is decided again
      this.#state = this.#journal.rebuild();
      at = this.#moment(this.#state);
      events = consequencesOf(this.#state, facts, at);
    }
    if (this.#tape.chance(1)) return false;
    if (events.length > 0) this.#journal.append(events, at);
    if (this.#tape.chance(1)) return false;
    for (const event of events) if (event.type === "turn.started") this.#launch(event.turn, false);
    return true;
  }

  #moment(state: RunState): number {
    return Math.max(this.#now, state.updatedAt);
  }

  #launch(turn: TurnId, isInherited: boolean): void {
    const task = taskOf(this.#state, turn);
    hold(task !== null, `${turn} has a task`);
    hold(!this.#flights.has(turn), `${turn} is launched once`);
    this.#flights.set(turn, { task, isInherited, aborted: null });
  }

  #abort(turn: TurnId, reason: InterruptReason): void {
    const flight = this.#flights.get(turn);
    hold(flight !== undefined, `${turn} is aborted while it is in flight`);
    flight.aborted ??= reason;
  }

  /** Whoever has to end has been told so. */
  #checkAborts(): void {
    const { cancelRequested, stopRequested, failed, stages, graph } = this.#state;
    const broken = new Set([...failed].map((id) => stages.get(id)?.definition.group));
    for (const { task, aborted } of this.#flights.values()) {
      const { group } = task.stage;
      const isFast = group !== null && broken.has(group) && graph.groups.get(group)?.onFailure === "fail_fast";
      hold(aborted !== null || !(cancelRequested || stopRequested || isFast), `${task.turn} is told to end`);
    }
  }

  /** Whatever happens next; null = the holder dies. */
  #happen(): readonly RunEvent[] | null {
    const until = nextLook(this.#state, this.#now);
    hold(until === null || until > this.#now, "the next look is not in the past");
    const questions = openQuestions(this.#state);
    const isAsked = this.#state.attended && questions.length > 0;
    hold(until !== null || this.#flights.size > 0 || isAsked, "there is something to wait for");
    hold(this.#flights.size === this.#state.turnsInFlight, "what the state has in flight is in flight");
    const what = this.#tape.below(40);
    if (what === 39) return null;
    if (what === 38) return [{ type: "run.stop-requested", by: "SIGINT" }];
    if (what >= 34 && this.#request(false)) return this.#catchUp();
    if (isAsked && (this.#tape.chance(20) || (this.#flights.size === 0 && until === null))) {
      this.#journal.append([randomAnswer(this.#tape, questions)], this.#moment(this.#journal.state));
      return this.#catchUp();
    }
    const isTime = this.#flights.size === 0 || (until !== null && this.#tape.chance(30));
    if (!isTime) return this.#settle();
    const wait = (until ?? this.#now) - this.#now;
    this.#now += this.#tape.chance(20) ? Math.ceil(wait / 2) : wait;
    return [];
  }

  #settle(): readonly RunEvent[] {
    this.#now += this.#tape.pick(10, 0, 1, 700, 6_000);
    const settled = [...this.#flights.keys()].filter((_, index) => index === 0 || this.#tape.chance(30));
    return settled.map((turn) => ({ type: "turn.settled", turn, result: this.#resultOf(turn) }));
  }

  #resultOf(turn: TurnId): Extract<RunEvent, { readonly type: "turn.settled" }>["result"] {
    const flight = this.#flights.get(turn);
    hold(flight !== undefined, `${turn} is in flight`);
    this.#flights.delete(turn);
    const { task, isInherited, aborted } = flight;
    if (isInherited && !this.#tape.chance(30)) return interruption("crashed");
    if (aborted !== null) return abortedResult(this.#tape, task, aborted, this.#now);
    return randomResult(this.#tape, task, this.#now);
  }

  /** Somebody else appends a fact. */
  #request(isSmooth: boolean): boolean {
    const fact = randomRequest(this.#tape, this.#journal.state, isSmooth);
    if (fact === null) return false;
    this.#journal.append([fact], this.#moment(this.#journal.state));
    return true;
  }

  #catchUp(): readonly RunEvent[] {
    this.#state = this.#journal.rebuild();
    return [];
  }
}

/** All goes well, and yet a stage cannot succeed: it demands what was skipped. */
function isBeyondHelp(state: RunState): boolean {
  const failed = [...state.failed].map((id) => state.stages.get(id)?.error?.code);
  return state.status === "failed" && failed.every((code) => code === "ACCEPTANCE_NOT_PASSED");
}
