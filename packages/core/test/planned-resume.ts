import { executeRun, type JournalEntry, loadRun, planResume, type RunDefinition } from "@troupe/core";
import { expect } from "vitest";
import { engineOn, InstantExecutor, killedAfter, OPTIONS } from "./instant-run.js";

/**
 * Killed after each of the first `most` entries and resumed with another definition, edited stages run again or kept:
 * what runs is what the plan says, the run succeeds, and what was kept is not performed again.
 */
export async function expectPlanIsDone(
  journal: readonly JournalEntry[],
  most: number,
  definition: RunDefinition,
): Promise<void> {
  for (const changed of ["rerun", "keep"] as const) {
    for (let count = 1; count <= most; count += 1) await expectDone(journal, count, definition, changed);
  }
}

async function expectDone(
  journal: readonly JournalEntry[],
  count: number,
  definition: RunDefinition,
  changed: "rerun" | "keep",
): Promise<void> {
  const store = await killedAfter(journal, count);
  const { state } = await loadRun(store, "run-1");
  const kept = new Map([...state.stages].map(([id, record]) => [id, record.status]));
  const plan = planResume(state, definition, { changed });
  const executor = new InstantExecutor();
  const changes = { definition, choices: { changed }, plan };
  const result = await executeRun(engineOn(store, executor), { ...OPTIONS, changes });
  expect(result.outcome).toBe("succeeded");
  const ran = new Set(executor.tasks.map(({ stage }) => stage.id));
  const planned = plan.stages.filter(({ action, stage }) => {
    const end = result.state.stages.get(stage);
    return action === "run" && end?.status === "completed" && end.definition.kind !== "terminal";
  });
  expect([...ran].sort(), `${changed} after entry ${count}`).toEqual(planned.map(({ stage }) => stage).sort());
  for (const [id, status] of kept) {
    if (changed === "keep" && status === "completed") expect(ran.has(id), `${id} is kept`).toBe(false);
  }
}
