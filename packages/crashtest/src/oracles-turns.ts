import type { Acknowledgement, Performance } from "./simulated/ledger.js";
import type { PerformedCase } from "./simulated/perform-case.js";

/** A turn that should not have been performed, or not so. */
export interface TurnProblem {
  readonly problem: string;
  /** It belongs to a stage whose completion had been reported. */
  readonly isFinished: boolean;
}

/** What was performed, against what was durable at that moment. */
export function turnProblems({ world }: PerformedCase): readonly TurnProblem[] {
  const { performed, acknowledged } = world.ledger;
  const problems: TurnProblem[] = [];
  for (const performance of performed) {
    const { task, stage, order } = performance;
    const before = acknowledged.filter((one) => one.order < order);
    if (isFenced(performance, before)) continue;
    if (before.some(({ entry }) => entry.events.some((e) => e.type === "stage.completed" && e.stage === stage))) {
      problems.push({
        problem: `${task.turn} was performed after ${stage} was reported as completed`,
        isFinished: true,
      });
    }
    if (!before.some(({ entry }) => entry.events.some((e) => e.type === "turn.started" && e.turn === task.turn))) {
      problems.push({ problem: `${task.turn} was performed before its start was durable`, isFinished: false });
    }
  }
  return [...problems, ...repeatProblems(world)];
}

/**
 * A holder that was stopped between the start of a turn in the journal and that of its agent cannot know, when it
 * wakes, that the run is not its own any more: it ends the agent as soon as it does, and nothing of it counts.
 */
function isFenced({ task }: Performance, before: readonly Acknowledgement[]): boolean {
  return before.some(({ entry }) => entry.events.some((e) => e.type === "run.claimed" && e.epoch > task.epoch));
}

/**
 * The same step of a stage is performed again only by a process that has taken the run over meanwhile, under a new id,
 * as a new attempt that is told so, and never once it had succeeded.
 */
function repeatProblems({ ledger }: PerformedCase["world"]): readonly TurnProblem[] {
  const { performed, acknowledged } = ledger;
  const events = acknowledged.flatMap(({ entry, order }) => entry.events.map((event) => ({ event, order })));
  const anew = new Set(events.flatMap(({ event }) => (event.type === "stage.reset" ? [event.stage] : [])));
  return performed.flatMap((performance, index) => {
    const { task, stage, order } = performance;
    const last = performed.slice(0, index).findLast((other) => isSameStep(other, performance));
    // a stage that crashes have failed starts anew by hand
    if (last === undefined || anew.has(stage) || isFenced(performance, acknowledged)) return [];
    const known = events.filter((one) => one.order < order).map(({ event }) => event);
    const hasSucceeded = known.some(
      (event) => event.type === "turn.settled" && event.turn === last.task.turn && event.result.status === "succeeded",
    );
    const problems = [
      ...(task.epoch > last.task.epoch ? [] : ["without a crash in between"]),
      ...(hasSucceeded ? ["which had succeeded"] : []),
      ...(task.turn === last.task.turn ? ["under the same id"] : []),
      ...(task.before === "crashed" ? [] : [`and is told "${task.before}", not "crashed"`]),
      ...(task.attempt > last.task.attempt ? [] : ["not as a new attempt"]),
    ];
    return problems.map((what) => ({ problem: `${task.turn} repeats ${last.task.turn}, ${what}`, isFinished: false }));
  });
}

function isSameStep(one: Performance, other: Performance): boolean {
  return one.stage === other.stage && one.task.kind === other.task.kind && one.task.round === other.task.round;
}
