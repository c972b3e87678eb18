import { type ExpectedDurations, loadRun, type StateStore, type Workflow } from "@troupe/core";
import { listRuns } from "../look/find-run.js";

/** Of how many earlier runs the journals are read, the newest first: a start must not wait for all that ever was. */
const MOST_RUNS = 3;

/**
 * How long the stages of a workflow took when they last completed, in milliseconds of active time, from the newest runs
 * of a workflow with this name; null = nothing is known, or nothing of it can run side by side. Damaged runs are passed
 * over: what is known only orders.
 */
export async function earlierDurations(store: StateStore, workflow: Workflow): Promise<ExpectedDurations | null> {
  if (workflow.groups.length === 0) return null;
  const wanted = new Set(workflow.groups.flatMap(({ stages }) => stages));
  const known = new Map<string, number>();
  const runs = (await listRuns(store, () => {})).filter(({ workflow: name }) => name === workflow.name);
  for (const { runId } of runs.slice(0, MOST_RUNS)) {
    for (const [id, ms] of await durationsOf(store, runId)) {
      if (wanted.has(id) && !known.has(id)) known.set(id, ms);
    }
  }
  return known.size === 0 ? null : Object.fromEntries(known);
}

async function durationsOf(store: StateStore, runId: string): Promise<readonly (readonly [string, number])[]> {
  try {
    const { state } = await loadRun(store, runId);
    return [...state.stages].flatMap(([id, { status, activeMs }]) => (status === "completed" ? [[id, activeMs]] : []));
  } catch {
    return []; // damaged, newer, or removed meanwhile: it says nothing of how long its stages took
  }
}
