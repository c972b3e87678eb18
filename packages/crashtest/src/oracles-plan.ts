import type { RunEvent } from "@troupe/core";
import type { Generation } from "./simulated/generation.js";
import type { PerformedCase } from "./simulated/perform-case.js";

/** What `planResume` showed before each claim, against what the claim then did. */
export function planProblems({ generations, record }: PerformedCase): readonly string[] {
  const events = (record?.entries ?? []).flatMap((entry) => entry.events);
  const approved = new Set(events.flatMap((event) => (event.type === "approval.granted" ? [event.stage] : [])));
  return generations.flatMap((generation, index) => {
    const done = eventsOf(generation, events);
    if (generation.plan === null || done === null) return [];
    return compare(generation.plan, done, approved).map((problem) => `process ${index + 1}: ${problem}`);
  });
}

/** What followed from a process's claim, until the next one; null when it never got to claim the run. */
function eventsOf({ process }: Generation, events: readonly RunEvent[]): readonly RunEvent[] | null {
  const isClaim = (event: RunEvent): boolean => event.type === "run.claimed";
  const start = events.findIndex(
    (event) => event.type === "run.claimed" && event.owner.startTime === process.owner.startTime,
  );
  if (start < 0) return null;
  const length = events.slice(start + 1).findIndex(isClaim);
  return events.slice(start + 1, length < 0 ? events.length : start + 1 + length);
}

function compare(
  plan: NonNullable<Generation["plan"]>,
  done: readonly RunEvent[],
  approved: ReadonlySet<string>,
): readonly string[] {
  const problems: string[] = [];
  const started = done.filter((event) => event.type === "turn.started");
  const completed = new Set(done.flatMap((event) => (event.type === "stage.completed" ? [event.stage] : [])));
  const isWhole = done.some((event) => event.type === "run.finished" && event.outcome === "succeeded");
  for (const { stage, action, from } of plan.stages) {
    const first = started.find((event) => event.stage === stage);
    // what a person has approved while nobody held the run completes with the claim
    if (action === "keep" && (first !== undefined || (completed.has(stage) && !approved.has(stage))))
      problems.push(`${stage} ran and was to be kept`);
    if (action === "run" && isWhole && !completed.has(stage)) problems.push(`${stage} was to run and did not`);
    if (action !== "run" || first === undefined) continue;
    const round = from === "start" ? 1 : from.round;
    if (first.round !== round && first.round !== round + 1) {
      problems.push(`${stage} was to go on in round ${round} and went on in round ${first.round}`);
    }
    if (from === "start" && first.round !== 1) problems.push(`${stage} was to start anew and did not`);
  }
  const resets = done.filter((event) => event.type === "stage.reset");
  if (JSON.stringify(resets) !== JSON.stringify(plan.events)) problems.push("the resets are not those of the plan");
  return problems;
}
