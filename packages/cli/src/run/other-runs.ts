import { type RunState, type StateStore, sha256, TroupeError } from "@troupe/core";
import type { CommandContext } from "../command-context.js";
import { listRuns, loadIfThere } from "../look/find-run.js";
import { isHeld } from "../look/run-report.js";
import type { PreparedRun } from "./prepare-run.js";

/**
 * An unfinished run of the same objective is worth money: offers to go on with it instead. Rejects `RUN_UNFINISHED`
 * with the command when nobody is there to answer, or when the answer is not to start a new one.
 */
export async function refuseUnfinished(
  context: CommandContext,
  store: StateStore,
  prepared: Pick<PreparedRun, "objective" | "objectiveFile">,
): Promise<void> {
  const { title, text } = prepared.objective;
  for (const { runId, status, objective } of await listRuns(store, () => {})) {
    if (objective !== title || status === "succeeded" || status === "cancelled") continue;
    const state = await loadIfThere(store, runId);
    if (state === null || !isSameObjective(state, prepared.objectiveFile, sha256(text))) continue;
    const question = `Run ${runId} of this objective is unfinished (${status}). Start a new one all the same? [y/N] `;
    const answer = context.options.yes === true ? "y" : await context.ask?.(question);
    if (/^y(es)?$/i.test(answer?.trim() ?? "")) return;
    const goOn = isHeld(await store.holder(runId)) ? "See what it does: troupe status" : "Go on with it: troupe resume";
    throw new TroupeError("RUN_UNFINISHED", `run ${runId} of this objective is unfinished (${status})`, {
      hint: `${goOn} ${runId}\nor start a new one: add --new`,
    });
  }
}

/**
 * What was imported once and is finished is not imported again by mistake. Rejects `RUN_EXISTS`, naming the run of the
 * same objective that has succeeded.
 */
export async function refuseSucceeded(
  store: StateStore,
  { objective, objectiveFile }: Pick<PreparedRun, "objective" | "objectiveFile">,
): Promise<void> {
  for (const { runId, status, objective: title } of await listRuns(store, () => {})) {
    if (title !== objective.title || status !== "succeeded") continue;
    const state = await loadIfThere(store, runId);
    if (state === null || !isSameObjective(state, objectiveFile, sha256(objective.text))) continue;
    throw new TroupeError("RUN_EXISTS", `run ${runId} of this objective has succeeded already`, {
      hint: `See what it left: troupe status ${runId}\nor import it all the same: add --new`,
      details: { runId },
    });
  }
}

function isSameObjective({ definition }: RunState, file: string | null, hash: string): boolean {
  const { path, text } = definition.objective;
  return text.sha256 === hash || (file !== null && path === file);
}
