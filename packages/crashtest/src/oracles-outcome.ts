import type { PerformedCase } from "./simulated/perform-case.js";
import type { RunRecord } from "./simulated/run-record.js";

/** What the run came to, against what was acknowledged and against the uninterrupted run. */
export function outcomeProblems(
  { world, isCancelAcknowledged }: PerformedCase,
  record: RunRecord,
  uninterrupted: RunRecord,
): readonly string[] {
  const { expected } = world.scenario;
  const problems = [...record.missing];
  const { status, turnsInFlight } = record.state;
  if (status !== expected.outcome) problems.push(`the run is ${status}, not ${expected.outcome}`);
  if (isCancelAcknowledged && status !== "cancelled") problems.push(`the run was cancelled and is ${status}`);
  if (turnsInFlight > 0) problems.push(`${turnsInFlight} turns are in flight in the journal`);
  if (!record.isListed) problems.push("the run is not listed");
  for (const { entry } of world.ledger.acknowledged) {
    const there = record.entries[entry.seq - 1];
    const said = entry.events.map(({ type }) => type).join(", ");
    if (there === undefined) problems.push(`entry ${entry.seq} was acknowledged (${said}) and is gone`);
    else if (there.id !== entry.id) problems.push(`entry ${entry.seq} was acknowledged (${said}) and is another one`);
    else if (JSON.stringify(there.events) !== JSON.stringify(entry.events)) {
      problems.push(`entry ${entry.seq} was acknowledged (${said}) and holds something else`);
    }
  }
  return [...problems, ...stageProblems(record, uninterrupted)];
}

/** A stage that its runner's crashes failed began anew by hand: its rounds and feedback are more, its result is not. */
function stageProblems(record: RunRecord, uninterrupted: RunRecord): readonly string[] {
  const events = record.entries.flatMap((entry) => entry.events);
  const reset = new Set(events.flatMap((event) => (event.type === "stage.reset" ? [event.stage] : [])));
  return Object.entries(uninterrupted.stages).flatMap(([id, expected]) => {
    const found = record.stages[id];
    if (found === undefined) return [`stage ${id} is gone`];
    const isAnew = reset.has(id);
    const differing = (["status", "output", "artifacts", "verdict", "round", "feedback"] as const).filter(
      (key) =>
        !(isAnew && (key === "round" || key === "feedback")) &&
        JSON.stringify(found[key]) !== JSON.stringify(expected[key]),
    );
    return differing.map((key) => `${key} of ${id} is not that of the uninterrupted run`);
  });
}
