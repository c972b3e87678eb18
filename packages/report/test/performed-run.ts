// A run that performs itself: what happens next is drawn from a list of numbers, so that a seed is a run.
import type { StageDraft, TurnView } from "@troupe/core";
import { MINUTE, RecordedRun, type RunDraft } from "./recorded-run.js";

/** Choices from a list; a used-up list answers 0, the harmless choice. */
export class Choices {
  readonly #numbers: readonly number[];
  #next = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  below(count: number): number {
    const number = this.#numbers[this.#next] ?? 0;
    this.#next += 1;
    return number % count;
  }

  chance(percent: number): boolean {
    return this.below(100) >= 100 - percent;
  }
}

/** Numbers that look random and are the same each time. */
export function numbersFrom(seed: number, count: number): readonly number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 8;
  });
}

interface Trouble {
  /** Per cent of turns that fail for good, that fail and are tried again, and at which the runner dies. */
  readonly fail: number;
  readonly retry: number;
  readonly crash: number;
  /** Per cent of reviews that reject. */
  readonly reject: number;
  readonly longestMs?: number;
}

/** Performs a run until it ends, or `most` things have happened. */
export function perform(draft: RunDraft, choices: Choices, trouble: Trouble, most = 2_000): RecordedRun {
  const run = new RecordedRun(draft);
  const ends = new Map<string, number>();
  for (let step = 0; step < most && run.state.status === "running"; step += 1) {
    const flights = [...run.state.stages.values()].flatMap((stage) => stage.inFlight);
    for (const { turn } of flights) {
      if (!ends.has(turn)) ends.set(turn, run.now + 1 + choices.below(trouble.longestMs ?? 25 * MINUTE));
    }
    const [next] = flights.toSorted((one, other) => (ends.get(one.turn) ?? 0) - (ends.get(other.turn) ?? 0));
    if (next === undefined) {
      run.after(MINUTE).tell(); // everything waits
      continue;
    }
    if (choices.chance(trouble.crash)) crash(run, choices);
    else settle(run, next, ends.get(next.turn) ?? run.now, choices, trouble);
  }
  return run;
}

function crash(run: RecordedRun, choices: Choices): void {
  const seen = run.now + choices.below(5 * MINUTE);
  run.now = seen;
  run.after(choices.below(600 * MINUTE));
  run.claim({ previousSeenAt: choices.chance(20) ? null : seen, command: "troupe resume" });
  for (const turn of [...run.state.inherited]) run.after(choices.below(1_000)).interrupt(turn, "crashed");
}

function settle(run: RecordedRun, turn: TurnView, at: number, choices: Choices, trouble: Trouble): void {
  run.now = Math.max(run.now, at);
  const cost = { cost: choices.below(300) / 100, tokens: 1_000 * (1 + choices.below(120)) };
  if (choices.chance(trouble.fail)) run.fail(turn.turn, "the agent gave up after 3 attempts");
  else if (choices.chance(trouble.retry)) run.fail(turn.turn, "529: overloaded", { retry: { notBefore: null } });
  else if (turn.kind === "check") run.check(turn.turn, { passed: !choices.chance(trouble.reject) });
  else if (turn.kind === "review" && choices.chance(trouble.reject)) {
    run.judge(turn.turn, "rejected", ["The error cases are missing", "Two limits contradict each other"], cost);
  } else if (turn.kind === "review") run.judge(turn.turn, "approved", ["It fits the objective"], cost);
  else {
    const files = run.state.stages.get(turn.turn.slice(0, turn.turn.lastIndexOf(".")))?.definition.artifacts ?? [];
    run.succeed(turn.turn, { ...(turn.agent === null ? {} : cost), files });
  }
}

/** A workflow of any length: chains, reviews and groups by turns. */
export function longWorkflow(count: number): Pick<RunDraft, "stages" | "groups"> {
  const stages: StageDraft[] = [];
  const groups: { name: string; stages: string[] }[] = [];
  let previous: readonly string[] = [];
  const add = (id: string, more: Partial<StageDraft> = {}): string => {
    stages.push({
      id,
      name: `Part ${stages.length + 1}`,
      workAgent: `builder-${1 + (stages.length % 3)}`,
      needs: previous,
      artifacts: [`${id.toLowerCase()}.md`],
      ...more,
    });
    return id;
  };
  while (stages.length < count) {
    const n = stages.length + 1;
    const left = count - stages.length;
    const shape = groups.length % 3;
    previous = [add(`SPEC_${n}`)];
    if (left > 2)
      previous = [add(`REVIEW_${n}`, { kind: "review", reviews: `SPEC_${n}`, reviewAgent: "reviewer", artifacts: [] })];
    if (left < 8) continue;
    const name = `area-${groups.length + 1}`;
    const members = Array.from({ length: 3 + shape }, (_, index) => add(`WORK_${n}_${index + 1}`, { group: name }));
    groups.push({ name, stages: members });
    previous = members;
  }
  return { stages, groups };
}
