import {
  executeRun,
  loadRun,
  planResume,
  type RunState,
  type StagePlan,
  type StateStore,
  TroupeError,
} from "@troupe/core";
import { refuseMissingAgents } from "../agent-health.js";
import { type CommandContext, withStore } from "../command-context.js";
import { composeForRun } from "../compose-run.js";
import { noteEditedFiles } from "../edited-files.js";
import { findResumable } from "../find-run.js";
import { type LimitFlags, readLimitFlags, withLimits } from "../limit-flags.js";
import { performRun } from "../perform-run.js";
import { suggestResume } from "../run-report.js";

export interface ResumeOptions extends LimitFlags {
  readonly plan?: boolean;
}

/** Goes on with a run. Finished stages are kept, failed and cancelled ones start anew. */
export async function resumeCommand(
  context: CommandContext,
  run: string | undefined,
  options: ResumeOptions,
): Promise<number> {
  const limits = readLimitFlags(options);
  const runId = run ?? (await withStore(context, (store) => findResumable(store, context.note)));
  if (options.plan === true) return await withStore(context, (store) => showPlan(context, store, runId, limits));
  await using composition = await composeForRun(context, runId, limits.concurrency ?? null);
  const { engine, agents } = composition;
  const { state } = await loadRun(engine.store, runId);
  const definition = withLimits(state.definition, limits);
  refuseReachedLimit(state, definition?.limits ?? state.definition.limits);
  await confirmCancelled(context, state);
  await refuseMissingAgents(agents);
  await noteEditedFiles(context, state.definition);
  const changes = definition === null ? {} : { changes: { definition } };
  return await performRun(context, engine, "resume", (execution) =>
    executeRun(engine, { runId, ...execution, ...changes }),
  );
}

/** A run that ended at its time limit would end at once again: say which limit to raise instead. */
function refuseReachedLimit(state: RunState, limits: RunState["definition"]["limits"]): void {
  const { durationMs, costUsd, tokens } = limits;
  const used = state.usage.inputTokens + state.usage.outputTokens;
  if (durationMs !== null && state.activeMs >= durationMs) {
    throw new TroupeError("LIMIT_REACHED", `run ${state.runId} has used its active time`, {
      hint: `Raise it: ${suggestResume(state, "duration")}`,
    });
  }
  if ((costUsd !== null && state.usage.costUsd >= costUsd) || (tokens !== null && used >= tokens)) {
    throw new TroupeError("LIMIT_REACHED", `run ${state.runId} has used its budget`, {
      hint: "Start a run with a higher limit under `limits:` in troupe.yaml.",
    });
  }
}

/** Somebody ended it for good: going on must be meant. */
async function confirmCancelled({ options, ask }: CommandContext, { runId, status }: RunState): Promise<void> {
  if (status !== "cancelled" || options.yes === true) return;
  const answer = await ask?.(`Run ${runId} was cancelled. Go on with it all the same? [y/N] `);
  if (/^y(es)?$/i.test(answer?.trim() ?? "")) return;
  throw new TroupeError("CONFIRMATION_NEEDED", `run ${runId} was cancelled`, {
    hint: `To go on all the same: troupe resume ${runId} --yes`,
  });
}

/** Refuses what a resume with the same flags would refuse, but for the question, which it names. */
async function showPlan(
  { options, print }: CommandContext,
  store: StateStore,
  runId: string,
  limits: Partial<RunState["definition"]["limits"]>,
): Promise<number> {
  const { state } = await loadRun(store, runId);
  refuseReachedLimit(state, { ...state.definition.limits, ...limits });
  const { stages } = planResume(state);
  if (options.json === true) print(`${JSON.stringify({ runId, cancelRequested: state.cancelRequested, stages })}\n`);
  else print(renderPlan(state, stages));
  return 0;
}

function renderPlan(state: RunState, stages: readonly StagePlan[]): string {
  if (state.status === "succeeded") return `Run ${state.runId} has succeeded: every stage is kept.\n`;
  if (state.cancelRequested) {
    return `Run ${state.runId} was asked to be cancelled: resuming it ends it, and no stage runs.\nNothing was changed. To do it: troupe resume ${state.runId}\n`;
  }
  const confirmation = state.status === "cancelled" ? " --yes" : "";
  const width = Math.max(...stages.map(({ stage }) => stage.length)) + 2;
  const lines = stages.map((plan) => `  ${plan.stage.padEnd(width)}${plan.action.padEnd(6)}${reasonOf(plan)}\n`);
  return `Resuming ${state.runId} would\n${lines.join("")}\nNothing was changed. To do it: troupe resume ${state.runId}${confirmation}\n`;
}

function reasonOf({ reason, cause, from }: StagePlan): string {
  if (reason === "interrupted")
    return from === "start" ? "was interrupted" : `was interrupted in round ${from.round}, which goes on`;
  if (reason === "reset") return cause === "failed" ? "has failed and starts anew" : `was ${cause} and starts anew`;
  if (reason === "approval") return "waits for a person";
  return reason === "not started" ? "has not started" : `is ${reason}`;
}
