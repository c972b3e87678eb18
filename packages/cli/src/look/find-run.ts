import {
  hasCode,
  type ListedRun,
  loadRun,
  type RunId,
  type RunState,
  type RunSummary,
  type StateStore,
  sanitizeLine,
  TroupeError,
} from "@troupe/core";
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

/** The state of a run that was listed a moment ago; null = it was removed since, as a refused start removes itself. */
export async function loadIfThere(store: StateStore, runId: RunId): Promise<RunState | null> {
  try {
    return (await loadRun(store, runId)).state;
  } catch (error) {
    if (hasCode(error, "RUN_NOT_FOUND")) return null;
    throw error;
  }
}

type Warn = (text: string) => void;

/** The id itself, or the newest run. Rejects `RUN_NOT_FOUND`; when only damaged runs exist, as reading one does. */
export async function findRun(store: StateStore, runId: string | undefined, warn: Warn): Promise<string> {
  if (runId !== undefined) return runId;
  const { runs, damaged } = await listSound(store, warn);
  const [newest] = runs;
  if (newest !== undefined) return newest.runId;
  if (damaged !== null) await loadRun(store, damaged);
  throw new TroupeError("RUN_NOT_FOUND", "there is no run yet", { hint: "Start one: troupe run objective.md" });
}

/**
 * The newest unfinished run that nobody holds. Rejects `RUN_LOCKED` naming the held ones, `RUN_NOT_FOUND`; when all
 * that is left is damaged, as reading it does.
 */
export async function findResumable(store: StateStore, warn: Warn): Promise<string> {
  const { runs, damaged } = await listSound(store, warn);
  const held: string[] = [];
  for (const { runId, status } of runs) {
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
  if (damaged !== null) await loadRun(store, damaged);
  throw new TroupeError("RUN_NOT_FOUND", "there is no unfinished run", { hint: "See all runs: troupe list" });
}

/** Sound runs, and one of the damaged ones; each damaged one is named in a warning. */
async function listSound(
  store: StateStore,
  warn: Warn,
): Promise<{ runs: readonly RunSummary[]; damaged: string | null }> {
  let one: string | null = null;
  const warnings: string[] = [];
  const runs = await listRuns(store, ({ runId, code, message }) => {
    one ??= runId;
    warnings.push(damagedWarning({ runId, code, message }));
  });
  // a damaged run that is the only one becomes the error itself
  if (runs.length > 0 || warnings.length > 1) for (const warning of warnings) warn(warning);
  return { runs, damaged: one };
}

/** The line that names a damaged run. */
export function damagedWarning({ runId, code, message }: { runId: string; code: string; message: string }): string {
  return `warning: run ${sanitizeLine(runId)} is damaged: ${sanitizeLine(message)} [${code}]\n`;
}
