import { type ListedRun, type RunSummary, type StateStore, TroupeError } from "@troupe/core";
import { isHeld } from "./run-report.js";

/** All sound runs, newest first; damaged ones go to `damaged`. */
export async function listRuns(
  store: StateStore,
  damaged: (run: Extract<ListedRun, { damaged: true }>) => void,
): Promise<readonly RunSummary[]> {
  const runs: RunSummary[] = [];
  for await (const listed of store.list()) {
    if (listed.damaged) damaged(listed);
    else runs.push(listed.summary);
  }
  return runs;
}

/** The id itself, or the newest run. Rejects `RUN_NOT_FOUND`. */
export async function findRun(store: StateStore, runId: string | undefined): Promise<string> {
  if (runId !== undefined) return runId;
  const [newest] = await listRuns(store, () => {});
  if (newest !== undefined) return newest.runId;
  throw new TroupeError("RUN_NOT_FOUND", "there is no run yet", { hint: "Start one: troupe run objective.md" });
}

/** The newest unfinished run that nobody holds. Rejects `RUN_LOCKED` naming the held ones, `RUN_NOT_FOUND`. */
export async function findResumable(store: StateStore): Promise<string> {
  const held: string[] = [];
  for (const { runId, status } of await listRuns(store, () => {})) {
    if (status === "succeeded" || status === "cancelled") continue;
    const holder = await store.holder(runId);
    if (!isHeld(holder)) return runId;
    held.push(`${runId} (process ${holder.owner.pid} on ${holder.owner.host})`);
  }
  const [first] = held;
  if (first !== undefined) {
    throw new TroupeError("RUN_LOCKED", `every unfinished run is being worked on: ${held.join(", ")}`, {
      hint: `See what it does: troupe status ${first.split(" ")[0]}`,
    });
  }
  throw new TroupeError("RUN_NOT_FOUND", "there is no unfinished run", { hint: "See all runs: troupe list" });
}
