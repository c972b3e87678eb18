import type { EventOf, RunEvent } from "../../src/model/events.js";
import { type StageId, stageOfTurn } from "../../src/model/ids.js";
import type { TurnKind, TurnResult, Verdict } from "../../src/model/turn.js";

export interface TalliedTurn {
  readonly start: EventOf<"turn.started">;
  readonly startedAt: number;
  result: TurnResult | null;
  settledAt: number;
  verdict: Verdict | null;
}

/** Turns of which one follows the other: those of each agent that does work, and the rest of a stage. */
export interface Lane {
  readonly turns: TalliedTurn[];
  /** Failures of the turn under way that used an attempt. */
  failures: number;
  /** Failures in a row at a limit without a time. */
  limits: number;
  crashesInARow: number;
  /** Since when it waits for times that its failures named. */
  waitsSince: number | null;
}

/** What a stage has done since its last reset, counted from the events alone. */
export interface Tally {
  turns: TalliedTurn[];
  lastSettled: TalliedTurn | undefined;
  /** First attempts. */
  first: Record<TurnKind, number>;
  readonly lanes: Map<string, Lane>;
  approved: string | null;
}

function newTally(): Tally {
  return {
    turns: [],
    lastSettled: undefined,
    first: { work: 0, review: 0, check: 0, fix: 0 },
    lanes: new Map(),
    approved: null,
  };
}

/** Where a turn belongs. */
export function laneOf({ lanes }: Tally, { kind, agent }: Pick<TalliedTurn["start"], "kind" | "agent">): Lane {
  const key = kind === "work" ? `work:${agent}` : "rest";
  const lane = lanes.get(key) ?? { turns: [], failures: 0, limits: 0, crashesInARow: 0, waitsSince: null };
  lanes.set(key, lane);
  return lane;
}

export class Tallies {
  readonly #stages: Map<StageId, Tally> = new Map();
  readonly #turns: Map<string, TalliedTurn> = new Map();
  /** Turns whose stage was reset or left out while they were in flight. */
  readonly #ending: Map<string, "reset" | "left out"> = new Map();
  /** Newest version of each artifact, and of each stage's output. */
  readonly newest: Map<string, string> = new Map();

  of(stage: StageId): Tally {
    const there = this.#stages.get(stage);
    if (there !== undefined) return there;
    const made = newTally();
    this.#stages.set(stage, made);
    return made;
  }

  isKnown(turn: string): boolean {
    return this.#turns.has(turn);
  }

  note(event: RunEvent, at: number): void {
    if (event.type === "turn.started") this.#noteStart(event, at);
    else if (event.type === "turn.settled") this.#noteEnd(event, at);
    else if (event.type === "stage.reset") this.#reset(event.stage, "reset");
    else if (event.type === "run.reconfigured") this.#forget(event);
    else if (event.type === "review.concluded") this.#judge(event.turn, event.verdict);
    else if (event.type === "approval.granted") this.of(event.stage).approved = event.turn;
    else if (event.type === "approval.denied")
      this.#judge(event.turn, { decision: "rejected", reasons: [], source: "person" });
  }

  /** A stage that is left out begins anew when it comes back. */
  #forget({ definition }: EventOf<"run.reconfigured">): void {
    const left = new Set(definition.workflow.stages.map(({ id }) => id));
    for (const id of this.#stages.keys()) if (!left.has(id)) this.#reset(id, "left out");
    for (const turn of this.#ending.keys()) if (left.has(stageOfTurn(turn))) this.#ending.set(turn, "reset");
  }

  #reset(stage: StageId, how: "reset" | "left out"): void {
    const open = this.of(stage).turns.filter(({ result }) => result === null);
    for (const { start } of open) this.#ending.set(start.turn, how);
    this.#stages.set(stage, newTally());
  }

  #noteStart(start: EventOf<"turn.started">, at: number): void {
    const tally = this.of(start.stage);
    const turn: TalliedTurn = { start, startedAt: at, result: null, settledAt: 0, verdict: null };
    const lane = laneOf(tally, start);
    tally.turns.push(turn);
    lane.turns.push(turn);
    this.#turns.set(start.turn, turn);
    if (start.attempt > 1) return;
    tally.first[start.kind] += 1;
    lane.failures = 0;
    lane.limits = 0;
    lane.crashesInARow = 0;
    lane.waitsSince = null;
  }

  #noteEnd({ turn: id, result }: EventOf<"turn.settled">, at: number): void {
    const turn = this.#turns.get(id);
    if (turn === undefined) throw new Error(`${id} was never started`);
    turn.result = result;
    turn.settledAt = at;
    const ending = this.#ending.get(id);
    if (ending !== "left out") this.#noteFiles(turn.start, result);
    if (ending !== undefined) return;
    const tally = this.of(stageOfTurn(id));
    const isCrash = result.status === "interrupted" && result.reason === "crashed";
    tally.lastSettled = turn;
    const lane = laneOf(tally, turn.start);
    lane.crashesInARow = isCrash ? lane.crashesInARow + 1 : 0;
    if (result.status === "failed") {
      const isUnnamed = isUnnamedLimit(result, at);
      const waits = isNamed(result, at) || isUnnamed;
      lane.limits = isUnnamed ? lane.limits + 1 : 0;
      if (!waits) lane.failures += 1;
      lane.waitsSince = waits ? (lane.waitsSince ?? at) : null;
    }
  }

  #noteFiles({ kind, stage, agent }: EventOf<"turn.started">, result: TurnResult): void {
    if (result.status !== "succeeded") return;
    for (const { name, sha256 } of result.artifacts) this.newest.set(name, sha256);
    if (kind !== "check") this.newest.set(`output:${stage}`, result.output.sha256);
    if (kind === "work") this.newest.set(`output:${stage}:${agent}`, result.output.sha256);
  }

  #judge(id: string, verdict: Verdict): void {
    const turn = this.#turns.get(id);
    if (turn !== undefined) turn.verdict = verdict;
  }
}

/** The failure names a time that is worth waiting for. */
export function isNamed(result: TurnResult, settledAt: number): boolean {
  if (result.status !== "failed" || result.retry === "never") return false;
  return result.retry.notBefore !== null && result.retry.notBefore > settledAt;
}

/** The failure is one at a limit that names no time worth waiting for. */
export function isUnnamedLimit(result: TurnResult, settledAt: number): boolean {
  if (result.status !== "failed" || result.retry === "never" || isNamed(result, settledAt)) return false;
  return result.retry.limited === true;
}
